//===- JsonWriter.cpp - JSON for a client ---------------------------------===//

#include "runtime/serve/JsonWriter.h"

#include "runtime/text/Utf8.h"

#include <cmath>

using namespace tritc;
using namespace tritc::serve;

void JsonWriter::separate() {
  if (needsComma)
    out.push(',');
  needsComma = true;
}

JsonWriter &JsonWriter::open(char bracket) {
  separate();
  out.push(bracket);
  needsComma = false;
  return *this;
}

JsonWriter &JsonWriter::close(char bracket) {
  out.push(bracket);
  needsComma = true;
  return *this;
}

JsonWriter &JsonWriter::key(std::string_view name) {
  text(name);
  out.push(':');
  needsComma = false;
  return *this;
}

JsonWriter &JsonWriter::raw(std::string_view json) {
  separate();
  out.append(json);
  return *this;
}

JsonWriter &JsonWriter::integer(int64_t value) {
  char digits[24];
  snprintf(digits, sizeof(digits), "%lld", static_cast<long long>(value));
  return raw(digits);
}

JsonWriter &JsonWriter::number(double value, int digits) {
  if (!std::isfinite(value))
    return null();
  char text[40];
  snprintf(text, sizeof(text), "%.*g", digits, value);
  return raw(text);
}

JsonWriter &JsonWriter::text(std::string_view value) {
  separate();
  out.push('"');
  for (size_t at = 0; at < value.size();) {
    auto byte = static_cast<unsigned char>(value[at]);
    if (byte >= 0x80) {
      text::CodePoint point = text::decodeUtf8(value, at);
      out.append(point.wellFormed
                     ? std::string_view(value.data() + at, point.length)
                     : text::replacementBytes);
      at += point.length;
      continue;
    }
    ++at;
    constexpr std::string_view special = "\"\\\n\r\t", names = "\"\\nrt";
    size_t known = special.find(static_cast<char>(byte));
    if (known != special.npos) {
      out.push('\\');
      out.push(names[known]);
    } else if (byte < 0x20 || byte == 0x7f) {
      char escape[8];
      snprintf(escape, sizeof(escape), "\\u%04x", byte);
      out.append(escape);
    } else {
      out.push(static_cast<char>(byte));
    }
  }
  out.push('"');
  return *this;
}
