//===- Json.h - JSON of a request, as a tree ------------------------------===//
//
// RapidJSON reads, without recursion and with UTF-8 checked; the tree is ours,
// since a member that is named twice or a tree that is too deep is refused
// here. Values are views of the document.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>
#include <string_view>

namespace tritc::serve {

enum class JsonKind : uint8_t {
  Null,
  Bool,
  Integer, ///< fits into int64_t
  Number,
  Text,
  List,
  Object,
};

/// "a string": as messages call it.
const char *nameOf(JsonKind kind);

class JsonDocument;

/// A value of a document, or none.
class JsonValue {
public:
  JsonValue() = default;
  JsonValue(const JsonDocument *document, uint32_t index)
      : document(document), index(index) {}

  explicit operator bool() const { return document; }
  JsonKind kind() const;
  bool isNull() const { return kind() == JsonKind::Null; }
  bool isNumber() const {
    return kind() == JsonKind::Integer || kind() == JsonKind::Number;
  }

  /// \pre the kind is that
  bool boolean() const;
  int64_t integer() const;
  double number() const; ///< of an integer, too
  std::string_view text() const;

  /// Members of an object, elements of a list; else 0.
  size_t size() const;
  /// The first of them, then one after the other; none behind the last.
  JsonValue first() const;
  JsonValue next() const;
  /// The name that this has in the object around it.
  std::string_view name() const;
  /// The member of that name; none if there is none.
  JsonValue member(std::string_view name) const;
  /// A list's or object's own text.
  std::string_view source() const;

private:
  const JsonDocument *document = nullptr;
  uint32_t index = 0;
};

/// What is wrong with a text, and where.
struct JsonProblem {
  const char *what = nullptr;
  size_t offset = 0; ///< bytes before it

  explicit operator bool() const { return what; }
};

class JsonDocument {
public:
  static constexpr size_t maxDepth = 64;

  /// Reads `text`, which outlives the document.
  JsonProblem parse(std::string_view text);
  /// \pre parse() found no problem
  JsonValue root() const { return {this, 0}; }

private:
  friend class JsonValue;
  friend class JsonBuilder;

  struct Node {
    JsonKind kind;
    uint32_t next;              ///< sibling; 0 for none
    uint32_t count;             ///< of children, which follow it
    uint32_t nameAt, nameBytes; ///< in `characters`
    union {
      struct {
        uint32_t at, bytes; ///< in `characters`; of a list, in the source
      };
      int64_t integer;
      double number;
      bool boolean;
    };
  };

  std::string_view view(uint32_t at, uint32_t bytes) const {
    return {characters.data() + at, bytes};
  }

  std::string_view source;
  base::Array<Node> nodes;
  base::Array<char> characters; ///< of all strings and names
};

} // namespace tritc::serve
