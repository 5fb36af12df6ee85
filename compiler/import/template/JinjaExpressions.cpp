//===- JinjaExpressions.cpp - Parsing what stands in tags -----------------===//
//
// Recursive descent along the precedence of the reference: choice, or, and,
// not, comparison, sum, ~, product, unary, and tightest of all attributes,
// calls, filters and tests.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/template/JinjaExpressions.h"

#include <utility>

namespace tritc::import::jinja {

NodePtr ExpressionParser::expression() {
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

NodePtr ExpressionParser::tuple() {
  NodePtr first = expression();
  if (!atOperator(","))
    return first;
  NodePtr list = makeWith(Node::Kind::List, "", std::move(first));
  while (eatOperator(",") && !at(Token::Kind::EndTag) && !atOperator(")"))
    append(*list, expression());
  return list;
}

NodePtr ExpressionParser::untilEndTag(llvm::function_ref<NodePtr()> parse) {
  size_t start = next;
  NodePtr node = parse();
  if (!failed() && !at(Token::Kind::EndTag))
    fail("expected the end of a tag");
  if (failed() && !isTooDeep) {
    node = make(Node::Kind::Unknown, std::exchange(problem, ""));
    for (next = start; !at(Token::Kind::EndTag) && !at(Token::Kind::End);)
      ++next;
  }
  expectEndTag();
  return node;
}

NodePtr ExpressionParser::disjunction() {
  NodePtr left = conjunction();
  while (eatName("or"))
    left = binary("or", std::move(left), conjunction());
  return left;
}

NodePtr ExpressionParser::conjunction() {
  NodePtr left = negation();
  while (eatName("and"))
    left = binary("and", std::move(left), negation());
  return left;
}

NodePtr ExpressionParser::negation() {
  Depth guard(*this);
  if (eatName("not"))
    return makeWith(Node::Kind::Not, "", negation());
  return comparison();
}

/// One of the operators that compare, "in" and "not in" among them.
bool ExpressionParser::eatComparison(std::string &found) {
  found = "in";
  if (eatName("in"))
    return true;
  found = "not in";
  if (atName("not") && peek(1).kind == Token::Kind::Name &&
      peek(1).text == "in") {
    next += 2;
    return true;
  }
  return eatAny({"==", "!=", "<=", ">=", "<", ">"}, found);
}

NodePtr ExpressionParser::comparison() {
  NodePtr left = sum();
  std::string op;
  if (!eatComparison(op))
    return left;
  left = binary(op == "not in" ? "in" : op, std::move(left), sum());
  if (op == "not in")
    left = makeWith(Node::Kind::Not, "", std::move(left));
  // a < b < c means something else than it looks; nobody writes it.
  if (eatComparison(op))
    fail("chained comparison");
  return left;
}

bool ExpressionParser::eatAny(llvm::ArrayRef<llvm::StringRef> operators,
                              std::string &found) {
  for (llvm::StringRef op : operators)
    if (eatOperator(op)) {
      found = op.str();
      return true;
    }
  return false;
}

NodePtr ExpressionParser::sum() {
  NodePtr left = concatenation();
  std::string op;
  while (eatAny({"+", "-"}, op))
    left = binary(op, std::move(left), concatenation());
  return left;
}

NodePtr ExpressionParser::concatenation() {
  NodePtr left = product();
  while (eatOperator("~"))
    left = binary("~", std::move(left), product());
  return left;
}

NodePtr ExpressionParser::product() {
  NodePtr left = unary();
  std::string op;
  while (eatAny({"*", "//", "/", "%"}, op))
    left = binary(op, std::move(left), unary());
  return left;
}

NodePtr ExpressionParser::unary() {
  Depth guard(*this);
  if (eatOperator("-"))
    return makeWith(Node::Kind::Negate, "", unary());
  return suffixes(primary());
}

NodePtr ExpressionParser::binary(std::string op, NodePtr left, NodePtr right) {
  limitHeight(*left);
  return makeWith(Node::Kind::Binary, std::move(op), std::move(left),
                  std::move(right));
}

/// Long chains become deep trees although nothing is nested.
void ExpressionParser::limitHeight(const Node &node) {
  if (node.height > 500)
    fail("expression too long");
}

NodePtr ExpressionParser::primary() {
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
      if (eatOperator(")"))
        return make(Node::Kind::List);
      NodePtr inner = tuple();
      expectOperator(")");
      return inner;
    }
    if (token.text == "{")
      return mapping();
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

NodePtr ExpressionParser::nameOrConstant(const std::string &name) {
  if (name == "true" || name == "True")
    return makeLiteral(Value::of(true));
  if (name == "false" || name == "False")
    return makeLiteral(Value::of(false));
  if (name == "none" || name == "None")
    return makeLiteral(Value::none());
  return make(Node::Kind::Name, name);
}

/// {"name": value, ...}
NodePtr ExpressionParser::mapping() {
  NodePtr node = make(Node::Kind::Mapping);
  while (!failed() && !eatOperator("}")) {
    if (!at(Token::Kind::String))
      fail("a mapping by other names than texts");
    node->names.push_back(peek().text);
    ++next;
    expectOperator(":");
    append(*node, expression());
    if (!eatOperator(",") && !atOperator("}"))
      fail("expected , or }");
  }
  return node;
}

/// Expressions up to `close`, appended to the children of `node`.
void ExpressionParser::arguments(Node &node, llvm::StringRef close) {
  while (!failed() && !eatOperator(close)) {
    std::string keyword;
    if (at(Token::Kind::Name) && peek(1).kind == Token::Kind::Operator &&
        peek(1).text == "=") {
      keyword = takeName();
      ++next;
    }
    append(node, expression());
    node.names.push_back(keyword);
    if (!eatOperator(",") && !atOperator(close))
      fail("expected , or " + close.str());
  }
}

/// Behind "is". An argument need not stand in parentheses.
NodePtr ExpressionParser::test(NodePtr operand) {
  bool negated = eatName("not");
  NodePtr node = makeWith(Node::Kind::Test, takeName(), std::move(operand));
  bool startsValue = at(Token::Kind::String) || at(Token::Kind::Integer) ||
                     atOperator("[") || atOperator("{") ||
                     (at(Token::Kind::Name) && !atName("and") &&
                      !atName("or") && !atName("not") && !atName("if") &&
                      !atName("else") && !atName("is") && !atName("in"));
  if (eatOperator("(")) {
    arguments(*node, ")");
  } else if (startsValue) {
    append(*node, primary());
    node->names.push_back("");
  }
  return negated ? makeWith(Node::Kind::Not, "", std::move(node))
                 : std::move(node);
}

NodePtr ExpressionParser::filter(NodePtr operand) {
  limitHeight(*operand);
  NodePtr node = makeWith(Node::Kind::Filter, takeName(), std::move(operand));
  if (eatOperator("("))
    arguments(*node, ")");
  return node;
}

NodePtr ExpressionParser::suffixes(NodePtr node) {
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
      node = filter(std::move(node));
    } else if (eatName("is")) {
      node = test(std::move(node));
    } else {
      break;
    }
  }
  return node;
}

NodePtr ExpressionParser::subscript(NodePtr object) {
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
  return makeWith(Node::Kind::Slice, "", std::move(object), std::move(parts[0]),
                  std::move(parts[1]), std::move(parts[2]));
}

} // namespace tritc::import::jinja
