//===- About.cpp - What is served -----------------------------------------===//

#include "runtime/serve/Routes.h"

using namespace tritc;
using namespace tritc::serve;

static void writeModel(JsonWriter &json, const Service &service) {
  json.beginObject().member("id", service.model().name());
  json.member("object", "model").member("created", service.startedAt());
  json.member("owned_by", "tritc").endObject();
}

void serve::answerModels(Service &service, http::Exchange &exchange) {
  base::Array<char> body;
  JsonWriter json(body);
  json.beginObject().member("object", "list").key("data").beginList();
  writeModel(json, service);
  json.endList().endObject();
  exchange.respond(200, "application/json", body.view());
}

/// Appends a part of a path with its percent signs resolved.
static void decode(std::string_view path, base::Array<char> &text) {
  auto digit = [](char c) -> int {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  for (size_t i = 0; i < path.size(); ++i) {
    bool isEscape = path[i] == '%' && i + 2 < path.size() &&
                    digit(path[i + 1]) >= 0 && digit(path[i + 2]) >= 0;
    if (isEscape)
      text.push(
          static_cast<char>(16 * digit(path[i + 1]) + digit(path[i + 2])));
    else
      text.push(path[i]);
    i += isEscape ? 2 : 0;
  }
}

void serve::answerModel(Service &service, http::Exchange &exchange) {
  Ask ask(service.model());
  std::string_view path = exchange.request().path;
  path.remove_prefix(strlen("/v1/models/"));
  decode(path, ask.modelName);
  if (!service.checkModel(exchange, ask))
    return;
  base::Array<char> body;
  JsonWriter json(body);
  writeModel(json, service);
  exchange.respond(200, "application/json", body.view());
}

void serve::answerHealth(Service &, http::Exchange &exchange) {
  exchange.respond(200, "application/json", "{\"status\":\"ok\"}");
}
