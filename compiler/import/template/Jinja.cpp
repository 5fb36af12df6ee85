//===- Jinja.cpp - Rendering a template -----------------------------------===//

#include "compiler/import/template/Jinja.h"

#include "compiler/import/template/JinjaRenderer.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

void Renderer::run(const Node &node) {
  if (++depth > maxDepth)
    fail("nested too deeply");
  if (++steps > maxSteps)
    fail("too many steps");
  if (!failed() && flow == Flow::Normal)
    runStatement(node);
  if (output.size() > maxText)
    fail("text too long");
  --depth;
}

void Renderer::runStatement(const Node &node) {
  switch (node.kind) {
  case Node::Kind::Sequence:
    for (const std::unique_ptr<Node> &child : node.children)
      run(*child);
    return;
  case Node::Kind::Literal:
    output += node.value.string;
    return;
  case Node::Kind::Output: {
    std::optional<std::string> shown = toText(eval(*node.children[0]));
    if (!shown)
      fail("a list or a mapping as text");
    output += shown.value_or("");
    return;
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
  case Node::Kind::With: {
    Mapping scope;
    for (auto [name, value] : llvm::zip(node.names, node.children))
      scope[name] = eval(*value);
    scopes.push_back(std::move(scope));
    run(*node.children.back());
    scopes.pop_back();
    return;
  }
  case Node::Kind::Macro:
    scopes.back()[node.text].kind = Kind::Macro;
    scopes.back()[node.text].macro = &node;
    return;
  case Node::Kind::Break:
    flow = Flow::Break;
    return;
  case Node::Kind::Continue:
    flow = Flow::Continue;
    return;
  case Node::Kind::Unknown:
    fail(node.text);
    return;
  default:
    fail("expression where a statement belongs");
  }
}

/// Gives a value, or the elements of one, the names of a loop or an assignment.
bool Renderer::bind(const std::vector<std::string> &names, const Value &value,
                    Mapping &scope) {
  if (names.size() == 1) {
    scope[names[0]] = value;
    return true;
  }
  std::optional<Value::List> elements = elementsOf(value);
  if (!elements || elements->size() != names.size()) {
    fail("another number of values than of names");
    return false;
  }
  for (auto [name, element] : llvm::zip_equal(names, *elements))
    scope[name] = element;
  return true;
}

/// What "loop" is at element `i`.
static Mapping loopAt(const Value::List &elements, size_t i) {
  int64_t count = int64_t(elements.size()), index = int64_t(i);
  Mapping loop;
  loop["index"] = Value::of(index + 1);
  loop["index0"] = Value::of(index);
  loop["revindex"] = Value::of(count - index);
  loop["revindex0"] = Value::of(count - index - 1);
  loop["first"] = Value::of(i == 0);
  loop["last"] = Value::of(index == count - 1);
  loop["length"] = Value::of(count);
  if (i > 0)
    loop["previtem"] = elements[i - 1];
  if (i + 1 < elements.size())
    loop["nextitem"] = elements[i + 1];
  return loop;
}

void Renderer::runFor(const Node &node) {
  Value iterable = eval(*node.children[0]);
  std::optional<Value::List> all = elementsOf(iterable);
  if (!all)
    fail("loop over what is no list");
  if (failed())
    return;
  if (const Node *condition = node.children[3].get())
    llvm::erase_if(*all, [&](const Value &element) {
      scopes.emplace_back();
      bool isTaken =
          bind(node.names, element, scopes.back()) && eval(*condition).truth();
      scopes.pop_back();
      return !isTaken;
    });
  if (all->empty() && node.children[2])
    return run(*node.children[2]);
  for (size_t i = 0; i < all->size() && !failed(); ++i) {
    scopes.emplace_back();
    if (node.namesLoop)
      scopes.back()["loop"] = Value::of(loopAt(*all, i));
    bind(node.names, (*all)[i], scopes.back());
    run(*node.children[1]);
    scopes.pop_back();
    if (std::exchange(flow, Flow::Normal) == Flow::Break)
      return;
  }
}

/// What the statements of `body` write.
std::string Renderer::captured(const Node &body) {
  std::string before = std::exchange(output, "");
  scopes.emplace_back();
  run(body);
  scopes.pop_back();
  return std::exchange(output, std::move(before));
}

void Renderer::runSet(const Node &node) {
  Value value = eval(*node.children[0]);
  if (failed())
    return;
  if (node.children.size() == 1)
    bind(node.names, value, scopes.back());
  else
    setAttribute(eval(*node.children[1]), node.names[0], std::move(value));
}

/// Whether a namespace is in `value`; true also if that takes long to tell.
static bool holdsNamespace(const Value &value, unsigned &budget) {
  if (budget == 0 || --budget == 0)
    return true;
  if (value.is(Kind::List))
    return llvm::any_of(*value.list, [&](const Value &element) {
      return holdsNamespace(element, budget);
    });
  if (!value.is(Kind::Mapping))
    return false;
  return value.isSpecial ||
         llvm::any_of(*value.mapping, [&](const Mapping::Pair &pair) {
           return holdsNamespace(pair.second, budget);
         });
}

void Renderer::setAttribute(const Value &space, const std::string &name,
                            Value value) {
  if (!space.is(Kind::Mapping) || !space.isSpecial) {
    fail("attribute of what is no namespace");
    return;
  }
  // One that held itself would never be freed.
  unsigned budget = maxList;
  if (holdsNamespace(value, budget))
    fail("namespace in a namespace");
  else
    (*space.mapping)[name] = std::move(value);
}

Value *Renderer::lookUp(const std::string &name) {
  for (Mapping &scope : llvm::reverse(scopes))
    if (Value *found = scope.find(name))
      return found;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Templates
//===----------------------------------------------------------------------===//

/// Collects the texts that `node` looks for, splits at or replaces.
static void collectSought(const Node &node, std::vector<std::string> &texts) {
  constexpr size_t most = 24, longest = 40;
  const Node *found = nullptr;
  auto isLiteral = [](const Node &node) {
    return node.kind == Node::Kind::Literal && node.value.is(Kind::String);
  };
  if (node.kind == Node::Kind::Binary && node.text == "in")
    found = node.children[0].get();
  bool isMethod = node.kind == Node::Kind::Call && node.children.size() > 1 &&
                  node.children[0]->kind == Node::Kind::Attribute;
  if (isMethod &&
      llvm::is_contained({"split", "rsplit", "startswith", "endswith",
                          "replace", "find", "count", "removeprefix"},
                         node.children[0]->text))
    found = node.children[1].get();
  if (node.kind == Node::Kind::Filter && node.text == "replace" &&
      node.children.size() > 1)
    found = node.children[1].get();
  if (found && isLiteral(*found) && found->value.string.size() <= longest &&
      !llvm::StringRef(found->value.string).trim().empty() &&
      texts.size() < most && !llvm::is_contained(texts, found->value.string))
    texts.push_back(found->value.string);
  for (const std::unique_ptr<Node> &child : node.children)
    if (child)
      collectSought(*child, texts);
}

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
  collectSought(*result.root, result.sought);
  return result;
}

llvm::Expected<std::string> Template::render(const Mapping &variables,
                                             const Clock &clock) const {
  Renderer renderer(variables, clock);
  renderer.run(*root);
  if (renderer.failed())
    return makeError(ExitCode::Unreadable, renderer.problem);
  return std::move(renderer.output);
}

} // namespace tritc::import::jinja
