//===- JinjaRenderer.h - Walking the tree of a template -------------------===//
//
// Private to the Jinja*.cpp files.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/template/JinjaSyntax.h"

namespace tritc::import::jinja {

/// Walks the tree. After a mistake everything gives Undefined and `problem`
/// holds the first one.
class Renderer {
public:
  Renderer(const Mapping &variables, const Clock &clock)
      : scopes{variables}, clock(clock) {}

  void run(const Node &node);

  bool failed() const { return !problem.empty(); }
  std::string problem;
  std::string output;

private:
  static constexpr uint64_t maxSteps = 100'000;
  static constexpr unsigned maxDepth = 1000;

  /// What a loop does next.
  enum class Flow { Normal, Break, Continue };

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

  void runStatement(const Node &node);
  void runFor(const Node &node);
  void runSet(const Node &node);
  void setAttribute(const Value &space, const std::string &name, Value value);
  bool bind(const std::vector<std::string> &names, const Value &value,
            Mapping &scope);
  std::string captured(const Node &body);
  Value *lookUp(const std::string &name);

  Value eval(const Node &node);
  Value evalValue(const Node &node);
  Value evalAttribute(const Value &object, const std::string &name);
  Value evalIndex(const Value &object, const Value &key);
  Value evalSlice(const Node &node);
  Value evalCall(const Node &node);
  Value callMacro(const Node &macro, const Arguments &arguments);
  Value callFunction(const std::string &name, const Arguments &arguments);
  Value evalBinary(const Node &node);
  Value evalArithmetic(llvm::StringRef op, const Value &left,
                       const Value &right);
  Value evalContains(const Value &element, const Value &container);
  Arguments evalArguments(const Node &node);

  std::vector<Mapping> scopes;
  const Clock &clock;
  uint64_t steps = 0;
  unsigned depth = 0;
  Flow flow = Flow::Normal;
};

} // namespace tritc::import::jinja
