//===- http.cpp - Requests, and the JSON in them --------------------------===//
//
// The first byte says in pieces of how many bytes the rest comes a second time:
// the same requests must come out. No request that is accepted may have two
// fields that say how long it is, nor a line that another program might cut
// elsewhere. JSON that was accepted and written again is the same once more.
//
//===----------------------------------------------------------------------===//

#include "runtime/http/RequestReader.h"
#include "runtime/serve/Json.h"
#include "runtime/serve/JsonWriter.h"

#include <cstdlib>
#include <string>

using namespace tritc;
using Stage = http::RequestReader::Stage;

static void check(bool holds) {
  if (!holds)
    std::abort();
}

static void write(const serve::JsonValue &value, serve::JsonWriter &json) {
  using serve::JsonKind;
  switch (value.kind()) {
  case JsonKind::Null:
    json.null();
    return;
  case JsonKind::Bool:
    json.boolean(value.boolean());
    return;
  case JsonKind::Integer:
    json.integer(value.integer());
    return;
  case JsonKind::Number:
    json.number(value.number(), 17);
    return;
  case JsonKind::Text:
    json.text(value.text());
    return;
  case JsonKind::List:
    json.beginList();
    for (serve::JsonValue item = value.first(); item; item = item.next())
      write(item, json);
    json.endList();
    return;
  case JsonKind::Object:
    json.beginObject();
    for (serve::JsonValue item = value.first(); item; item = item.next())
      write(item, json.key(item.name()));
    json.endObject();
    return;
  }
}

/// What `text` is when it is written again; false if it is no JSON.
static bool rewrite(std::string_view text, base::Array<char> &out) {
  serve::JsonDocument document;
  if (serve::JsonProblem problem = document.parse(text)) {
    check(problem.offset <= text.size());
    return false;
  }
  serve::JsonWriter json(out);
  write(document.root(), json);
  return true;
}

static void checkJson(std::string_view text) {
  base::Array<char> once, twice;
  if (!rewrite(text, once))
    return;
  check(rewrite(once.view(), twice));
  check(once.view() == twice.view());
}

static void checkRequest(const http::Request &request) {
  check(request.count("Content-Length") + request.count("Transfer-Encoding") <=
        1);
  check(request.count("Host") == 1 ||
        (request.count("Host") == 0 && request.minorVersion == 0));
  check(request.path.starts_with('/') || request.path == "*");
  for (const http::HeaderField &field : request.fields)
    for (std::string_view text : {field.name, field.value})
      check(text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos);
}

/// All that came of the stream, one after the other.
static std::string read(std::string_view stream, size_t piece) {
  http::Limits limits;
  limits.headBytes = 4096;
  limits.bodyBytes = 8192;
  http::RequestReader reader(limits);
  std::string seen;
  while (true) {
    switch (reader.stage()) {
    case Stage::Refused:
      return seen + std::to_string(reader.refusal().status);
    case Stage::HeadDone:
      checkRequest(reader.request());
      reader.readBody();
      continue;
    case Stage::Done:
      seen += reader.request().method;
      seen += reader.request().target;
      seen += reader.request().body;
      seen += reader.request().keepsAlive ? "+" : "-";
      checkJson(reader.request().body);
      reader.next();
      continue;
    case Stage::Head:
    case Stage::Body:
      break;
    }
    if (stream.empty())
      return seen + (reader.isFresh() ? "" : "?");
    size_t taken = reader.feed(stream.substr(0, piece));
    check(taken > 0 || reader.stage() == Stage::Refused);
    stream.remove_prefix(taken);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  std::string_view stream(reinterpret_cast<const char *>(data + 1), size - 1);
  check(read(stream, stream.size() + 1) == read(stream, data[0] % 64 + 1));
  checkJson(stream);
  return 0;
}
