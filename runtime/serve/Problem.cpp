//===- Problem.cpp - Why a request has no answer --------------------------===//

#include "runtime/serve/Problem.h"

#include "runtime/serve/JsonWriter.h"

#include <cstdarg>

using namespace tritc;
using namespace tritc::serve;

Problem serve::problem(int status, const char *code, std::string_view param,
                       const char *format, ...) {
  Problem made;
  made.status = status;
  made.code = code;
  snprintf(made.param, sizeof(made.param), "%.*s",
           static_cast<int>(std::min<size_t>(param.size(), 90)), param.data());
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(made.message, sizeof(made.message), format, arguments);
  va_end(arguments);
  return made;
}

/// As OpenAI's clients know them.
static const char *typeOf(int status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 403:
    return "permission_error";
  case 404:
    return "not_found_error";
  case 429:
    return "rate_limit_error";
  case 500:
  case 503:
    return "server_error";
  default:
    return "invalid_request_error";
  }
}

void serve::writeProblem(const Problem &problem, bool isOllama,
                         base::Array<char> &body) {
  JsonWriter json(body);
  json.beginObject().key("error");
  if (isOllama) {
    json.text(problem.message);
  } else {
    json.beginObject();
    json.member("message", problem.message)
        .member("type", typeOf(problem.status));
    json.key("param");
    problem.param[0] ? json.text(problem.param) : json.null();
    json.key("code");
    problem.code ? json.text(problem.code) : json.null();
    json.endObject();
  }
  json.endObject();
}
