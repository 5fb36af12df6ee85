//===- Tokens.cpp - Mutations of textual IR -------------------------------===//
#include "test/fuzz/Tokens.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace tritc::fuzz {

static constexpr StringLiteral extremes[] = {"0",
                                             "1",
                                             "-1",
                                             "2",
                                             "3",
                                             "7",
                                             "16",
                                             "48",
                                             "127",
                                             "128",
                                             "255",
                                             "256",
                                             "65536",
                                             "1000000007",
                                             "2147483647",
                                             "2147483648",
                                             "-2147483648",
                                             "4294967295",
                                             "4294967296",
                                             "4611686018427387904",
                                             "9223372036854775807",
                                             "-9223372036854775808",
                                             "18446744073709551615",
                                             "0.0",
                                             "-1.0",
                                             "1.0e-45",
                                             "1.0e38",
                                             "0x7FC00000",
                                             "?"};

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

static bool isName(char c) {
  return isAlnum(c) || StringRef("_.$-").contains(c);
}

/// The text in quotation marks at the start of `text`.
static StringRef quoted(StringRef text) {
  return text.take_front(text.find('"', 1)).size() == text.size()
             ? text
             : text.take_front(text.find('"', 1) + 1);
}

static Token firstOf(StringRef text, bool isBehindNumber) {
  auto token = [](TokenKind kind, StringRef of) -> Token {
    return {kind, of.str()};
  };
  if (StringRef space = text.take_while(isSpace); !space.empty())
    return token(TokenKind::Space, space);
  if (text.starts_with("//")) {
    bool isRun = text.ltrim("/ ").starts_with("RUN:");
    return token(TokenKind::Space,
                 isRun ? text.take_front(2)
                       : text.take_until([](char c) { return c == '\n'; }));
  }
  if (text.starts_with("--")) {
    StringRef flag =
        text.take_until([](char c) { return isSpace(c) || c == '"'; });
    size_t length = flag.size();
    if (flag.ends_with("="))
      length += text.drop_front(length).starts_with("\"")
                    ? quoted(text.drop_front(length)).size()
                    : 0;
    return token(TokenKind::Flag, text.take_front(length));
  }
  if (text.front() == '"')
    return token(TokenKind::Text, quoted(text));
  if (StringRef digits = text.take_while(isDigit); !digits.empty())
    return token(TokenKind::Number, digits);
  // 4x8xf32 is three numbers of a type.
  if (isBehindNumber && text.front() == 'x')
    return token(TokenKind::Other, text.take_front(1));
  size_t sigil = StringRef("%@!#^").contains(text.front());
  StringRef name = text.drop_front(sigil).take_while(isName);
  if (!name.empty() && (sigil || name.front() != '-'))
    return token(TokenKind::Name, text.take_front(sigil + name.size()));
  return token(TokenKind::Other, text.take_front(1));
}

std::vector<Token> tokensOf(StringRef text) {
  std::vector<Token> result;
  bool isBehindNumber = false;
  while (!text.empty()) {
    result.push_back(firstOf(text, isBehindNumber));
    text = text.drop_front(result.back().text.size());
    isBehindNumber = result.back().kind == TokenKind::Number;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Mutations
//===----------------------------------------------------------------------===//

void TokenMutator::learn(StringRef text) {
  for (Token &token : tokensOf(text))
    if (token.kind != TokenKind::Space && seen.insert(token.text).second)
      known[token.kind].push_back(std::move(token.text));
}

void TokenMutator::replace(Token &token) {
  if (token.kind == TokenKind::Number && below(4) != 0) {
    token.text = extremes[below(std::size(extremes))].str();
    return;
  }
  // Names of a kind: a value for a value, an operation for an operation.
  std::vector<std::string> *others = &known[token.kind];
  if (others->empty())
    return;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const std::string &other = (*others)[below(others->size())];
    bool alike = other.front() == token.text.front() ||
                 (isAlpha(other.front()) && isAlpha(token.text.front()));
    if (token.kind != TokenKind::Name || alike || attempt == 19) {
      token.text = other;
      return;
    }
  }
}

/// From a token to the comma or bracket that ends what it is part of.
void TokenMutator::erasePhrase(Tokens &tokens, size_t from) {
  size_t end = from;
  for (int depth = 0; end < tokens.size(); ++end) {
    const std::string &text = tokens[end].text;
    depth += text == "(" || text == "[" || text == "{" || text == "<";
    depth -= text == ")" || text == "]" || text == "}" || text == ">";
    if (depth < 0)
      break;
    if (depth == 0 && text == ",") {
      ++end;
      break;
    }
  }
  tokens.erase(tokens.begin() + from, tokens.begin() + end);
}

void TokenMutator::change(Tokens &tokens) {
  if (tokens.empty())
    return;
  size_t at = below(tokens.size());
  for (int i = 0; i < 8 && tokens[at].kind == TokenKind::Space; ++i)
    at = below(tokens.size());
  size_t other = below(tokens.size());
  auto isLineEnd = [](const Token &token) {
    return token.kind == TokenKind::Space &&
           StringRef(token.text).contains('\n');
  };
  auto end = std::find_if(tokens.begin() + at, tokens.end(), isLineEnd);
  switch (below(9)) {
  case 0: // exchange two of a kind
    for (int i = 0; i < 20 && tokens[other].kind != tokens[at].kind; ++i)
      other = below(tokens.size());
    std::swap(tokens[at].text, tokens[other].text);
    std::swap(tokens[at].kind, tokens[other].kind);
    break;
  case 1:
    tokens.erase(tokens.begin() + at);
    break;
  case 2:
    erasePhrase(tokens, at);
    break;
  case 3: // the rest of a line, elsewhere
  {
    Tokens line(tokens.begin() + at, end);
    tokens.insert(tokens.begin() + other, line.begin(), line.end());
    break;
  }
  case 4:
    tokens.erase(tokens.begin() + at, end);
    break;
  case 5: // numbers and flags are few
  case 6: {
    TokenKind kind = below(4) ? TokenKind::Number : TokenKind::Flag;
    for (size_t i = 0; i < tokens.size(); ++i)
      if (tokens[(at + i) % tokens.size()].kind == kind)
        return replace(tokens[(at + i) % tokens.size()]);
    break;
  }
  default:
    if (tokens[at].kind != TokenKind::Space)
      replace(tokens[at]);
  }
}

std::string TokenMutator::mutate(StringRef text, unsigned seed) {
  random.seed(seed);
  Tokens tokens = tokensOf(text);
  for (size_t changes = 1 + below(1 << below(4)); changes > 0; --changes)
    change(tokens);
  std::string result;
  for (const Token &token : tokens)
    result += token.text;
  return result;
}

} // namespace tritc::fuzz
