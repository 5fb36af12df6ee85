//===- JinjaExpressions.h - Parsing what stands in tags -------------------===//
//
// Private to the parser.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/template/JinjaSyntax.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import::jinja {

using NodePtr = std::unique_ptr<Node>;

inline NodePtr make(Node::Kind kind, std::string text = "") {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->text = std::move(text);
  return node;
}

template <typename... Children>
NodePtr makeWith(Node::Kind kind, std::string text, Children... children) {
  NodePtr node = make(kind, std::move(text));
  (node->children.push_back(std::move(children)), ...);
  for (const NodePtr &child : node->children)
    if (child)
      node->height = std::max(node->height, child->height + 1);
  return node;
}

/// Adds a child; its height counts.
inline void append(Node &node, NodePtr child) {
  if (child)
    node.height = std::max(node.height, child->height + 1);
  node.children.push_back(std::move(child));
}

inline NodePtr makeLiteral(Value value) {
  NodePtr node = make(Node::Kind::Literal);
  node->value = std::move(value);
  return node;
}

/// The part of a parser that knows tokens and expressions. After a mistake
/// every function returns quickly; `problem` holds the first.
class ExpressionParser {
public:
  explicit ExpressionParser(std::vector<Token> tokens)
      : tokens(std::move(tokens)) {}

  bool failed() const { return !problem.empty(); }
  std::string problem;

protected:
  const Token &peek(size_t ahead = 0) const {
    return tokens[std::min(next + ahead, tokens.size() - 1)];
  }
  bool at(Token::Kind kind) const { return peek().kind == kind; }
  bool atOperator(llvm::StringRef text) const {
    return at(Token::Kind::Operator) && peek().text == text;
  }
  bool atName(llvm::StringRef text) const {
    return at(Token::Kind::Name) && peek().text == text;
  }
  bool eatOperator(llvm::StringRef text) {
    bool found = atOperator(text);
    next += found;
    return found;
  }
  bool eatName(llvm::StringRef text) {
    bool found = atName(text);
    next += found;
    return found;
  }
  void fail(const std::string &what) {
    if (!failed())
      problem = what;
    next = tokens.size() - 1; // at End nothing matches: every loop stops
  }
  void expectOperator(llvm::StringRef text) {
    if (!eatOperator(text))
      fail("expected " + text.str());
  }
  void expectEndTag() {
    if (at(Token::Kind::EndTag))
      ++next;
    else
      fail("expected the end of a tag");
  }
  std::string takeName() {
    if (!at(Token::Kind::Name)) {
      fail("expected a name");
      return "";
    }
    return tokens[next++].text;
  }

  /// Bounds the depth of nesting, so that no text breaks the stack.
  struct Depth {
    explicit Depth(ExpressionParser &parser) : parser(parser) {
      if (++parser.depth > 100) {
        parser.fail("nested too deeply");
        parser.isTooDeep = true;
      }
    }
    ~Depth() { --parser.depth; }
    ExpressionParser &parser;
  };

  NodePtr expression();
  NodePtr disjunction();
  /// Expressions separated by commas are a tuple, which is a list here.
  NodePtr tuple();
  /// What `parse` makes of the rest of a tag up to the EndTag; if it makes
  /// nothing of it, a node that is an error to evaluate.
  NodePtr untilEndTag(llvm::function_ref<NodePtr()> parse);

  /// Behind "|": `operand` through a filter.
  NodePtr filter(NodePtr operand);

  std::vector<Token> tokens;
  size_t next = 0;

private:
  NodePtr conjunction();
  NodePtr negation();
  NodePtr comparison();
  bool eatAny(llvm::ArrayRef<llvm::StringRef> operators, std::string &found);
  bool eatComparison(std::string &found);
  NodePtr mapping();
  NodePtr test(NodePtr operand);
  NodePtr sum();
  NodePtr concatenation();
  NodePtr product();
  NodePtr unary();
  NodePtr binary(std::string op, NodePtr left, NodePtr right);
  void limitHeight(const Node &node);
  NodePtr primary();
  NodePtr nameOrConstant(const std::string &name);
  void arguments(Node &node, llvm::StringRef close);
  NodePtr suffixes(NodePtr node);
  NodePtr subscript(NodePtr object);

  unsigned depth = 0;
  bool isTooDeep = false; ///< not to be recovered from
};

} // namespace tritc::import::jinja
