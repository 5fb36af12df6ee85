//===- SchemaKeywords.h - What a schema may say ---------------------------===//
#pragma once

#include "runtime/grammar/CharNfa.h"

#include <cstdint>
#include <string_view>

namespace tritc::grammar {

struct Keyword {
  /// What its value has to be.
  enum Shape : uint8_t {
    Anything,
    Boolean,
    Count, ///< a whole number from 0 on
    Number,
    Text,
    Texts,   ///< a list of strings
    Types,   ///< the name of a type, or a list
    Values,  ///< a list
    Schema,  ///< an object, true or false
    Schemas, ///< a list of schemas, not empty
    SchemaOrSchemas,
    Members, ///< an object of schemas
    Note,    ///< anything: it says nothing about values
  };
  std::string_view name;
  Shape shape;
  /// The one kind of value that it is about, as a bit of Types; 0 if it is not
  /// about one.
  uint8_t type;
};

/// Null for one that cannot be enforced.
const Keyword *findKeyword(std::string_view name);

struct Format {
  std::string_view name;
  const char *pattern; ///< of strings; null for numbers
  int64_t low, high;   ///< of numbers; both 0 if any is fine
};

const Format *findFormat(std::string_view name);

} // namespace tritc::grammar
