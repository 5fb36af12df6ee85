//===- JinjaSyntax.h - Tokens and tree of a template ----------------------===//
//
// Private to the Jinja*.cpp files.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/Jinja.h"

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
    Sequence, ///< children
    Literal,  ///< value; as a statement its text is the output
    Output,   ///< children: expression
    If,       ///< children: condition, Sequence, Sequence?
    For, ///< text: variable; children: iterable, Sequence, Sequence? (else)
    Set, ///< text: variable; children: expression, namespace Name?; with a
         ///< namespace, text is its attribute
    // Expressions
    Name,      ///< text
    Attribute, ///< text: name; children: object
    Index,     ///< children: object, key
    Slice,     ///< children: object, begin?, end?, step?
    Call,      ///< children: callee, arguments; keywords
    Filter,    ///< text: name; children: operand, arguments
    Test,      ///< text: name; children: operand, arguments
    Not,       ///< children: operand
    Negate,    ///< children: operand
    Binary,    ///< text: operator; children: left, right
    Choice,    ///< children: condition, then, else?
    List,      ///< children: elements
  };
  Kind kind;
  std::string text;
  Value value;
  std::vector<std::unique_ptr<Node>> children;
  /// Call: name of the keyword argument in front of each argument, or "".
  std::vector<std::string> keywords;
  unsigned height = 1; ///< of the tree below, this node included
};

/// Builds the tree. Fails with a few words.
llvm::Expected<std::unique_ptr<Node>> parseTokens(std::vector<Token> tokens);

/// What filters, tests and methods do. `self` comes first. nullopt: no such
/// function, or not for such operands.
std::optional<Value> applyFilter(llvm::StringRef name, const Value &self,
                                 llvm::ArrayRef<Value> arguments);
std::optional<bool> applyTest(llvm::StringRef name, const Value &self,
                              llvm::ArrayRef<Value> arguments);
std::optional<Value> applyMethod(llvm::StringRef name, const Value &self,
                                 llvm::ArrayRef<Value> arguments);

/// Longest text and list that a template may make, in bytes and elements.
inline constexpr size_t maxText = 64 * 1024;
inline constexpr size_t maxList = 4096;

/// Python's ==; nullopt for two lists or two mappings, which could be deep.
std::optional<bool> equal(const Value &left, const Value &right);

/// Python's str(); nullopt for lists and mappings.
std::optional<std::string> toText(const Value &value);

} // namespace tritc::import::jinja
