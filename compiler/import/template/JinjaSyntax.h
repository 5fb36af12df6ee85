//===- JinjaSyntax.h - Tokens and tree of a template ----------------------===//
//
// Private to the Jinja*.cpp files.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/template/JinjaValue.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <optional>

namespace tritc::import::jinja {

struct Token {
  enum class Kind {
    Text,        ///< literal text between tags
    BeginOutput, ///< {{
    BeginBlock,  ///< {%
    EndTag,      ///< }} or %}
    Name,
    Integer,
    String,
    Operator,
    Unknown, ///< a character that belongs to none of these
    End,
  };
  Kind kind;
  std::string text; ///< strings without quotes and escapes
};

/// Splits a template into tokens and applies white space control. The last one
/// is End. Fails with a few words.
llvm::Expected<std::vector<Token>> tokenize(llvm::StringRef text);

/// One node of the tree. What `text`, `value` and `children` mean is written at
/// each kind; a child may be null where "?" says so.
struct Node {
  enum class Kind {
    // Statements
    Sequence, ///< children; as an expression, what it writes
    Literal,  ///< value; as a statement its text is the output
    Output,   ///< children: expression
    If,       ///< children: condition, Sequence, Sequence?
    For,  ///< names: variables; children: iterable, Sequence, Sequence? (else),
          ///< condition?
    Set,  ///< names: variables; children: expression or Sequence, namespace
          ///< Name?; with a namespace, names is its attribute
    With, ///< names: variables; children: their values, Sequence
    Macro, ///< text: name; names: parameters; children: Sequence, defaults?
    Break,
    Continue,
    // Expressions
    Name,      ///< text
    Attribute, ///< text: name; children: object
    Index,     ///< children: object, key
    Slice,     ///< children: object, begin?, end?, step?
    Call,      ///< children: callee, arguments; names: keywords
    Filter,    ///< text: name; children: operand, arguments; names: keywords
    Test,      ///< text: name; children: operand, arguments; names: keywords
    Not,       ///< children: operand
    Negate,    ///< children: operand
    Binary,    ///< text: operator; children: left, right
    Choice,    ///< children: condition, then, else?
    List,      ///< children: elements
    Mapping,   ///< names: keys; children: values
    // Either
    Unknown, ///< text: why it is not understood; an error to evaluate
  };
  Kind kind;
  std::string text;
  Value value;
  std::vector<std::unique_ptr<Node>> children;
  /// Of arguments: the keyword in front of each, or "".
  std::vector<std::string> names;
  bool namesLoop = false; ///< of For: its body speaks of "loop"
  unsigned height = 1;    ///< of the tree below, this node included
};

/// Builds the tree. Fails with a few words.
llvm::Expected<std::unique_ptr<Node>> parseTokens(std::vector<Token> tokens);

/// Arguments of a filter, test or method.
struct Arguments {
  std::vector<Value> values;
  Mapping keywords;

  size_t size() const { return values.size() + keywords.size(); }
  /// The argument at `place` or called `name`; null if it is not there.
  const Value *get(size_t place, llvm::StringRef name) const {
    return place < values.size() ? &values[place] : keywords.find(name);
  }
};

/// What filters, tests and methods do. `self` comes first. nullopt: no such
/// function, or not for such operands.
std::optional<Value> applyFilter(llvm::StringRef name, const Value &self,
                                 const Arguments &arguments);
std::optional<bool> applyTest(llvm::StringRef name, const Value &self,
                              const Arguments &arguments);
std::optional<Value> applyMethod(llvm::StringRef name, const Value &self,
                                 const Arguments &arguments);
std::optional<Value> applyTextMethod(llvm::StringRef name, llvm::StringRef self,
                                     llvm::ArrayRef<Value> arguments);
/// range(...) and the like.
std::optional<Value> applyFunction(llvm::StringRef name,
                                   const Arguments &arguments);

} // namespace tritc::import::jinja
