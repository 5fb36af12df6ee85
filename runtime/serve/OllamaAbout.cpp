//===- OllamaAbout.cpp - What is served, as Ollama's clients ask ----------===//

#include "runtime/serve/Routes.h"
#include "runtime/serve/Times.h"

using namespace tritc;
using namespace tritc::serve;

/// Ollama's names have a version behind them.
static void appendName(const Service &service, base::Array<char> &name) {
  name.append(service.model().name());
  name.append(":latest");
}

/// "2.4B", of weights.
static void writeCount(std::span<char> text, uint64_t count) {
  constexpr const char *units[] = {"", "K", "M", "B", "T"};
  auto number = static_cast<double>(count);
  size_t unit = 0;
  for (; number >= 1000 && unit + 1 < std::size(units); ++unit)
    number /= 1000;
  snprintf(text.data(), text.size(), "%.3g%s", number, units[unit]);
}

static void writeDetails(JsonWriter &json, const Service &service) {
  char count[32];
  writeCount(count, service.model().program.ternaryParameters);
  json.key("details").beginObject().member("parent_model", "");
  json.member("format", "tritc").member("family", "bitnet");
  json.key("families").beginList().text("bitnet").endList();
  json.member("parameter_size", count);
  json.member("quantization_level", "1.58 bits").endObject();
}

/// Members that lists of models have, those that are there and those that run.
static void beginModel(JsonWriter &json, const Service &service) {
  base::Array<char> name;
  char digest[24];
  const TritcImageHeader &image = service.model().image;
  appendName(service, name);
  snprintf(digest, sizeof(digest), "%016llx",
           static_cast<unsigned long long>(image.contentHash));
  json.beginObject().member("name", name.view()).member("model", name.view());
  json.member("size", static_cast<int64_t>(image.imageBytes));
  json.member("digest", digest);
  writeDetails(json, service);
}

static void respond(http::Exchange &exchange, const base::Array<char> &body) {
  exchange.respond(200, "application/json", body.view());
}

void serve::answerOllamaTags(Service &service, http::Exchange &exchange) {
  base::Array<char> body;
  JsonWriter json(body);
  char time[40];
  writeTime(time, 1000000000 * service.startedAt());
  json.beginObject().key("models").beginList();
  beginModel(json, service);
  json.member("modified_at", time).endObject().endList().endObject();
  respond(exchange, body);
}

void serve::answerOllamaRunning(Service &service, http::Exchange &exchange) {
  base::Array<char> body;
  JsonWriter json(body);
  json.beginObject().key("models").beginList();
  beginModel(json, service);
  json.member("expires_at", "9999-12-31T23:59:59Z");
  json.member("size_vram", int64_t{0});
  json.member("context_length",
              static_cast<int64_t>(service.jobs().contextSize()));
  json.endObject().endList().endObject();
  respond(exchange, body);
}

void serve::answerOllamaVersion(Service &, http::Exchange &exchange) {
  exchange.respond(200, "application/json",
                   "{\"version\":\"" TRITC_VERSION "\"}");
}

static constexpr FieldRule showTable[] = {
    {"model", &Ask::modelName},
    {"name", &Ask::modelName}, // as it was called before
    {"verbose", FieldRule::Harmless},
};

void serve::answerOllamaShow(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  FieldTable tables[] = {showTable};
  if (!service.read(exchange, tables, ask) ||
      !service.checkModel(exchange, ask))
    return;
  const chat::Model &model = service.model();
  const TritcImageHeader &image = model.image;
  char time[40], parameters[160];
  writeTime(time, 1000000000 * service.startedAt());
  snprintf(parameters, sizeof(parameters),
           "temperature %g\ntop_k %lld\ntop_p %g\nmin_p %g\nrepeat_penalty %g",
           ask.temperature, static_cast<long long>(ask.topK), ask.topP,
           ask.minP, ask.repeatPenalty);
  base::Array<char> body;
  JsonWriter json(body);
  json.beginObject().member("modified_at", time);
  json.member("modelfile", "# compiled by tritc " TRITC_VERSION);
  json.member("parameters", parameters);
  json.member("template", exec::textAt(image, image.chat.name));
  writeDetails(json, service);
  json.key("model_info").beginObject();
  json.member("general.architecture", "bitnet");
  json.member("general.basename", model.name());
  const struct {
    const char *name;
    uint64_t value;
  } facts[] = {
      {"general.parameter_count", model.program.ternaryParameters},
      {"bitnet.context_length", image.contextSize},
      {"bitnet.embedding_length", image.hiddenSize},
      {"bitnet.block_count", image.layerCount},
      {"bitnet.feed_forward_length", image.ffnSize},
      {"bitnet.attention.head_count", image.headCount},
      {"bitnet.attention.head_count_kv", image.kvHeadCount},
      {"bitnet.vocab_size", image.vocabSize},
  };
  for (const auto &[name, value] : facts)
    json.member(name, static_cast<int64_t>(value));
  json.endObject().key("capabilities").beginList();
  json.text(model.embeds() ? "embedding" : "completion").endList().endObject();
  respond(exchange, body);
}
