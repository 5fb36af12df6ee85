//===- JinjaParser.cpp - Tokens as a tree ---------------------------------===//
//
// Recursive descent along the precedence of the reference: choice, or, and,
// not, comparison, sum, ~, product, unary, and tightest of all attributes,
// calls, filters and tests.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Error.h"
#include "compiler/import/JinjaSyntax.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import::jinja {

using NodePtr = std::unique_ptr<Node>;

static NodePtr make(Node::Kind kind, std::string text = "") {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->text = std::move(text);
  return node;
}

template <typename... Children>
static NodePtr makeWith(Node::Kind kind, std::string text,
                        Children... children) {
  NodePtr node = make(kind, std::move(text));
  (node->children.push_back(std::move(children)), ...);
  for (const NodePtr &child : node->children)
    if (child)
      node->height = std::max(node->height, child->height + 1);
  return node;
}

static NodePtr makeLiteral(Value value) {
  NodePtr node = make(Node::Kind::Literal);
  node->value = std::move(value);
  return node;
}

namespace {

/// After a mistake every function returns quickly; `problem` holds the first.
class Parser {
public:
  explicit Parser(std::vector<Token> tokens) : tokens(std::move(tokens)) {}

  NodePtr run() {
    NodePtr root = sequence();
    if (!failed() && !at(Token::Kind::End))
      fail("unexpected tag " + tokens[next + 1].text);
    return root;
  }

  bool failed() const { return !problem.empty(); }
  std::string problem;

private:
  //===--------------------------------------------------------------------===//
  // Tokens
  //===--------------------------------------------------------------------===//

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
    explicit Depth(Parser &parser) : parser(parser) {
      if (++parser.depth > 100)
        parser.fail("nested too deeply");
    }
    ~Depth() { --parser.depth; }
    Parser &parser;
  };

  //===--------------------------------------------------------------------===//
  // Statements
  //===--------------------------------------------------------------------===//

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

  //===--------------------------------------------------------------------===//
  // Expressions
  //===--------------------------------------------------------------------===//

  NodePtr expression() {
    Depth guard(*this);
    NodePtr node = disjunction();
    while (eatName("if")) {
      NodePtr condition = disjunction();
      NodePtr otherwise = eatName("else") ? expression() : nullptr;
      node = makeWith(Node::Kind::Choice, "", std::move(condition),
                      std::move(node), std::move(otherwise));
    }
    return node;
  }

  NodePtr disjunction() {
    NodePtr left = conjunction();
    while (eatName("or"))
      left = binary("or", std::move(left), conjunction());
    return left;
  }

  NodePtr conjunction() {
    NodePtr left = negation();
    while (eatName("and"))
      left = binary("and", std::move(left), negation());
    return left;
  }

  NodePtr negation() {
    Depth guard(*this);
    if (eatName("not"))
      return makeWith(Node::Kind::Not, "", negation());
    return comparison();
  }

  NodePtr comparison() {
    NodePtr left = sum();
    std::string op;
    if (atName("not") && peek(1).kind == Token::Kind::Name &&
        peek(1).text == "in") {
      next += 2;
      left =
          makeWith(Node::Kind::Not, "", binary("in", std::move(left), sum()));
    } else if (eatName("in")) {
      left = binary("in", std::move(left), sum());
    } else if (eatAny({"==", "!=", "<", ">", "<=", ">="}, op)) {
      left = binary(op, std::move(left), sum());
    }
    // a < b < c means something else than it looks; nobody writes it.
    if (eatAny({"==", "!=", "<", ">", "<=", ">="}, op))
      fail("chained comparison");
    return left;
  }

  bool eatAny(llvm::ArrayRef<llvm::StringRef> operators, std::string &found) {
    for (llvm::StringRef op : operators)
      if (eatOperator(op)) {
        found = op.str();
        return true;
      }
    return false;
  }

  NodePtr sum() {
    NodePtr left = concatenation();
    std::string op;
    while (eatAny({"+", "-"}, op))
      left = binary(op, std::move(left), concatenation());
    return left;
  }

  NodePtr concatenation() {
    NodePtr left = product();
    while (eatOperator("~"))
      left = binary("~", std::move(left), product());
    return left;
  }

  NodePtr product() {
    NodePtr left = unary();
    std::string op;
    while (eatAny({"*", "//", "%"}, op))
      left = binary(op, std::move(left), unary());
    return left;
  }

  NodePtr unary() {
    Depth guard(*this);
    if (eatOperator("-"))
      return makeWith(Node::Kind::Negate, "", unary());
    return suffixes(primary());
  }

  NodePtr binary(std::string op, NodePtr left, NodePtr right) {
    limitHeight(*left);
    return makeWith(Node::Kind::Binary, std::move(op), std::move(left),
                    std::move(right));
  }

  /// Long chains become deep trees although nothing is nested.
  void limitHeight(const Node &node) {
    if (node.height > 500)
      fail("expression too long");
  }

  NodePtr primary() {
    Token token = peek();
    ++next;
    switch (token.kind) {
    case Token::Kind::String: {
      std::string text = token.text;
      while (at(Token::Kind::String)) // adjacent strings are one
        text += tokens[next++].text;
      return makeLiteral(Value::of(std::move(text)));
    }
    case Token::Kind::Integer: {
      int64_t number = 0;
      if (llvm::StringRef(token.text).getAsInteger(10, number))
        break;
      return makeLiteral(Value::of(number));
    }
    case Token::Kind::Name:
      return nameOrConstant(token.text);
    case Token::Kind::Operator:
      if (token.text == "(") {
        NodePtr inner = expression();
        expectOperator(")");
        return inner;
      }
      if (token.text == "[") {
        NodePtr list = make(Node::Kind::List);
        arguments(*list, "]");
        return list;
      }
      break;
    default:
      break;
    }
    fail("expected an expression");
    return make(Node::Kind::Literal);
  }

  NodePtr nameOrConstant(const std::string &name) {
    if (name == "true" || name == "True")
      return makeLiteral(Value::of(true));
    if (name == "false" || name == "False")
      return makeLiteral(Value::of(false));
    if (name == "none" || name == "None")
      return makeLiteral(Value::none());
    return make(Node::Kind::Name, name);
  }

  /// Expressions up to `close`, appended to the children of `node`.
  void arguments(Node &node, llvm::StringRef close) {
    while (!failed() && !eatOperator(close)) {
      std::string keyword;
      if (at(Token::Kind::Name) && peek(1).kind == Token::Kind::Operator &&
          peek(1).text == "=") {
        keyword = takeName();
        ++next;
      }
      node.children.push_back(expression());
      node.keywords.push_back(keyword);
      if (!eatOperator(",") && !atOperator(close))
        fail("expected , or " + close.str());
    }
  }

  NodePtr suffixes(NodePtr node) {
    while (!failed()) {
      limitHeight(*node);
      if (eatOperator(".")) {
        node = makeWith(Node::Kind::Attribute, takeName(), std::move(node));
      } else if (eatOperator("[")) {
        node = subscript(std::move(node));
      } else if (eatOperator("(")) {
        node = makeWith(Node::Kind::Call, "", std::move(node));
        arguments(*node, ")");
      } else if (eatOperator("|")) {
        node = makeWith(Node::Kind::Filter, takeName(), std::move(node));
        if (eatOperator("("))
          arguments(*node, ")");
      } else if (eatName("is")) {
        bool negated = eatName("not");
        node = makeWith(Node::Kind::Test, takeName(), std::move(node));
        if (eatOperator("("))
          arguments(*node, ")");
        if (negated)
          node = makeWith(Node::Kind::Not, "", std::move(node));
      } else {
        break;
      }
    }
    return node;
  }

  NodePtr subscript(NodePtr object) {
    NodePtr parts[3];
    size_t colons = 0;
    while (!failed() && !eatOperator("]")) {
      if (eatOperator(":")) {
        if (++colons > 2)
          fail("too many colons");
      } else if (!parts[colons]) {
        parts[colons] = expression();
      } else {
        fail("expected ]");
      }
    }
    if (colons == 0 && !parts[0])
      fail("empty subscript");
    if (colons == 0)
      return makeWith(Node::Kind::Index, "", std::move(object),
                      std::move(parts[0]));
    return makeWith(Node::Kind::Slice, "", std::move(object),
                    std::move(parts[0]), std::move(parts[1]),
                    std::move(parts[2]));
  }

  std::vector<Token> tokens;
  size_t next = 0;
  unsigned depth = 0;
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
