//===- Jinja.cpp - Rendering a template -----------------------------------===//

#include "compiler/import/Jinja.h"

#include "compiler/import/Error.h"
#include "compiler/import/JinjaRenderer.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import::jinja {

using Kind = Value::Kind;

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
