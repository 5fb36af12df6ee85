//===- JinjaParser.cpp - Tokens as a tree ---------------------------------===//

#include "compiler/import/Error.h"
#include "compiler/import/JinjaExpressions.h"

namespace tritc::import::jinja {

namespace {
/// Statements, which hold expressions.
class Parser : public ExpressionParser {
public:
  using ExpressionParser::ExpressionParser;

  NodePtr run() {
    NodePtr root = sequence();
    if (!failed() && !at(Token::Kind::End))
      fail("unexpected tag " + tokens[next + 1].text);
    return root;
  }

private:
  /// True at a {% whose first word is one of `words`; stays in front of it.
  bool atBlock(llvm::ArrayRef<llvm::StringRef> words) const {
    return at(Token::Kind::BeginBlock) && peek(1).kind == Token::Kind::Name &&
           llvm::is_contained(words, llvm::StringRef(peek(1).text));
  }

  /// Statements up to the end or a tag that belongs to an enclosing one.
  NodePtr sequence() {
    Depth guard(*this);
    NodePtr node = make(Node::Kind::Sequence);
    while (!failed() && !at(Token::Kind::End) &&
           !atBlock({"elif", "else", "endif", "endfor"})) {
      if (at(Token::Kind::Text)) {
        node->children.push_back(makeLiteral(Value::of(tokens[next++].text)));
      } else if (at(Token::Kind::BeginOutput)) {
        ++next;
        node->children.push_back(
            makeWith(Node::Kind::Output, "", expression()));
        expectEndTag();
      } else if (NodePtr child = block()) {
        node->children.push_back(std::move(child));
      }
    }
    return node;
  }

  NodePtr block() {
    ++next; // {%
    std::string word = takeName();
    if (word == "if")
      return ifBlock();
    if (word == "for")
      return forBlock();
    if (word == "set")
      return setBlock();
    // Marks the assistant's text for training; without meaning here.
    if (word == "generation" || word == "endgeneration") {
      expectEndTag();
      return nullptr;
    }
    fail("unknown statement " + word);
    return nullptr;
  }

  /// From the condition of an if or elif to the endif of the whole.
  NodePtr ifBlock() {
    Depth guard(*this);
    NodePtr condition = disjunction();
    expectEndTag();
    NodePtr node =
        makeWith(Node::Kind::If, "", std::move(condition), sequence());
    if (atBlock({"elif"})) {
      next += 2;
      node->children.push_back(ifBlock());
      return node;
    }
    if (atBlock({"else"})) {
      next += 2;
      expectEndTag();
      node->children.push_back(sequence());
    }
    endBlock("endif");
    return node;
  }

  void endBlock(llvm::StringRef word) {
    if (!atBlock({word}))
      return fail("expected " + word.str());
    next += 2;
    expectEndTag();
  }

  NodePtr forBlock() {
    std::string variable = takeName();
    if (!eatName("in"))
      fail("expected in");
    NodePtr iterable = disjunction();
    expectEndTag();
    NodePtr node =
        makeWith(Node::Kind::For, variable, std::move(iterable), sequence());
    if (atBlock({"else"})) {
      next += 2;
      expectEndTag();
      node->children.push_back(sequence());
    }
    endBlock("endfor");
    return node;
  }

  NodePtr setBlock() {
    std::string variable = takeName();
    NodePtr space;
    if (eatOperator(".")) {
      space = make(Node::Kind::Name, variable);
      variable = takeName();
    }
    expectOperator("=");
    NodePtr node = makeWith(Node::Kind::Set, variable, expression());
    if (space)
      node->children.push_back(std::move(space));
    expectEndTag();
    return node;
  }
};
} // namespace

llvm::Expected<NodePtr> parseTokens(std::vector<Token> tokens) {
  Parser parser(std::move(tokens));
  NodePtr root = parser.run();
  if (parser.failed())
    return makeError(ExitCode::Unreadable, parser.problem);
  return root;
}

} // namespace tritc::import::jinja
