//===- JsonWriter.h - JSON for a client -----------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>
#include <string_view>

namespace tritc::serve {

/// Appends JSON to a text, commas where they belong. Ill-formed UTF-8 becomes
/// U+FFFD, a number that is none null.
class JsonWriter {
public:
  explicit JsonWriter(base::Array<char> &out) : out(out) {}

  JsonWriter &beginObject() { return open('{'); }
  JsonWriter &endObject() { return close('}'); }
  JsonWriter &beginList() { return open('['); }
  JsonWriter &endList() { return close(']'); }
  /// In front of the value of that member.
  JsonWriter &key(std::string_view name);
  JsonWriter &text(std::string_view value);
  JsonWriter &integer(int64_t value);
  JsonWriter &number(double value, int digits = 9);
  JsonWriter &boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter &null() { return raw("null"); }
  /// JSON that somebody wrote already.
  JsonWriter &raw(std::string_view json);

  JsonWriter &member(std::string_view name, std::string_view value) {
    return key(name).text(value);
  }
  JsonWriter &member(std::string_view name, int64_t value) {
    return key(name).integer(value);
  }

private:
  JsonWriter &open(char bracket);
  JsonWriter &close(char bracket);
  void separate();

  base::Array<char> &out;
  bool needsComma = false;
};

} // namespace tritc::serve
