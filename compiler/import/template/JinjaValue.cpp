//===- JinjaValue.cpp - Values of the template language -------------------===//

#include "compiler/import/template/JinjaValue.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

Value Value::none() {
  Value value;
  value.kind = Kind::None;
  return value;
}

Value Value::of(bool truth) {
  Value value;
  value.kind = Kind::Boolean;
  value.integer = truth;
  return value;
}

Value Value::of(int64_t number) {
  Value value;
  value.kind = Kind::Integer;
  value.integer = number;
  return value;
}

Value Value::of(std::string text) {
  Value value;
  value.kind = Kind::String;
  value.string = std::move(text);
  return value;
}

Value Value::of(List elements) {
  Value value;
  value.kind = Kind::List;
  value.list = std::make_shared<List>(std::move(elements));
  return value;
}

Value Value::of(Mapping pairs) {
  Value value;
  value.kind = Kind::Mapping;
  value.mapping = std::make_shared<Mapping>(std::move(pairs));
  return value;
}

bool Value::truth() const {
  switch (kind) {
  case Kind::Undefined:
  case Kind::None:
    return false;
  case Kind::Boolean:
  case Kind::Integer:
    return integer != 0;
  case Kind::String:
    return !string.empty();
  case Kind::List:
    return isSpecial || !list->empty();
  case Kind::Mapping:
    return isSpecial || !mapping->empty();
  case Kind::Macro:
    return true;
  }
  return false;
}

const Value *Mapping::find(llvm::StringRef name) const {
  for (const auto &[other, value] : pairs)
    if (name == other)
      return &value;
  return nullptr;
}

Value &Mapping::operator[](llvm::StringRef name) {
  if (Value *found = find(name))
    return *found;
  return pairs.emplace_back(name.str(), Value()).second;
}

/// Python's ==, of values nested no deeper than `depth`.
static std::optional<bool> equalTo(const Value &left, const Value &right,
                                   unsigned depth) {
  auto isNumber = [](const Value &value) {
    return value.is(Kind::Integer) || value.is(Kind::Boolean);
  };
  if (isNumber(left) && isNumber(right))
    return left.integer == right.integer;
  if (left.kind != right.kind)
    return false;
  if (depth == 0 || left.is(Kind::Macro))
    return std::nullopt;
  if (left.is(Kind::List)) {
    if (left.isSpecial || right.isSpecial)
      return std::nullopt;
    if (left.list->size() != right.list->size())
      return false;
    for (auto [a, b] : llvm::zip(*left.list, *right.list))
      if (std::optional<bool> same = equalTo(a, b, depth - 1); !same || !*same)
        return same;
    return true;
  }
  if (left.is(Kind::Mapping)) {
    if (left.isSpecial || right.isSpecial)
      return left.mapping == right.mapping;
    if (left.mapping->size() != right.mapping->size())
      return false;
    for (const auto &[name, a] : *left.mapping) {
      const Value *b = right.mapping->find(name);
      std::optional<bool> same = b ? equalTo(a, *b, depth - 1) : false;
      if (!same || !*same)
        return same;
    }
    return true;
  }
  return left.string == right.string;
}

std::optional<bool> equal(const Value &left, const Value &right) {
  return equalTo(left, right, /*depth=*/4);
}

std::optional<std::string> toText(const Value &value) {
  switch (value.kind) {
  case Kind::Undefined:
    return "";
  case Kind::None:
    return "None";
  case Kind::Boolean:
    return value.integer ? "True" : "False";
  case Kind::Integer:
    return std::to_string(value.integer);
  case Kind::String:
    return value.string;
  case Kind::List:
  case Kind::Mapping:
  case Kind::Macro:
    return std::nullopt; // Python's repr(): no chat shows it
  }
  return std::nullopt;
}

} // namespace tritc::import::jinja
