//===- Request.h - What a client asked ------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <span>
#include <string_view>

namespace tritc::http {

/// A line of a head. The value has no white space at its ends.
struct HeaderField {
  std::string_view name, value;
};

/// Whether two texts are the same but for the case of ASCII letters.
bool equalsIgnoringCase(std::string_view left, std::string_view right);

/// Views of one request; they live until the next one is read.
struct Request {
  std::string_view method;
  std::string_view target; ///< as it was sent
  std::string_view path;   ///< of the target, percent signs and all
  std::string_view query;  ///< behind '?', or empty
  std::string_view host;   ///< of the Host field, or of a target that has one
  std::span<const HeaderField> fields;
  std::string_view body;
  int minorVersion = 1; ///< of HTTP/1
  bool keepsAlive = true;

  /// The value of the first field of that name; no data() if there is none.
  std::string_view field(std::string_view name) const;
  size_t count(std::string_view name) const;
};

} // namespace tritc::http
