//===- Report.h - Named values, for people or as JSON ---------------------===//
#pragma once

#include "runtime/chat/Output.h"

#include <cmath>
#include <cstdint>

namespace tritc::chat {

/// Prints `key value` lines, or one JSON object of the same keys.
class Report {
public:
  Report(Output &out, bool asJson) : out(out), asJson(asJson) {
    if (asJson)
      out.write("{");
  }
  ~Report() { out.write(asJson ? "\n}\n" : ""); }
  Report(const Report &) = delete;
  Report &operator=(const Report &) = delete;

  void text(const char *key, std::string_view value) {
    name(key);
    if (asJson)
      return writeJsonString(out, value);
    writeEscaped(out, value);
    out.write("\n");
  }
  void integer(const char *key, uint64_t value) {
    name(key);
    out.print("%llu", static_cast<unsigned long long>(value));
    out.write(asJson ? "" : "\n");
  }
  /// `value` with `digits` digits after the point; JSON has no spelling of
  /// infinities and NaN but null.
  void number(const char *key, double value, int digits) {
    name(key);
    if (asJson && !std::isfinite(value))
      return out.write("null");
    out.print("%.*f", digits, value);
    out.write(asJson ? "" : "\n");
  }

private:
  void name(const char *key) {
    if (!asJson)
      return out.print("%s ", key);
    out.print("%s\n  \"%s\": ", isFirst ? "" : ",", key);
    isFirst = false;
  }

  Output &out;
  bool asJson;
  bool isFirst = true;
};

} // namespace tritc::chat
