//===- JinjaFilters.cpp - Filters and tests -------------------------------===//

#include "compiler/import/template/JinjaSyntax.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

std::optional<Value> lengthOf(const Value &value) {
  switch (value.kind) {
  case Kind::Undefined:
    return Value::of(int64_t(0));
  case Kind::String:
    return Value::of(int64_t(charactersOf(value.string).size()));
  case Kind::List:
    if (value.isSpecial)
      return std::nullopt;
    return Value::of(int64_t(value.list->size()));
  case Kind::Mapping:
    if (value.isSpecial)
      return std::nullopt;
    return Value::of(int64_t(value.mapping->size()));
  default:
    return std::nullopt;
  }
}

std::optional<Value::List> elementsOf(const Value &value) {
  Value::List elements;
  switch (value.kind) {
  case Kind::Undefined:
    return elements;
  case Kind::List:
    return *value.list;
  case Kind::String:
    for (llvm::StringRef character : charactersOf(value.string)) {
      if (elements.size() == maxList)
        return std::nullopt;
      elements.push_back(Value::of(character.str()));
    }
    return elements;
  case Kind::Mapping:
    if (value.isSpecial)
      return std::nullopt;
    for (const auto &[name, ignored] : *value.mapping)
      elements.push_back(Value::of(name));
    return elements;
  default:
    return std::nullopt;
  }
}

Value attributeOf(const Value &object, llvm::StringRef name) {
  const Value *found =
      object.is(Kind::Mapping) ? object.mapping->find(name) : nullptr;
  return found ? *found : Value();
}

Value generated(Value::List elements) {
  Value value = Value::of(std::move(elements));
  value.isSpecial = true;
  return value;
}

//===----------------------------------------------------------------------===//
// Filters of lists
//===----------------------------------------------------------------------===//

/// "a.b" of an element.
static Value path(Value object, llvm::StringRef names) {
  while (!names.empty()) {
    auto [name, rest] = names.split('.');
    object = attributeOf(object, name);
    names = rest;
  }
  return object;
}

/// select, reject, selectattr and rejectattr.
static std::optional<Value> selected(llvm::StringRef name,
                                     const Value::List &elements,
                                     const Arguments &arguments) {
  bool keeps = name.starts_with("select");
  bool byAttribute = name.ends_with("attr");
  llvm::ArrayRef<Value> rest = arguments.values;
  size_t names = std::min<size_t>(rest.size(), byAttribute ? 2 : 1);
  if (!arguments.keywords.empty() ||
      !llvm::all_of(rest.take_front(names),
                    [](const Value &v) { return v.is(Kind::String); }))
    return std::nullopt;
  std::string attribute;
  if (byAttribute) {
    if (rest.empty())
      return std::nullopt;
    attribute = rest.front().string;
    rest = rest.drop_front();
  }
  Value::List chosen;
  for (const Value &element : elements) {
    Value value = byAttribute ? path(element, attribute) : element;
    std::optional<bool> passes = value.truth();
    if (!rest.empty()) {
      Arguments more;
      more.values = rest.drop_front().vec();
      passes = applyTest(rest.front().string, value, more);
    }
    if (!passes)
      return std::nullopt;
    if (*passes == keeps)
      chosen.push_back(element);
  }
  return generated(std::move(chosen));
}

static std::optional<Value> mapped(const Value::List &elements,
                                   const Arguments &arguments) {
  Value::List results;
  const Value *attribute = arguments.keywords.find("attribute");
  if (attribute) {
    if (arguments.size() != 1 || !attribute->is(Kind::String))
      return std::nullopt;
    for (const Value &element : elements)
      results.push_back(path(element, attribute->string));
    return generated(std::move(results));
  }
  if (arguments.values.empty() || !arguments.values[0].is(Kind::String))
    return std::nullopt;
  Arguments more;
  more.values.assign(arguments.values.begin() + 1, arguments.values.end());
  more.keywords = arguments.keywords;
  for (const Value &element : elements) {
    std::optional<Value> result =
        applyFilter(arguments.values[0].string, element, more);
    if (!result)
      return std::nullopt;
    results.push_back(*result);
  }
  return generated(std::move(results));
}

static std::optional<Value> joined(const Value::List &elements,
                                   const Arguments &arguments) {
  const Value *separator = arguments.get(0, "d");
  const Value *attribute = arguments.get(1, "attribute");
  if ((separator && !separator->is(Kind::String)) ||
      (attribute && !attribute->is(Kind::String)))
    return std::nullopt;
  std::string text;
  for (const auto &[i, element] : llvm::enumerate(elements)) {
    std::optional<std::string> part =
        toText(attribute ? path(element, attribute->string) : element);
    if (!part || text.size() > maxText)
      return std::nullopt;
    text += (i && separator ? separator->string : "") + *part;
  }
  return Value::of(text);
}

static std::optional<Value> sortedItems(const Value &self) {
  if (!self.is(Kind::Mapping) || self.isSpecial)
    return std::nullopt;
  std::vector<Mapping::Pair> pairs(self.mapping->begin(), self.mapping->end());
  // No two names are equal but for case, where nobody cares.
  llvm::sort(pairs, [](const auto &a, const auto &b) {
    int order = llvm::StringRef(a.first).compare_insensitive(b.first);
    return order < 0 || (order == 0 && a.first < b.first);
  });
  Value::List list;
  for (const auto &[name, value] : pairs)
    list.push_back(Value::of(Value::List{Value::of(name), value}));
  return Value::of(std::move(list));
}

static std::optional<Value> uniqueOf(const Value::List &elements) {
  Value::List seen;
  for (const Value &element : elements) {
    if (!element.is(Kind::String))
      return std::nullopt;
    // Without regard to case, as the reference.
    if (llvm::none_of(seen, [&](const Value &other) {
          return llvm::StringRef(other.string)
              .equals_insensitive(element.string);
        }))
      seen.push_back(element);
  }
  return generated(std::move(seen));
}

static std::optional<Value> listFilter(llvm::StringRef name, const Value &self,
                                       const Arguments &arguments) {
  std::optional<Value::List> elements = elementsOf(self);
  if (!elements)
    return std::nullopt;
  if (name == "selectattr" || name == "rejectattr" || name == "select" ||
      name == "reject")
    return selected(name, *elements, arguments);
  if (name == "map")
    return mapped(*elements, arguments);
  if (name == "join")
    return joined(*elements, arguments);
  if (arguments.size())
    return std::nullopt;
  if (name == "list")
    return Value::of(*elements);
  if (name == "unique")
    return uniqueOf(*elements);
  if (name == "first")
    return elements->empty() ? Value() : elements->front();
  if (name == "last" && !self.isSpecial)
    return elements->empty() ? Value() : elements->back();
  if (name == "reverse") {
    std::reverse(elements->begin(), elements->end());
    if (!self.is(Kind::String))
      return generated(std::move(*elements));
    return joined(*elements, {});
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Filters of texts and numbers
//===----------------------------------------------------------------------===//

static std::optional<Value> indented(llvm::StringRef text,
                                     const Arguments &arguments) {
  const Value *width = arguments.get(0, "width");
  const Value *first = arguments.get(1, "first");
  if (arguments.size() > 2 || (width && !width->is(Kind::Integer)))
    return std::nullopt;
  int64_t count = width ? width->integer : 4;
  if (count < 0 || count > 64)
    return std::nullopt;
  std::string space(size_t(count), ' '), result;
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n');
  for (auto [i, line] : llvm::enumerate(lines)) {
    bool isIndented = i ? !line.empty() : first && first->truth();
    result += (i ? "\n" : "") + (isIndented ? space : "") + line.str();
  }
  return result.size() > maxText ? std::nullopt
                                 : std::optional(Value::of(result));
}

/// Texts, and what becomes one.
static std::optional<Value> textFilter(llvm::StringRef name, const Value &self,
                                       const Arguments &arguments) {
  std::optional<std::string> text = toText(self);
  if (!text)
    return std::nullopt;
  if (name == "string")
    return arguments.size() ? std::nullopt : std::optional(Value::of(*text));
  if (name == "indent")
    return indented(*text, arguments);
  if (!arguments.keywords.empty())
    return std::nullopt;
  if (name == "trim")
    return applyTextMethod("strip", *text, arguments.values);
  if (name == "upper" || name == "lower" || name == "capitalize" ||
      name == "title" || name == "replace")
    return applyTextMethod(name, *text, arguments.values);
  return std::nullopt;
}

static std::optional<Value> integerOf(const Value &self) {
  if (self.is(Kind::Integer) || self.is(Kind::Boolean))
    return Value::of(self.integer);
  int64_t number = 0;
  if (self.is(Kind::String) &&
      llvm::StringRef(self.string).trim().getAsInteger(10, number))
    number = 0;
  bool isKnown = self.is(Kind::String) || self.is(Kind::None);
  return isKnown && !llvm::StringRef(self.string).contains('.')
             ? std::optional(Value::of(number))
             : std::nullopt;
}

std::optional<Value> applyFilter(llvm::StringRef name, const Value &self,
                                 const Arguments &arguments) {
  if (name == "default" || name == "d") {
    const Value *value = arguments.get(0, "default_value");
    const Value *alsoFalse = arguments.get(1, "boolean");
    if (arguments.size() > 2)
      return std::nullopt;
    bool missing = self.is(Kind::Undefined) ||
                   (alsoFalse && alsoFalse->truth() && !self.truth());
    return !missing ? self : value ? *value : Value::of("");
  }
  if (name == "tojson") {
    const Value *indent = arguments.get(0, "indent");
    if (arguments.size() > (indent ? 1u : 0u) ||
        (indent && !indent->is(Kind::Integer)))
      return std::nullopt;
    std::optional<std::string> text =
        toJson(self, indent ? indent->integer : -1);
    return text ? std::optional(Value::of(*text)) : std::nullopt;
  }
  if (!arguments.size()) {
    if (name == "length" || name == "count")
      return lengthOf(self);
    if (name == "items")
      return self.is(Kind::Undefined) ? generated({})
                                      : applyMethod("items", self, {});
    if (name == "dictsort")
      return sortedItems(self);
    if (name == "int")
      return integerOf(self);
    if (name == "safe")
      return self.is(Kind::String) ? std::optional(self) : std::nullopt;
    if (name == "abs" && self.is(Kind::Integer))
      return Value::of(std::max(self.integer, -self.integer));
  }
  if (std::optional<Value> result = textFilter(name, self, arguments))
    return result;
  return listFilter(name, self, arguments);
}

//===----------------------------------------------------------------------===//
// Tests
//===----------------------------------------------------------------------===//

/// Tests against another value.
static std::optional<bool> comparing(llvm::StringRef name, const Value &self,
                                     const Value &other) {
  if (name == "in") {
    if (other.is(Kind::String))
      return self.is(Kind::String)
                 ? std::optional(
                       llvm::StringRef(other.string).contains(self.string))
                 : std::nullopt;
    std::optional<Value::List> elements = elementsOf(other);
    if (!elements)
      return std::nullopt;
    return llvm::any_of(*elements, [&](const Value &element) {
      return equal(self, element).value_or(false);
    });
  }
  std::optional<bool> same = equal(self, other);
  if (name == "equalto" || name == "eq" || name == "==")
    return same;
  if ((name == "ne" || name == "!=") && same)
    return !*same;
  if (name == "sameas" && !self.is(Kind::List) && !self.is(Kind::Mapping) &&
      same)
    return *same && self.kind == other.kind;
  if (!self.is(Kind::Integer) || !other.is(Kind::Integer))
    return std::nullopt;
  int64_t a = self.integer, b = other.integer;
  return llvm::StringSwitch<std::optional<bool>>(name)
      .Cases({"gt", "greaterthan", ">"}, a > b)
      .Cases({"lt", "lessthan", "<"}, a < b)
      .Cases({"ge", ">="}, a >= b)
      .Cases({"le", "<="}, a <= b)
      .Case("divisibleby", b == 0 ? std::nullopt : std::optional(a % b == 0))
      .Default(std::nullopt);
}

std::optional<bool> applyTest(llvm::StringRef name, const Value &self,
                              const Arguments &arguments) {
  if (!arguments.keywords.empty() || arguments.values.size() > 1)
    return std::nullopt;
  if (arguments.values.size() == 1)
    return comparing(name, self, arguments.values[0]);
  bool isText = self.is(Kind::String);
  bool isMapping = self.is(Kind::Mapping) && !self.isSpecial;
  bool isList = self.is(Kind::List);
  bool isInteger = self.is(Kind::Integer);
  bool isTruth = self.is(Kind::Boolean);
  return llvm::StringSwitch<std::optional<bool>>(name)
      .Case("defined", !self.is(Kind::Undefined))
      .Case("undefined", self.is(Kind::Undefined))
      .Case("none", self.is(Kind::None))
      .Case("string", isText)
      .Case("mapping", isMapping)
      .Case("iterable",
            isText || isMapping || isList || self.is(Kind::Undefined))
      .Case("sequence", isText || isMapping || (isList && !self.isSpecial) ||
                            self.is(Kind::Undefined))
      .Case("boolean", isTruth)
      .Case("true", isTruth && self.integer)
      .Case("false", isTruth && !self.integer)
      .Case("number", isInteger || isTruth)
      .Case("integer", isInteger)
      .Case("float", false)
      .Case("callable", self.is(Kind::Macro))
      .Case("odd", isInteger && self.integer % 2 != 0)
      .Case("even", isInteger && self.integer % 2 == 0)
      .Default(std::nullopt);
}

} // namespace tritc::import::jinja
