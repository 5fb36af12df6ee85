//===- Gbnf.cpp - llama.cpp's notation of grammars ------------------------===//
//
// https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md, without
// references to tokens. Groups are kept on a stack of our own: none is too
// deep.
//
//===----------------------------------------------------------------------===//

#include "runtime/grammar/Spelling.h"
#include "runtime/grammar/Table.h"
#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

using namespace tritc;
using base::Failure;

namespace tritc::grammar {
class GbnfParser {
public:
  explicit GbnfParser(std::string_view text) : text(text), spelling(builder) {}

  Failure parse(Grammar &grammar);

private:
  /// Alternatives that are being read: those of a rule, or of a group.
  struct Open {
    Fragment whole;
    uint32_t cursor; ///< where the sequence at hand has come to
    Fragment item;   ///< its last part, which may be repeated yet
    bool hasItem;
    uint32_t line;
  };
  struct Name {
    uint32_t rule;
    uint32_t line;   ///< of its definition; 0: not defined
    uint32_t usedIn; ///< line of its first use; 0: not used
  };

  __attribute__((format(printf, 2, 3))) Failure wrong(const char *format, ...);
  Failure expected(const char *what);
  bool atEnd() const { return at >= text.size(); }
  char peek(size_t ahead = 0) const {
    return at + ahead < text.size() ? text[at + ahead] : '\0';
  }
  void skipSpace(bool overLines);
  std::string_view word();
  Name &nameOf(std::string_view word);

  Failure parseRule();
  Failure parseAlternatives(uint32_t rule);
  Failure parsePart(uint32_t rule);
  Failure parseLiteral();
  Failure parseClass();
  Failure parseRepeat(uint32_t rule);
  Failure parseChar(uint32_t &value);
  Failure parseHex(unsigned digits, uint32_t &value);
  Failure parseCount(uint32_t &count);

  void openGroup(uint32_t line);
  void beginSequence();
  void endSequence();
  void addItem(Fragment item);
  void loop(bool mayBeNone, bool mayBeMany);

  std::string_view text;
  size_t at = 0;
  uint32_t line = 1;
  Builder builder;
  Spelling spelling;
  base::Array<Name> names;
  Table nameTable;
  base::Array<Open> open;
  CharSet chars;
};
} // namespace tritc::grammar

using namespace tritc::grammar;

Failure GbnfParser::wrong(const char *format, ...) {
  char what[160];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof(what), format, arguments);
  va_end(arguments);
  return base::fail(base::Malformed, "line %u: %s", line, what);
}

Failure GbnfParser::expected(const char *what) {
  if (atEnd())
    return wrong("expected %s, found the end", what);
  if (peek() == '\n' || peek() == '\r')
    return wrong("expected %s, found the end of the line", what);
  size_t length = text::decodeUtf8(text, at).length;
  return wrong("expected %s, found '%.*s'", what, static_cast<int>(length),
               text.data() + at);
}

void GbnfParser::skipSpace(bool overLines) {
  for (; !atEnd(); ++at) {
    char c = peek();
    if (c == '#') {
      while (!atEnd() && peek() != '\n')
        ++at;
      c = peek();
    }
    if (atEnd() || (c == '\n' && !overLines))
      return;
    if (c == '\n')
      ++line;
    else if (c != ' ' && c != '\t' && c != '\r')
      return;
  }
}

static bool isWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string_view GbnfParser::word() {
  size_t begin = at;
  while (isWordChar(peek()))
    ++at;
  return text::slice(text, begin, at);
}

GbnfParser::Name &GbnfParser::nameOf(std::string_view word) {
  uint64_t hash = word.size();
  for (char c : word)
    hash = Table::mix(hash, static_cast<uint8_t>(c));
  uint32_t index = nameTable.find(
      hash, [&](uint32_t i) { return builder.nameOf(names[i].rule) == word; });
  if (index == Table::none) {
    index = static_cast<uint32_t>(names.size());
    names.push({.rule = builder.rule(word, line), .line = 0, .usedIn = 0});
    nameTable.insert(hash, index);
  }
  return names[index];
}

//===----------------------------------------------------------------------===//
// Fragments
//===----------------------------------------------------------------------===//

void GbnfParser::beginSequence() {
  open.back().cursor = builder.state();
  builder.jump(open.back().whole.start, open.back().cursor);
  open.back().hasItem = false;
}

void GbnfParser::openGroup(uint32_t line) {
  open.push({.whole = builder.fragment(),
             .cursor = 0,
             .item = {},
             .hasItem = false,
             .line = line});
  beginSequence();
}

void GbnfParser::addItem(Fragment item) {
  Open &group = open.back();
  if (group.hasItem) {
    builder.jump(group.cursor, group.item.start);
    group.cursor = group.item.end;
  }
  group.item = item;
  group.hasItem = true;
}

void GbnfParser::endSequence() {
  Open &group = open.back();
  if (group.hasItem) {
    builder.jump(group.cursor, group.item.start);
    group.cursor = group.item.end;
  }
  builder.jump(group.cursor, group.whole.end);
  group.hasItem = false;
}

/// Makes the last part one that may be left out, or come again and again.
void GbnfParser::loop(bool mayBeNone, bool mayBeMany) {
  Fragment &item = open.back().item;
  Fragment around = builder.fragment();
  builder.jump(around.start, item.start);
  builder.jump(item.end, around.end);
  if (mayBeNone)
    builder.jump(around.start, around.end);
  if (mayBeMany)
    builder.jump(item.end, item.start);
  item = around;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

Failure GbnfParser::parseHex(unsigned digits, uint32_t &value) {
  value = 0;
  for (unsigned i = 0; i < digits; ++i, ++at) {
    char c = peek();
    uint32_t digit = c >= '0' && c <= '9'   ? c - '0'
                     : c >= 'a' && c <= 'f' ? c - 'a' + 10
                     : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                            : 16;
    if (digit == 16)
      return expected("a hexadecimal digit");
    value = value << 4 | digit;
  }
  if (value > CharSet::largest || (value >= 0xd800 && value <= 0xdfff))
    return wrong("expected a character, found \\U%08X", value);
  return {};
}

/// A character of a literal or of a class, perhaps escaped.
Failure GbnfParser::parseChar(uint32_t &value) {
  if (peek() != '\\') {
    text::CodePoint found = text::decodeUtf8(text, at);
    if (!found.wellFormed)
      return wrong("expected UTF-8");
    value = found.value;
    at += found.length;
    if (value == '\n')
      ++line;
    return {};
  }
  ++at;
  char c = peek();
  switch (c) {
  case 'x':
  case 'u':
  case 'U':
    ++at;
    return parseHex(c == 'x' ? 2 : c == 'u' ? 4 : 8, value);
  case 't':
    value = '\t';
    break;
  case 'r':
    value = '\r';
    break;
  case 'n':
    value = '\n';
    break;
  case '\\':
  case '"':
  case '[':
  case ']':
    value = static_cast<uint8_t>(c);
    break;
  default:
    return expected("one of t r n x u U \\ \" [ ] behind \\");
  }
  ++at;
  return {};
}

Failure GbnfParser::parseLiteral() {
  uint32_t begin = line;
  ++at;
  Fragment item = {builder.state(), 0};
  item.end = item.start;
  while (peek() != '"') {
    if (atEnd()) {
      line = begin;
      return wrong("expected \" at the end of the text that begins here");
    }
    uint32_t value;
    if (Failure failure = parseChar(value))
      return failure;
    CharRange one = {value, value};
    uint32_t next = builder.state();
    spelling.plain(item.end, {&one, 1}, next);
    item.end = next;
  }
  ++at;
  if (item.end == item.start) {
    item.end = builder.state();
    builder.jump(item.start, item.end);
  }
  addItem(item);
  return {};
}

Failure GbnfParser::parseClass() {
  ++at;
  bool isNegated = peek() == '^';
  at += isNegated;
  chars.clear();
  while (peek() != ']') {
    if (atEnd())
      return expected("] at the end of a class");
    CharRange range;
    if (Failure failure = parseChar(range.first))
      return failure;
    range.last = range.first;
    if (peek() == '-' && peek(1) != ']' && at + 1 < text.size()) {
      ++at;
      if (Failure failure = parseChar(range.last))
        return failure;
      if (range.last < range.first)
        return wrong("expected a range that goes upwards in a class");
    }
    chars.add(range.first, range.last);
  }
  ++at;
  chars.settle();
  if (isNegated)
    chars.complement();
  Fragment item = builder.fragment();
  spelling.plain(item.start, chars.ranges(), item.end);
  addItem(item);
  return {};
}

Failure GbnfParser::parseCount(uint32_t &count) {
  if (peek() < '0' || peek() > '9')
    return expected("a number");
  uint64_t value = 0;
  for (; peek() >= '0' && peek() <= '9'; ++at)
    value = std::min<uint64_t>(value * 10 + static_cast<uint64_t>(peek() - '0'),
                               UINT32_MAX);
  if (value > INT32_MAX)
    return wrong("expected at most %d repetitions", INT32_MAX);
  count = static_cast<uint32_t>(value);
  return {};
}

/// {m}, {m,} or {m,n} behind a part.
Failure GbnfParser::parseRepeat(uint32_t rule) {
  ++at;
  skipSpace(false);
  uint32_t least;
  if (Failure failure = parseCount(least))
    return failure;
  uint32_t most = least;
  skipSpace(false);
  if (peek() == ',') {
    ++at;
    skipSpace(false);
    most = Grammar::unbounded;
    if (peek() != '}')
      if (Failure failure = parseCount(most))
        return failure;
    skipSpace(false);
  }
  if (peek() != '}')
    return expected("}");
  ++at;
  if (most < least)
    return wrong("expected {least,most}, found {%u,%u}", least, most);
  uint32_t body = builder.rule(builder.nameOf(rule), builder.lineOf(rule));
  builder.define(body, open.back().item);
  Fragment around = builder.fragment();
  builder.repeat(around.start, body, least, most, around.end);
  open.back().item = around;
  return {};
}

/// A part of a sequence, or a sign behind one.
Failure GbnfParser::parsePart(uint32_t rule) {
  char c = peek();
  switch (c) {
  case '"':
    return parseLiteral();
  case '[':
    return parseClass();
  case '.': {
    ++at;
    Fragment item = builder.fragment();
    spelling.plain(item.start, everyChar, item.end);
    addItem(item);
    return {};
  }
  case '?':
  case '*':
  case '+':
  case '{':
    if (!open.back().hasItem)
      return wrong("expected something in front of '%c'", c);
    if (c == '{')
      return parseRepeat(rule);
    ++at;
    loop(c != '+', c != '?');
    return {};
  case '<':
  case '!':
    return wrong("tokens in a grammar (%c) are not supported", c);
  default:
    break;
  }
  std::string_view name = word();
  if (name.empty())
    return expected("a part of a rule");
  Name &used = nameOf(name);
  if (!used.usedIn)
    used.usedIn = line;
  Fragment item = builder.fragment();
  builder.call(item.start, used.rule, item.end);
  addItem(item);
  return {};
}

/// Everything behind ::=, to the end of the line or, in a group, across it.
Failure GbnfParser::parseAlternatives(uint32_t rule) {
  open.clear();
  openGroup(line);
  while (!builder.isFull()) {
    bool isNested = open.size() > 1;
    skipSpace(isNested);
    char c = peek();
    if (c == '|' || c == '(') {
      ++at;
      if (c == '(') {
        openGroup(line);
      } else {
        endSequence();
        beginSequence();
      }
      skipSpace(true);
      continue;
    }
    if (c == ')' && isNested) {
      ++at;
      endSequence();
      Fragment item = open.back().whole;
      open.pop();
      addItem(item);
      continue;
    }
    if (atEnd() || c == '\n')
      break;
    if (Failure failure = parsePart(rule))
      return failure;
  }
  if (open.size() > 1 && !builder.isFull()) {
    line = open.back().line;
    return wrong("expected ) for the ( here");
  }
  endSequence();
  builder.define(rule, open[0].whole);
  return {};
}

Failure GbnfParser::parseRule() {
  std::string_view name = word();
  if (name.empty())
    return expected("the name of a rule");
  Name &defined = nameOf(name);
  if (defined.line)
    return wrong("rule '%.*s' is defined again, first in line %u",
                 static_cast<int>(std::min<size_t>(name.size(), 60)),
                 name.data(), defined.line);
  defined.line = line;
  uint32_t rule = defined.rule;
  builder.setLine(rule, line);
  skipSpace(false);
  if (peek() != ':' || peek(1) != ':' || peek(2) != '=')
    return expected("::=");
  at += 3;
  skipSpace(true);
  return parseAlternatives(rule);
}

Failure GbnfParser::parse(Grammar &grammar) {
  for (skipSpace(true); !atEnd() && !builder.isFull(); skipSpace(true))
    if (Failure failure = parseRule())
      return failure;
  uint32_t root = Table::none;
  for (const Name &name : names) {
    std::string_view word = builder.nameOf(name.rule);
    int length = static_cast<int>(std::min<size_t>(word.size(), 60));
    if (!name.line && !builder.isFull()) {
      line = name.usedIn;
      return wrong("rule '%.*s' is not defined", length, word.data());
    }
    if (word == "root")
      root = name.rule;
    else if (!name.usedIn && !grammar.noteText[0])
      snprintf(grammar.noteText, sizeof(grammar.noteText),
               "line %u: rule '%.*s' is not used", name.line, length,
               word.data());
  }
  if (root == Table::none && !builder.isFull())
    return base::fail(base::Malformed,
                      "expected a rule 'root', where an answer begins");
  return builder.finish(root, grammar);
}

Failure Grammar::fromGbnf(std::string_view text, Grammar &grammar) {
  grammar = Grammar();
  Grammar made;
  if (Failure failure = GbnfParser(text).parse(made))
    return failure;
  grammar = static_cast<Grammar &&>(made);
  return {};
}
