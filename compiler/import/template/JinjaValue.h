//===- JinjaValue.h - Values of the template language ---------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tritc::import::jinja {

struct Node;
class Mapping;

/// A value of the language. Lists and mappings are shared, as in Python.
struct Value {
  enum class Kind {
    Undefined,
    None,
    Boolean,
    Integer,
    String,
    List,
    Mapping,
    Macro,
  };
  using List = std::vector<Value>;
  using Mapping = jinja::Mapping;

  Kind kind = Kind::Undefined;
  /// List: what a filter hands out one by one: true even if empty, without a
  /// length. Mapping: a namespace, whose attributes can be set.
  bool isSpecial = false;
  int64_t integer = 0; ///< of Integer and Boolean
  std::string string;
  std::shared_ptr<List> list;
  std::shared_ptr<Mapping> mapping;
  const Node *macro = nullptr;

  static Value none();
  static Value of(bool truth);
  static Value of(int64_t number);
  static Value of(std::string text);
  static Value of(const char *text) { return of(std::string(text)); }
  static Value of(List elements);
  static Value of(Mapping pairs);

  bool is(Kind other) const { return kind == other; }
  bool truth() const; ///< as Python's bool()
};

/// Values by name, in the order in which the names came.
class Mapping {
public:
  using Pair = std::pair<std::string, Value>;

  Mapping() = default;
  Mapping(std::initializer_list<Pair> pairs) : pairs(pairs) {}

  const Value *find(llvm::StringRef name) const;
  Value *find(llvm::StringRef name) {
    return const_cast<Value *>(std::as_const(*this).find(name));
  }
  Value &operator[](llvm::StringRef name);
  size_t size() const { return pairs.size(); }
  bool empty() const { return pairs.empty(); }
  auto begin() const { return pairs.begin(); }
  auto end() const { return pairs.end(); }

private:
  std::vector<Pair> pairs;
};

/// Longest text and list that a template may make, in bytes and elements.
inline constexpr size_t maxText = 64 * 1024;
inline constexpr size_t maxList = 4096;

/// Python's ==; nullopt for what is nested deeply.
std::optional<bool> equal(const Value &left, const Value &right);

/// Python's str(); nullopt for lists and mappings.
std::optional<std::string> toText(const Value &value);

/// Python's len().
std::optional<Value> lengthOf(const Value &value);

/// What a loop runs over; nullopt for what has no elements.
std::optional<Value::List> elementsOf(const Value &value);

/// `object.name`; Undefined for what is not there.
Value attributeOf(const Value &object, llvm::StringRef name);

/// json.dumps() as Hugging Face calls it; nullopt for what it cannot write.
std::optional<std::string> toJson(const Value &value, int64_t indent);

/// Characters of UTF-8.
std::vector<llvm::StringRef> charactersOf(llvm::StringRef text);

/// A list that is handed out one by one.
Value generated(Value::List elements);

/// The present time in a format of strftime; nullopt for a format that it does
/// not do.
using Clock =
    std::function<std::optional<std::string>(const std::string &format)>;

} // namespace tritc::import::jinja
