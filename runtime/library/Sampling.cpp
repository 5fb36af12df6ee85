//===- Sampling.cpp - How an answer is to be written ----------------------===//

#include "runtime/library/Answers.h"
#include "runtime/sample/Random.h"

using namespace tritc;
using namespace tritc::library;

static tritc_sampling advised(const tritc_model &model) {
  const TritcGenerationDefaults &image = model.model.image.generation;
  tritc_sampling all = {};
  all.size = sizeof(all);
  all.temperature = static_cast<double>(image.temperature);
  all.top_p = static_cast<double>(image.topP);
  all.min_p = static_cast<double>(image.minP);
  all.repeat_penalty = static_cast<double>(image.repeatPenalty);
  all.top_k = image.topK;
  all.repeat_last_n = sample::SamplerOptions().repeatLastN;
  all.seed = -1;
  all.max_tokens = -1;
  return all;
}

/// Members, as both sides have them, and what they may be.
static constexpr struct {
  const char *name;
  double tritc_sampling::*from;
  double sample::SamplerOptions::*to;
  double least, most;
} numbers[] = {
    {"temperature", &tritc_sampling::temperature,
     &sample::SamplerOptions::temperature, 0, 1e6},
    {"top_p", &tritc_sampling::top_p, &sample::SamplerOptions::topP, 0, 1},
    {"min_p", &tritc_sampling::min_p, &sample::SamplerOptions::minP, 0, 1},
    {"repeat_penalty", &tritc_sampling::repeat_penalty,
     &sample::SamplerOptions::repeatPenalty, 1e-3, 1e3},
    {"frequency_penalty", &tritc_sampling::frequency_penalty,
     &sample::SamplerOptions::frequencyPenalty, -2, 2},
    {"presence_penalty", &tritc_sampling::presence_penalty,
     &sample::SamplerOptions::presencePenalty, -2, 2},
};

static base::Failure readStops(const tritc_sampling &all, schedule::Job &job) {
  if (all.stop_count > 0 && !all.stops)
    return base::fail(base::Usage, "stops: NULL");
  if (all.stop_count > chat::TextList::capacity)
    return base::fail(base::Usage, "stops: expected at most %zu, found %zu",
                      chat::TextList::capacity, all.stop_count);
  for (size_t i = 0; i < all.stop_count; ++i) {
    std::string_view text = all.stops[i] ? all.stops[i] : "";
    if (text.empty())
      return base::fail(base::Usage,
                        "stops: expected texts, found an empty one");
    auto length = static_cast<uint32_t>(text.size());
    job.stops.append(reinterpret_cast<const char *>(&length), sizeof(length));
    job.stops.append(text);
  }
  return {};
}

static base::Failure readBiases(const tritc_model &model,
                                const tritc_sampling &all, schedule::Job &job) {
  constexpr float most = 100;
  if (all.logit_bias_count > 0 && !all.logit_biases)
    return base::fail(base::Usage, "logit_biases: NULL");
  for (size_t i = 0; i < all.logit_bias_count; ++i) {
    const tritc_logit_bias &bias = all.logit_biases[i];
    if (base::Failure failure = checkId(model, bias.id))
      return base::fail(base::Usage, "logit_biases: %s", failure.message);
    if (!(bias.bias >= -most && bias.bias <= most))
      return base::fail(base::Usage,
                        "logit_biases: expected %g to %g, found %g",
                        static_cast<double>(-most), static_cast<double>(most),
                        static_cast<double>(bias.bias));
    job.biases.push({bias.id, bias.bias});
  }
  job.sampling.logitBias = job.biases;
  return {};
}

static base::Failure readForm(tritc_model &model, const tritc_sampling &all,
                              schedule::Job &job) {
  using schedule::Format;
  if (all.json_schema && all.grammar)
    return base::fail(base::Usage,
                      "json_schema and grammar: an answer has one form");
  const char *text = all.json_schema ? all.json_schema : all.grammar;
  if (!text)
    return {};
  Format format = all.grammar       ? Format::Gbnf
                  : text[0] == '\0' ? Format::Json
                                    : Format::Schema;
  if (base::Failure failure = model.guides.make(format, text, job.guide))
    return base::fail(base::Usage, "%s: %s",
                      all.grammar ? "grammar" : "json_schema", failure.message);
  return {};
}

base::Failure library::readSampling(tritc_model &model,
                                    const tritc_sampling *given,
                                    schedule::Job &job) {
  tritc_sampling all = advised(model);
  if (base::Failure failure = read("sampling", given, all))
    return failure;
  for (const auto &number : numbers) {
    double value = all.*number.from;
    if (!(value >= number.least && value <= number.most))
      return base::fail(base::Usage, "%s: expected %g to %g, found %g",
                        number.name, number.least, number.most, value);
    job.sampling.*number.to = value;
  }
  if (all.top_logprobs > schedule::mostLogprobs)
    return base::fail(base::Usage,
                      "top_logprobs: expected at most %u, found %u",
                      schedule::mostLogprobs, all.top_logprobs);
  job.sampling.topK = all.top_k;
  job.sampling.repeatLastN = all.repeat_last_n;
  job.seed =
      all.seed < 0 ? sample::randomSeed() : static_cast<uint64_t>(all.seed);
  job.predict = all.max_tokens < 0 ? -1 : all.max_tokens;
  job.wantsLogprobs = all.logprobs != 0 || all.top_logprobs != 0;
  job.topLogprobs = all.top_logprobs;
  job.ignoresStop = all.ignore_stop != 0;
  job.keepsSpecial = all.keep_special != 0;
  if (base::Failure failure = readStops(all, job))
    return failure;
  if (base::Failure failure = readBiases(model, all, job))
    return failure;
  return readForm(model, all, job);
}

extern "C" void tritc_sampling_defaults_sized(const tritc_model *model,
                                              tritc_sampling *sampling,
                                              size_t size) {
  if (!sampling || size < sizeof(sampling->size))
    return;
  tritc_sampling all = {};
  if (isValid(model))
    all = advised(*model);
  memset(static_cast<void *>(sampling), 0, size);
  memcpy(static_cast<void *>(sampling), &all,
         size < sizeof(all) ? size : sizeof(all));
  sampling->size = size;
}
