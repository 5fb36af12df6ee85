//===- Jinja.cpp - Rendering a template -----------------------------------===//

#include "compiler/import/Jinja.h"

#include "compiler/import/Error.h"
#include "compiler/import/JinjaSyntax.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

//===----------------------------------------------------------------------===//
// Rendering
//===----------------------------------------------------------------------===//

namespace {

/// Walks the tree. After a mistake everything gives Undefined and `problem`
/// holds the first one.
class Renderer {
public:
  explicit Renderer(const Value::Mapping &variables) : scopes{variables} {}

  void run(const Node &node);

  bool failed() const { return !problem.empty(); }
  std::string problem;
  std::string output;

private:
  static constexpr uint64_t maxSteps = 100'000;

  Value fail(const llvm::Twine &what) {
    if (!failed())
      problem = what.str();
    return {};
  }
  Value text(std::string value) {
    if (value.size() > maxText)
      return fail("text too long");
    return Value::of(std::move(value));
  }

  void runFor(const Node &node);
  void runSet(const Node &node);
  Value *lookUp(const std::string &name);

  Value eval(const Node &node);
  Value evalAttribute(const Value &object, const std::string &name);
  Value evalIndex(const Value &object, const Value &key);
  Value evalSlice(const Node &node);
  Value evalCall(const Node &node);
  Value evalBinary(const Node &node);
  Value evalArithmetic(llvm::StringRef op, const Value &left,
                       const Value &right);
  Value evalContains(const Value &element, const Value &container);
  std::vector<Value> evalArguments(const Node &node);

  std::vector<Value::Mapping> scopes;
  uint64_t steps = 0;
};

} // namespace

void Renderer::run(const Node &node) {
  if (failed())
    return;
  switch (node.kind) {
  case Node::Kind::Sequence:
    for (const std::unique_ptr<Node> &child : node.children)
      run(*child);
    return;
  case Node::Kind::Literal:
    output += node.value.string;
    break;
  case Node::Kind::Output: {
    std::optional<std::string> shown = toText(eval(*node.children[0]));
    if (!shown)
      fail("a list or a mapping as text");
    output += shown.value_or("");
    break;
  }
  case Node::Kind::If:
    if (eval(*node.children[0]).truth())
      run(*node.children[1]);
    else if (node.children.size() > 2)
      run(*node.children[2]);
    return;
  case Node::Kind::For:
    return runFor(node);
  case Node::Kind::Set:
    return runSet(node);
  default:
    fail("expression where a statement belongs");
  }
  if (output.size() > maxText)
    fail("text too long");
}

void Renderer::runFor(const Node &node) {
  Value iterable = eval(*node.children[0]);
  if (failed())
    return;
  if (!iterable.is(Kind::List)) {
    fail("loop over what is no list");
    return;
  }
  Value::List elements = *iterable.list;
  int64_t count = int64_t(elements.size());
  if (count == 0 && node.children.size() > 2)
    return run(*node.children[2]);
  for (int64_t i = 0; i < count && !failed(); ++i) {
    Value::Mapping loop = {
        {"index", Value::of(i + 1)},
        {"index0", Value::of(i)},
        {"revindex", Value::of(count - i)},
        {"first", Value::of(i == 0)},
        {"revindex0", Value::of(count - i - 1)},
        {"last", Value::of(i == count - 1)},
        {"length", Value::of(count)},
    };
    if (i > 0)
      loop["previtem"] = elements[i - 1];
    if (i + 1 < count)
      loop["nextitem"] = elements[i + 1];
    scopes.push_back(
        {{node.text, elements[i]}, {"loop", Value::of(std::move(loop))}});
    run(*node.children[1]);
    scopes.pop_back();
  }
}

void Renderer::runSet(const Node &node) {
  Value value = eval(*node.children[0]);
  if (node.children.size() == 1) {
    scopes.back()[node.text] = std::move(value);
    return;
  }
  Value space = eval(*node.children[1]);
  if (!space.is(Kind::Mapping)) {
    fail("attribute of what is no namespace");
    return;
  }
  // No template keeps more than numbers and texts in one, and a mapping that
  // held itself would never be freed.
  if (value.is(Kind::List) || value.is(Kind::Mapping)) {
    fail("list or mapping in a namespace");
    return;
  }
  (*space.mapping)[node.text] = std::move(value);
}

Value *Renderer::lookUp(const std::string &name) {
  for (Value::Mapping &scope : llvm::reverse(scopes))
    if (auto found = scope.find(name); found != scope.end())
      return &found->second;
  return nullptr;
}

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

//===----------------------------------------------------------------------===//
// Template
//===----------------------------------------------------------------------===//

Template::Template() = default;
Template::Template(Template &&) = default;
Template &Template::operator=(Template &&) = default;
Template::~Template() = default;

llvm::Expected<Template> Template::parse(llvm::StringRef text) {
  if (text.size() > maxText)
    return makeError(ExitCode::Unreadable, "template too long");
  llvm::Expected<std::vector<Token>> tokens = tokenize(text);
  if (!tokens)
    return tokens.takeError();
  llvm::Expected<std::unique_ptr<Node>> root = parseTokens(std::move(*tokens));
  if (!root)
    return root.takeError();
  Template result;
  result.root = std::move(*root);
  return result;
}

llvm::Expected<std::string>
Template::render(const Value::Mapping &variables) const {
  Renderer renderer(variables);
  renderer.run(*root);
  if (renderer.failed())
    return makeError(ExitCode::Unreadable, renderer.problem);
  return std::move(renderer.output);
}

} // namespace tritc::import::jinja
