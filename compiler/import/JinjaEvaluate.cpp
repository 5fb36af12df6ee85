//===- JinjaEvaluate.cpp - The values of expressions ----------------------===//

#include "compiler/import/JinjaRenderer.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

Value Renderer::eval(const Node &node) {
  if (++steps > maxSteps)
    fail("too many steps");
  if (failed())
    return {};
  switch (node.kind) {
  case Node::Kind::Literal:
    return node.value;
  case Node::Kind::Name: {
    Value *found = lookUp(node.text);
    return found ? *found : Value();
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
    std::optional<Value> result =
        applyFilter(node.text, self, evalArguments(node));
    return result ? *result : fail("unknown use of the filter " + node.text);
  }
  case Node::Kind::Test: {
    Value self = eval(*node.children[0]);
    std::optional<bool> result =
        applyTest(node.text, self, evalArguments(node));
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
  case Node::Kind::List: {
    Value::List elements;
    for (const std::unique_ptr<Node> &child : node.children)
      elements.push_back(eval(*child));
    return Value::of(std::move(elements));
  }
  default:
    return fail("statement where an expression belongs");
  }
}

/// Arguments behind the first child; keywords are not for filters and methods.
std::vector<Value> Renderer::evalArguments(const Node &node) {
  std::vector<Value> values;
  for (size_t i = 1; i < node.children.size(); ++i) {
    if (!node.keywords[i - 1].empty())
      fail("keyword argument");
    values.push_back(eval(*node.children[i]));
  }
  return values;
}

Value Renderer::evalAttribute(const Value &object, const std::string &name) {
  if (object.is(Kind::Undefined))
    return fail("attribute " + name + " of an undefined value");
  if (!object.is(Kind::Mapping))
    return {};
  auto found = object.mapping->find(name);
  return found == object.mapping->end() ? Value() : found->second;
}

Value Renderer::evalIndex(const Value &object, const Value &key) {
  if (key.is(Kind::String))
    return evalAttribute(object, key.string);
  if (!object.is(Kind::List) || !key.is(Kind::Integer))
    return fail("unknown use of a subscript");
  int64_t size = int64_t(object.list->size());
  int64_t at = key.integer < 0 ? key.integer + size : key.integer;
  return at >= 0 && at < size ? (*object.list)[at] : Value();
}

/// list[begin:end], as Python has it. A step is not known here.
Value Renderer::evalSlice(const Node &node) {
  Value object = eval(*node.children[0]);
  if (node.children[3] || !object.is(Kind::List))
    return fail("unknown use of a slice");
  int64_t size = int64_t(object.list->size());
  auto bound = [&](const std::unique_ptr<Node> &part, int64_t missing) {
    if (!part)
      return missing;
    Value value = eval(*part);
    if (!value.is(Kind::Integer))
      fail("slice bound that is no number");
    int64_t at = value.integer < 0 ? value.integer + size : value.integer;
    return std::clamp<int64_t>(at, 0, size);
  };
  int64_t begin = bound(node.children[1], 0);
  int64_t end = std::max(begin, bound(node.children[2], size));
  return Value::of(
      Value::List(object.list->begin() + begin, object.list->begin() + end));
}

Value Renderer::evalCall(const Node &node) {
  const Node &callee = *node.children[0];
  if (callee.kind == Node::Kind::Attribute) {
    Value self = eval(*callee.children[0]);
    std::optional<Value> result =
        applyMethod(callee.text, self, evalArguments(node));
    return result ? *result : fail("unknown use of the method " + callee.text);
  }
  if (callee.kind != Node::Kind::Name)
    return fail("unknown call");
  if (callee.text == "raise_exception")
    return fail("the template refuses the conversation");
  if (callee.text != "namespace")
    return fail("unknown function " + callee.text);
  Value::Mapping space;
  for (size_t i = 1; i < node.children.size(); ++i) {
    if (node.keywords[i - 1].empty())
      return fail("unknown use of namespace");
    space[node.keywords[i - 1]] = eval(*node.children[i]);
  }
  return Value::of(std::move(space));
}

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
  if (element.is(Kind::List) || element.is(Kind::Mapping))
    return fail("unknown use of in");
  if (container.is(Kind::List))
    return Value::of(llvm::any_of(*container.list, [&](const Value &other) {
      return equal(element, other).value_or(false);
    }));
  if (!element.is(Kind::String))
    return fail("unknown use of in");
  if (container.is(Kind::Mapping))
    return Value::of(container.mapping->count(element.string) != 0);
  if (container.is(Kind::String))
    return Value::of(
        llvm::StringRef(container.string).contains(element.string));
  return fail("unknown use of in");
}

Value Renderer::evalArithmetic(llvm::StringRef op, const Value &left,
                               const Value &right) {
  if (left.is(Kind::String) && right.is(Kind::String) && op == "+")
    return text(left.string + right.string);
  if (left.is(Kind::List) && right.is(Kind::List) && op == "+") {
    Value::List both = *left.list;
    both.insert(both.end(), right.list->begin(), right.list->end());
    if (both.size() > maxList)
      return fail("list too long");
    return Value::of(std::move(both));
  }
  if (!left.is(Kind::Integer) || !right.is(Kind::Integer))
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
