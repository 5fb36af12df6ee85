//===- JinjaLexer.cpp - A template as tokens ------------------------------===//

#include "compiler/import/template/JinjaSyntax.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

namespace tritc::import::jinja {

static llvm::Error syntaxError(const llvm::Twine &what) {
  return makeError(ExitCode::Unreadable, what);
}

/// Appends a character of the basic plane as UTF-8; false for a surrogate.
static bool appendCharacter(unsigned code, std::string &text) {
  if (code >= 0xd800 && code < 0xe000)
    return false;
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *end = bytes;
  if (!llvm::ConvertCodePointToUTF8(code, end))
    return false;
  text.append(bytes, end);
  return true;
}

namespace {

class Lexer {
public:
  /// `text` has plain newlines and must outlive this.
  explicit Lexer(llvm::StringRef text) : rest(text) {}

  llvm::Error run() {
    while (true) {
      size_t tag = findTag();
      addText(tag);
      if (tag == llvm::StringRef::npos)
        break;
      if (llvm::Error error = rest[1] == '#' ? comment() : lexTag())
        return error;
    }
    tokens.push_back({Token::Kind::End, ""});
    return llvm::Error::success();
  }

  std::vector<Token> tokens;

private:
  /// Position of the next {{, {% or {#.
  size_t findTag() const {
    for (size_t at = rest.find('{'); at != llvm::StringRef::npos;
         at = rest.find('{', at + 1))
      if (at + 1 < rest.size() && llvm::StringRef("{%#").contains(rest[at + 1]))
        return at;
    return llvm::StringRef::npos;
  }

  /// Takes the text before the tag at `end`, less the white space that this
  /// tag takes away.
  void addText(size_t end) {
    llvm::StringRef text = rest.take_front(end);
    rest = rest.substr(std::min(end, rest.size()));
    if (rest.size() >= 3 && rest[2] == '-')
      text = text.rtrim();
    else if (rest.size() >= 3 && rest[1] != '{' && rest[2] != '+')
      text = dropIndent(text);
    if (!text.empty())
      tokens.push_back({Token::Kind::Text, text.str()});
  }

  /// lstrip_blocks: blanks between the start of a line and a block tag.
  llvm::StringRef dropIndent(llvm::StringRef text) const {
    size_t line = text.rfind('\n') + 1; // npos + 1 is 0
    if (line == 0 && !atLineStart)
      return text;
    return text.drop_front(line).trim().empty() ? text.take_front(line) : text;
  }

  /// Takes away the white space after a tag: all of it after -%}, and one
  /// newline after a block (trim_blocks) unless it ends in +%}.
  void afterTag(bool isBlock, char modifier) {
    atLineStart = false;
    if (modifier == '-')
      rest = rest.ltrim();
    else if (isBlock && modifier != '+')
      atLineStart = rest.consume_front("\n");
  }

  llvm::Error comment() {
    size_t end = rest.find("#}", 2);
    if (end == llvm::StringRef::npos)
      return syntaxError("comment without end");
    char modifier = rest[end - 1];
    rest = rest.drop_front(end + 2);
    afterTag(/*isBlock=*/true, modifier);
    return llvm::Error::success();
  }

  llvm::Error lexTag() {
    bool isBlock = rest[1] == '%';
    tokens.push_back(
        {isBlock ? Token::Kind::BeginBlock : Token::Kind::BeginOutput, ""});
    rest = rest.drop_front(2);
    if (!rest.consume_front("-"))
      rest.consume_front("+");
    llvm::StringRef end = isBlock ? "%}" : "}}";
    unsigned openBraces = 0;
    while (true) {
      rest = rest.ltrim();
      if (rest.empty())
        return syntaxError("tag without end");
      openBraces += rest[0] == '{';
      if (openBraces > 0 && rest[0] == '}') { // of a mapping, not of the tag
        --openBraces;
        take(Token::Kind::Operator, 1);
        continue;
      }
      char modifier = rest[0];
      bool modified = (modifier == '-' || (modifier == '+' && isBlock)) &&
                      rest.drop_front().starts_with(end);
      if (modified || rest.starts_with(end)) {
        rest = rest.drop_front(modified ? 3 : 2);
        tokens.push_back({Token::Kind::EndTag, ""});
        afterTag(isBlock, modified ? modifier : '\0');
        return llvm::Error::success();
      }
      if (llvm::Error error = lexToken())
        return error;
    }
  }

  llvm::Error lexToken() {
    char c = rest[0];
    if (c == '\'' || c == '"')
      return lexString(c);
    if (llvm::isAlpha(c) || c == '_') {
      take(Token::Kind::Name,
           rest.take_while([](char d) { return llvm::isAlnum(d) || d == '_'; })
               .size());
      return llvm::Error::success();
    }
    if (llvm::isDigit(c)) {
      size_t digits = rest.take_while(llvm::isDigit).size();
      llvm::StringRef behind = rest.drop_front(digits);
      bool isWhole = !(behind.starts_with(".") && behind.size() > 1 &&
                       llvm::isDigit(behind[1]));
      take(isWhole ? Token::Kind::Integer : Token::Kind::Unknown, digits);
      return llvm::Error::success();
    }
    for (llvm::StringRef longOne : {"==", "!=", "<=", ">=", "//", "**"})
      if (rest.starts_with(longOne)) {
        take(Token::Kind::Operator, 2);
        return llvm::Error::success();
      }
    if (llvm::StringRef("+-*/%~<>=|.,:()[]{}").contains(c)) {
      take(Token::Kind::Operator, 1);
      return llvm::Error::success();
    }
    take(Token::Kind::Unknown, 1);
    return llvm::Error::success();
  }

  llvm::Error lexString(char quote) {
    std::string text;
    for (size_t i = 1; i < rest.size(); ++i) {
      if (rest[i] == quote) {
        rest = rest.drop_front(i + 1);
        tokens.push_back({Token::Kind::String, std::move(text)});
        return llvm::Error::success();
      }
      if (rest[i] != '\\') {
        text.push_back(rest[i]);
        continue;
      }
      if (++i == rest.size())
        break;
      size_t known = llvm::StringRef("ntr\\'\"bf").find(rest[i]);
      if (known != llvm::StringRef::npos) {
        text.push_back("\n\t\r\\'\"\b\f"[known]);
        continue;
      }
      unsigned code = 0;
      size_t digits = rest[i] == 'x' ? 2 : rest[i] == 'u' ? 4 : 0;
      if (digits == 0) { // as Python: no escape, both are there
        text.push_back('\\');
        text.push_back(rest[i]);
        continue;
      }
      llvm::StringRef hex = rest.substr(i + 1, digits);
      if (hex.size() < digits || !llvm::all_of(hex, llvm::isHexDigit) ||
          hex.getAsInteger(16, code) || !appendCharacter(code, text))
        return syntaxError("unknown escape in a string");
      i += digits;
    }
    return syntaxError("string without end");
  }

  void take(Token::Kind kind, size_t length) {
    tokens.push_back({kind, rest.take_front(length).str()});
    rest = rest.drop_front(length);
  }

  llvm::StringRef rest;
  bool atLineStart = true;
};

} // namespace

llvm::Expected<std::vector<Token>> tokenize(llvm::StringRef text) {
  // As the reference: every kind of newline is one, and one at the very end
  // does not count.
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    bool isPair = text.substr(i).starts_with("\r\n");
    plain.push_back(text[i] == '\r' ? '\n' : text[i]);
    i += isPair;
  }
  if (!plain.empty() && plain.back() == '\n')
    plain.pop_back();
  Lexer lexer(plain);
  if (llvm::Error error = lexer.run())
    return error;
  return std::move(lexer.tokens);
}

} // namespace tritc::import::jinja
