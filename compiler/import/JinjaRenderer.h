//===- JinjaRenderer.h - Walking the tree of a template -------------------===//
//
// Private to the Jinja*.cpp files.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/JinjaSyntax.h"

namespace tritc::import::jinja {

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

} // namespace tritc::import::jinja
