//===- JinjaEvaluate.cpp - The values of expressions ----------------------===//

#include "compiler/import/template/Jinja.h"
#include "compiler/import/template/JinjaRenderer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

#include <iterator>

namespace tritc::import::jinja {

using Kind = Value::Kind;

Value Renderer::eval(const Node &node) {
  if (++depth > maxDepth)
    fail("nested too deeply");
  if (++steps > maxSteps)
    fail("too many steps");
  Value value;
  if (!failed())
    value = evalValue(node);
  --depth;
  return value;
}

Value Renderer::evalValue(const Node &node) {
  switch (node.kind) {
  case Node::Kind::Literal:
    return node.value;
  case Node::Kind::Name: {
    Value *found = lookUp(node.text);
    if (found)
      return *found;
    // Functions, of which only `is defined` asks.
    bool isFunction = llvm::is_contained(
        {"raise_exception", "strftime_now", "namespace", "range", "dict"},
        node.text);
    Value value;
    if (isFunction)
      value.kind = Kind::Macro;
    return value;
  }
  case Node::Kind::Attribute:
    return evalAttribute(eval(*node.children[0]), node.text);
  case Node::Kind::Index: {
    Value object = eval(*node.children[0]);
    return evalIndex(object, eval(*node.children[1]));
  }
  case Node::Kind::Slice:
    return evalSlice(node);
  case Node::Kind::Call:
    return evalCall(node);
  case Node::Kind::Filter: {
    Value self = eval(*node.children[0]);
    Arguments arguments = evalArguments(node);
    std::optional<Value> result = applyFilter(node.text, self, arguments);
    return result ? *result : fail("unknown use of the filter " + node.text);
  }
  case Node::Kind::Test: {
    Value self = eval(*node.children[0]);
    Arguments arguments = evalArguments(node);
    std::optional<bool> result = applyTest(node.text, self, arguments);
    return result ? Value::of(*result)
                  : fail("unknown use of the test " + node.text);
  }
  case Node::Kind::Not:
    return Value::of(!eval(*node.children[0]).truth());
  case Node::Kind::Negate: {
    Value value = eval(*node.children[0]);
    if (!value.is(Kind::Integer))
      return fail("minus something that is no number");
    return Value::of(int64_t(0 - uint64_t(value.integer)));
  }
  case Node::Kind::Binary:
    return evalBinary(node);
  case Node::Kind::Choice:
    if (eval(*node.children[0]).truth())
      return eval(*node.children[1]);
    return node.children[2] ? eval(*node.children[2]) : Value();
  case Node::Kind::Sequence:
    return Value::of(captured(node));
  case Node::Kind::List: {
    Value::List elements;
    for (const std::unique_ptr<Node> &child : node.children)
      elements.push_back(eval(*child));
    return Value::of(std::move(elements));
  }
  case Node::Kind::Mapping: {
    Mapping pairs;
    for (const auto &[name, child] : llvm::zip_equal(node.names, node.children))
      pairs[name] = eval(*child);
    return Value::of(std::move(pairs));
  }
  case Node::Kind::Unknown:
    return fail(node.text);
  default:
    return fail("statement where an expression belongs");
  }
}

/// Arguments behind the first child.
Arguments Renderer::evalArguments(const Node &node) {
  Arguments arguments;
  for (size_t i = 1; i < node.children.size(); ++i) {
    Value value = eval(*node.children[i]);
    if (node.names[i - 1].empty())
      arguments.values.push_back(std::move(value));
    else
      arguments.keywords[node.names[i - 1]] = std::move(value);
  }
  return arguments;
}

Value Renderer::evalAttribute(const Value &object, const std::string &name) {
  if (object.is(Kind::Undefined))
    return fail("attribute " + name + " of an undefined value");
  return attributeOf(object, name);
}

/// The place of an index in `size` elements; nullopt outside.
static std::optional<size_t> place(int64_t index, size_t size) {
  int64_t at = index < 0 ? index + int64_t(size) : index;
  return at >= 0 && at < int64_t(size) ? std::optional(size_t(at))
                                       : std::nullopt;
}

Value Renderer::evalIndex(const Value &object, const Value &key) {
  if (key.is(Kind::String) && !object.is(Kind::List))
    return evalAttribute(object, key.string);
  if (!key.is(Kind::Integer) || object.isSpecial)
    return fail("unknown use of a subscript");
  if (object.is(Kind::String)) {
    std::vector<llvm::StringRef> characters = charactersOf(object.string);
    std::optional<size_t> at = place(key.integer, characters.size());
    return at ? Value::of(characters[*at].str()) : Value();
  }
  if (!object.is(Kind::List))
    return fail("unknown use of a subscript");
  std::optional<size_t> at = place(key.integer, object.list->size());
  return at ? (*object.list)[*at] : Value();
}

/// object[begin:end:step], as Python has it.
Value Renderer::evalSlice(const Node &node) {
  Value object = eval(*node.children[0]);
  std::optional<Value::List> elements = elementsOf(object);
  if (!elements || object.isSpecial ||
      !(object.is(Kind::List) || object.is(Kind::String)))
    return fail("unknown use of a slice");
  int64_t size = int64_t(elements->size());
  auto number = [&](const std::unique_ptr<Node> &part) {
    Value value = part ? eval(*part) : Value::none();
    if (!value.is(Kind::None) && !value.is(Kind::Integer))
      fail("slice bound that is no number");
    return value.is(Kind::Integer) ? std::optional(value.integer)
                                   : std::nullopt;
  };
  std::optional<int64_t> begin = number(node.children[1]),
                         end = number(node.children[2]);
  int64_t step = number(node.children[3]).value_or(1);
  if (step == 0 || step > int64_t(maxText) || step < -int64_t(maxText))
    return fail("slice with an odd step");
  // Where a bound is, among the places that a walk can stop at.
  int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  auto clamped = [&](std::optional<int64_t> bound, int64_t missing) {
    if (!bound)
      return missing;
    int64_t at = *bound < 0 ? std::max(*bound, -size - 1) + size : *bound;
    return std::clamp(at, low, high);
  };
  int64_t from = clamped(begin, step > 0 ? low : high);
  int64_t to = clamped(end, step > 0 ? high : low);
  Value::List part;
  for (int64_t i = from; step > 0 ? i < to : i > to; i += step)
    part.push_back((*elements)[size_t(i)]);
  if (object.is(Kind::List))
    return Value::of(std::move(part));
  std::string characters;
  for (const Value &character : part)
    characters += character.string;
  return Value::of(std::move(characters));
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Value Renderer::evalCall(const Node &node) {
  const Node &callee = *node.children[0];
  if (callee.kind == Node::Kind::Attribute) {
    Value self = eval(*callee.children[0]);
    Arguments arguments = evalArguments(node);
    if (failed())
      return {};
    std::optional<Value> result = applyMethod(callee.text, self, arguments);
    return result ? *result : fail("unknown use of the method " + callee.text);
  }
  if (callee.kind != Node::Kind::Name)
    return fail("unknown call");
  Value *found = lookUp(callee.text);
  if (found && !found->is(Kind::Macro))
    return fail("call of what is no function");
  const Node *macro = found ? found->macro : nullptr;
  Arguments arguments = evalArguments(node);
  if (failed())
    return {};
  return macro ? callMacro(*macro, arguments)
               : callFunction(callee.text, arguments);
}

Value Renderer::callFunction(const std::string &name,
                             const Arguments &arguments) {
  if (name == "raise_exception")
    return fail(refusal);
  if (name == "strftime_now") {
    std::optional<std::string> shown;
    if (arguments.size() == 1 && arguments.values.size() == 1 &&
        arguments.values[0].is(Kind::String))
      shown = clock(arguments.values[0].string);
    return shown ? text(*shown) : fail("unknown use of strftime_now");
  }
  std::optional<Value> result = applyFunction(name, arguments);
  return result ? *result : fail("unknown use of the function " + name);
}

/// A macro sees its parameters and what is global, and gives what it writes.
Value Renderer::callMacro(const Node &macro, const Arguments &arguments) {
  if (arguments.values.size() > macro.names.size())
    return fail("too many arguments of a macro");
  for (const auto &[name, value] : arguments.keywords)
    if (!llvm::is_contained(macro.names, name))
      return fail("unknown argument of a macro");
  Mapping parameters;
  std::vector<Mapping> outer(std::make_move_iterator(scopes.begin() + 1),
                             std::make_move_iterator(scopes.end()));
  scopes.resize(1);
  for (auto [i, name] : llvm::enumerate(macro.names)) {
    const Value *given = arguments.get(i, name);
    const Node *missing = macro.children[i + 1].get();
    parameters[name] = given ? *given : missing ? eval(*missing) : Value();
  }
  scopes.push_back(std::move(parameters));
  std::string written = captured(*macro.children[0]);
  scopes.resize(1);
  scopes.insert(scopes.end(), std::make_move_iterator(outer.begin()),
                std::make_move_iterator(outer.end()));
  return text(std::move(written));
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

Value Renderer::evalBinary(const Node &node) {
  llvm::StringRef op = node.text;
  Value left = eval(*node.children[0]);
  if (op == "and" || op == "or") // the value decides, not its truth
    return left.truth() == (op == "or") ? left : eval(*node.children[1]);
  Value right = eval(*node.children[1]);
  if (failed())
    return {};
  if (op == "==" || op == "!=") {
    std::optional<bool> same = equal(left, right);
    return same ? Value::of(*same == (op == "=="))
                : fail("comparison of lists or mappings");
  }
  if (op == "in")
    return evalContains(left, right);
  if (op == "~") {
    std::optional<std::string> a = toText(left), b = toText(right);
    return a && b ? text(*a + *b) : fail("a list or a mapping as text");
  }
  return evalArithmetic(op, left, right);
}

Value Renderer::evalContains(const Value &element, const Value &container) {
  if (container.is(Kind::Undefined))
    return Value::of(false);
  if (element.is(Kind::List) || element.is(Kind::Mapping))
    return fail("unknown use of in");
  if (container.is(Kind::List))
    return Value::of(llvm::any_of(*container.list, [&](const Value &other) {
      return equal(element, other).value_or(false);
    }));
  if (!element.is(Kind::String))
    return fail("unknown use of in");
  if (container.is(Kind::Mapping) && !container.isSpecial)
    return Value::of(container.mapping->find(element.string) != nullptr);
  if (container.is(Kind::String))
    return Value::of(
        llvm::StringRef(container.string).contains(element.string));
  return fail("unknown use of in");
}

Value Renderer::evalArithmetic(llvm::StringRef op, const Value &left,
                               const Value &right) {
  if (left.is(Kind::String) && right.is(Kind::String) && op == "+")
    return text(left.string + right.string);
  if (left.is(Kind::List) && right.is(Kind::List) && op == "+" &&
      !left.isSpecial && !right.isSpecial) {
    Value::List both = *left.list;
    both.insert(both.end(), right.list->begin(), right.list->end());
    if (both.size() > maxList)
      return fail("list too long");
    return Value::of(std::move(both));
  }
  if (left.is(Kind::String) && right.is(Kind::Integer) && op == "*") {
    int64_t times = std::max<int64_t>(right.integer, 0);
    if (times > int64_t(maxText))
      return fail("text too long");
    std::string repeated;
    for (int64_t i = 0; i < times && repeated.size() <= maxText; ++i)
      repeated += left.string;
    return text(std::move(repeated));
  }
  auto isNumber = [](const Value &value) {
    return value.is(Kind::Integer) || value.is(Kind::Boolean);
  };
  if (!isNumber(left) || !isNumber(right) || op == "/")
    return fail("unknown use of " + op);
  int64_t a = left.integer, b = right.integer;
  // Indices of messages, nothing larger: no overflow can happen.
  constexpr int64_t limit = 1 << 30;
  if (a < -limit || a > limit || b < -limit || b > limit)
    return fail("number too large");
  if (op == "+")
    return Value::of(a + b);
  if (op == "-")
    return Value::of(a - b);
  if (op == "*")
    return Value::of(a * b);
  if (op == "<")
    return Value::of(a < b);
  if (op == ">")
    return Value::of(a > b);
  if (op == "<=")
    return Value::of(a <= b);
  if (op == ">=")
    return Value::of(a >= b);
  if (b <= 0)
    return fail("division by what is not positive");
  int64_t remainder = ((a % b) + b) % b; // rounds down, as Python
  return Value::of(op == "%" ? remainder : (a - remainder) / b);
}

} // namespace tritc::import::jinja
