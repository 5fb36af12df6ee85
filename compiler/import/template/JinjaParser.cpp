//===- JinjaParser.cpp - Tokens as a tree ---------------------------------===//

#include "compiler/import/template/JinjaExpressions.h"
#include "compiler/support/Error.h"

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
           !atBlock({"elif", "else", "endif", "endfor", "endmacro", "endset",
                     "endfilter", "endwith"})) {
      if (at(Token::Kind::Text)) {
        append(*node, makeLiteral(Value::of(tokens[next++].text)));
      } else if (at(Token::Kind::BeginOutput)) {
        ++next;
        append(*node, makeWith(Node::Kind::Output, "",
                               untilEndTag([&] { return tuple(); })));
      } else if (NodePtr child = block()) {
        append(*node, std::move(child));
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
    if (word == "macro")
      return macroBlock();
    if (word == "filter")
      return filterBlock();
    if (word == "with")
      return withBlock();
    if (word == "break" || word == "continue")
      return untilEndTag([&] {
        return make(word == "break" ? Node::Kind::Break : Node::Kind::Continue);
      });
    // Marks the assistant's text for training; without meaning here.
    if (word == "generation" || word == "endgeneration") {
      expectEndTag();
      return nullptr;
    }
    return untilEndTag([&]() -> NodePtr {
      fail("unknown statement " + word);
      return nullptr;
    });
  }

  /// From the condition of an if or elif to the endif of the whole.
  NodePtr ifBlock() {
    Depth guard(*this);
    NodePtr condition = untilEndTag([&] { return tuple(); });
    NodePtr node =
        makeWith(Node::Kind::If, "", std::move(condition), sequence());
    if (atBlock({"elif"})) {
      next += 2;
      append(*node, ifBlock());
      return node;
    }
    if (atBlock({"else"})) {
      next += 2;
      expectEndTag();
      append(*node, sequence());
    }
    endBlock("endif");
    return node;
  }

  void endBlock(llvm::StringRef word) {
    if (!atBlock({word}))
      return fail("expected " + word.str());
    next += 2;
    if (at(Token::Kind::Name)) // the macro's name may stand there again
      ++next;
    expectEndTag();
  }

  /// Names with commas in between, parentheses around them or not.
  std::vector<std::string> targets() {
    bool inParentheses = eatOperator("(");
    std::vector<std::string> names = {takeName()};
    while (eatOperator(","))
      names.push_back(takeName());
    if (inParentheses)
      expectOperator(")");
    return names;
  }

  /// Whether "loop" is named in these tokens.
  bool namesLoop(size_t begin, size_t end) const {
    return std::any_of(
        tokens.begin() + begin, tokens.begin() + end, [](const Token &token) {
          return token.kind == Token::Kind::Name && token.text == "loop";
        });
  }

  NodePtr forBlock() {
    NodePtr condition;
    NodePtr node = untilEndTag([&] {
      NodePtr made = make(Node::Kind::For);
      made->names = targets();
      if (!eatName("in"))
        fail("expected in");
      append(*made, disjunction());
      if (eatName("if"))
        condition = expression();
      return made;
    });
    size_t begin = next;
    NodePtr body = sequence(), otherwise;
    bool isNamed = namesLoop(begin, next);
    if (atBlock({"else"})) {
      next += 2;
      expectEndTag();
      otherwise = sequence();
    }
    endBlock("endfor");
    if (!node || node->kind != Node::Kind::For)
      return node;
    node->namesLoop = isNamed;
    append(*node, std::move(body));
    append(*node, std::move(otherwise));
    append(*node, std::move(condition));
    return node;
  }

  /// Goes to the end of the tag. \returns where it was
  size_t skipTag() {
    size_t begin = next;
    while (!at(Token::Kind::EndTag) && !at(Token::Kind::End))
      ++next;
    return begin;
  }

  /// `body` through the filters of a tag, which stand at `filters`.
  NodePtr filtered(NodePtr body, size_t filters) {
    size_t behind = std::exchange(next, filters);
    NodePtr node = untilEndTag([&] {
      NodePtr made = std::move(body);
      do
        made = filter(std::move(made));
      while (eatOperator("|"));
      return made;
    });
    next = behind;
    return node;
  }

  NodePtr filterBlock() {
    size_t filters = skipTag();
    expectEndTag();
    NodePtr body = sequence();
    endBlock("endfilter");
    return makeWith(Node::Kind::Output, "", filtered(std::move(body), filters));
  }

  NodePtr withBlock() {
    NodePtr node = untilEndTag([&] {
      NodePtr made = make(Node::Kind::With);
      while (!failed() && !at(Token::Kind::EndTag)) {
        made->names.push_back(takeName());
        expectOperator("=");
        append(*made, expression());
        if (!eatOperator(",") && !at(Token::Kind::EndTag))
          fail("expected , or the end of a tag");
      }
      return made;
    });
    NodePtr body = sequence();
    endBlock("endwith");
    if (node && node->kind == Node::Kind::With)
      append(*node, std::move(body));
    return node;
  }

  NodePtr setBlock() {
    bool isBlock = false;
    std::optional<size_t> filters;
    NodePtr space;
    NodePtr node = untilEndTag([&] {
      NodePtr made = make(Node::Kind::Set);
      made->names = targets();
      if (made->names.size() == 1 && eatOperator(".")) {
        space = make(Node::Kind::Name, made->names[0]);
        made->names[0] = takeName();
      }
      if (eatOperator("|"))
        filters = skipTag();
      isBlock = at(Token::Kind::EndTag);
      if (isBlock)
        return made;
      expectOperator("=");
      append(*made, tuple());
      return made;
    });
    NodePtr body;
    if (isBlock) {
      body = sequence();
      endBlock("endset");
      if (filters)
        body = filtered(std::move(body), *filters);
    }
    if (!node || node->kind != Node::Kind::Set)
      return node;
    if (body)
      append(*node, std::move(body));
    if (space)
      append(*node, std::move(space));
    return node;
  }

  NodePtr macroBlock() {
    NodePtr node = untilEndTag([&] {
      NodePtr made = make(Node::Kind::Macro, takeName());
      append(*made, nullptr); // the body
      expectOperator("(");
      while (!failed() && !eatOperator(")")) {
        made->names.push_back(takeName());
        append(*made, eatOperator("=") ? expression() : nullptr);
        if (!eatOperator(",") && !atOperator(")"))
          fail("expected , or )");
      }
      return made;
    });
    NodePtr body = sequence();
    endBlock("endmacro");
    if (!node || node->kind != Node::Kind::Macro)
      return node;
    node->height = std::max(node->height, body->height + 1);
    node->children[0] = std::move(body);
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
