//===- JinjaFunctions.cpp - Filters, tests and methods --------------------===//

#include "compiler/import/JinjaSyntax.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

static constexpr llvm::StringLiteral blanks = " \t\n\v\f\r";

std::optional<bool> equal(const Value &left, const Value &right) {
  auto isNumber = [](const Value &value) {
    return value.is(Kind::Integer) || value.is(Kind::Boolean);
  };
  auto isContainer = [](const Value &value) {
    return value.is(Kind::List) || value.is(Kind::Mapping);
  };
  if (isNumber(left) && isNumber(right))
    return left.integer == right.integer;
  if (left.kind != right.kind)
    return false;
  if (isContainer(left))
    return std::nullopt;
  return left.string == right.string;
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
    return std::nullopt; // Python's repr(): no chat shows it
  }
  return std::nullopt;
}

static std::string capitalized(llvm::StringRef text) {
  std::string result = text.lower();
  if (!result.empty())
    result[0] = llvm::toUpper(result[0]);
  return result;
}

static std::optional<Value> lengthOf(const Value &value) {
  switch (value.kind) {
  case Kind::String: // in characters: every byte but the trailing ones of UTF-8
    return Value::of(int64_t(llvm::count_if(
        value.string, [](char c) { return (c & 0xc0) != 0x80; })));
  case Kind::List:
    return Value::of(int64_t(value.list->size()));
  case Kind::Mapping:
    return Value::of(int64_t(value.mapping->size()));
  default:
    return std::nullopt;
  }
}

std::optional<Value> applyFilter(llvm::StringRef name, const Value &self,
                                 llvm::ArrayRef<Value> arguments) {
  if (name == "default" || name == "d") {
    bool alsoFalse = arguments.size() == 2 && arguments[1].truth();
    if (arguments.empty() || arguments.size() > 2)
      return std::nullopt;
    bool missing = self.is(Kind::Undefined) || (alsoFalse && !self.truth());
    return missing ? arguments[0] : self;
  }
  if (name == "trim")
    return applyMethod("strip", self, arguments);
  if (!arguments.empty())
    return std::nullopt;
  if (name == "length" || name == "count")
    return lengthOf(self);
  if (name == "first" || name == "last") {
    if (!self.is(Kind::List) || self.list->empty())
      return std::nullopt;
    return name == "first" ? self.list->front() : self.list->back();
  }
  if (name == "string") {
    std::optional<std::string> text = toText(self);
    return text ? std::optional(Value::of(*text)) : std::nullopt;
  }
  if (name == "safe" || name == "list")
    return self.is(name == "safe" ? Kind::String : Kind::List)
               ? std::optional(self)
               : std::nullopt;
  if (name == "upper" || name == "lower" || name == "capitalize")
    return applyMethod(name, self, arguments);
  return std::nullopt;
}

std::optional<bool> applyTest(llvm::StringRef name, const Value &self,
                              llvm::ArrayRef<Value> arguments) {
  if (name == "equalto" || name == "eq")
    return arguments.size() == 1 ? equal(self, arguments[0]) : std::nullopt;
  if (!arguments.empty())
    return std::nullopt;
  bool isText = self.is(Kind::String);
  bool isMapping = self.is(Kind::Mapping);
  bool isIterable = isText || isMapping || self.is(Kind::List);
  bool isInteger = self.is(Kind::Integer);
  return llvm::StringSwitch<std::optional<bool>>(name)
      .Case("defined", !self.is(Kind::Undefined))
      .Case("undefined", self.is(Kind::Undefined))
      .Case("none", self.is(Kind::None))
      .Case("string", isText)
      .Case("mapping", isMapping)
      .Cases({"iterable", "sequence"}, isIterable)
      .Case("boolean", self.is(Kind::Boolean))
      .Case("true", self.is(Kind::Boolean) && self.integer)
      .Case("false", self.is(Kind::Boolean) && !self.integer)
      .Cases({"number", "integer"}, isInteger)
      .Case("odd", isInteger && self.integer % 2 != 0)
      .Case("even", isInteger && self.integer % 2 == 0)
      .Default(std::nullopt);
}

/// text.replace(from, to)
static std::optional<Value> replaced(llvm::StringRef text, llvm::StringRef from,
                                     llvm::StringRef to) {
  if (from.empty() || text.count(from) * to.size() > maxText)
    return std::nullopt;
  std::string result;
  for (size_t at; (at = text.find(from)) != llvm::StringRef::npos;
       text = text.drop_front(at + from.size()))
    (result += text.take_front(at)) += to;
  return Value::of(result + text.str());
}

static std::optional<Value> splitAt(llvm::StringRef text, llvm::StringRef at) {
  if (at.empty())
    return std::nullopt;
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, at);
  Value::List list;
  for (llvm::StringRef part : parts)
    list.push_back(Value::of(part.str()));
  return Value::of(std::move(list));
}

std::optional<Value> applyMethod(llvm::StringRef name, const Value &self,
                                 llvm::ArrayRef<Value> arguments) {
  if (self.is(Kind::Mapping) && name == "get") {
    if (arguments.empty() || arguments.size() > 2 ||
        !arguments[0].is(Kind::String))
      return std::nullopt;
    auto found = self.mapping->find(arguments[0].string);
    if (found != self.mapping->end())
      return found->second;
    return arguments.size() == 2 ? arguments[1] : Value::none();
  }
  if (!self.is(Kind::String) || !llvm::all_of(arguments, [](const Value &v) {
        return v.is(Kind::String);
      }))
    return std::nullopt;
  llvm::StringRef text = self.string;
  auto argument = [&](size_t i) {
    return llvm::StringRef(arguments[i].string);
  };
  if (arguments.size() <= 1) {
    llvm::StringRef set =
        arguments.empty() ? llvm::StringRef(blanks) : argument(0);
    if (name == "strip")
      return Value::of(text.trim(set).str());
    if (name == "lstrip")
      return Value::of(text.ltrim(set).str());
    if (name == "rstrip")
      return Value::of(text.rtrim(set).str());
  }
  if (arguments.empty()) {
    if (name == "upper")
      return Value::of(text.upper());
    if (name == "lower")
      return Value::of(text.lower());
    if (name == "capitalize")
      return Value::of(capitalized(text));
  }
  if (arguments.size() == 1) {
    if (name == "startswith")
      return Value::of(text.starts_with(argument(0)));
    if (name == "endswith")
      return Value::of(text.ends_with(argument(0)));
    if (name == "split")
      return splitAt(text, argument(0));
  }
  if (arguments.size() == 2 && name == "replace")
    return replaced(text, argument(0), argument(1));
  return std::nullopt;
}

} // namespace tritc::import::jinja
