//===- Regex.cpp - Patterns of JSON Schema --------------------------------===//

#include "runtime/grammar/Regex.h"
#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::grammar;
using base::Failure;

namespace {
struct Class {
  char name;
  CharRange ranges[6];
  uint8_t count;
  /// What other readers count among them, too. Not in the opposite.
  CharRange wider[8];
  uint8_t widerCount;
};
} // namespace

static constexpr Class classes[] = {
    {'d', {{'0', '9'}}, 1, {{0x80, CharSet::largest}}, 1},
    {'w',
     {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}},
     4,
     {{0x80, CharSet::largest}},
     1},
    {'s',
     {{'\t', '\r'}, {' ', ' '}},
     2,
     {{0x1c, 0x1f},
      {0x85, 0x85},
      {0xa0, 0xa0},
      {0x1680, 0x1680},
      {0x2000, 0x200a},
      {0x2028, 0x202f},
      {0x205f, 0x3000},
      {0xfeff, 0xfeff}},
     8},
};
/// What `.` stands for.
static constexpr CharRange inLine[] = {{0, '\n' - 1},
                                       {'\n' + 1, '\r' - 1},
                                       {'\r' + 1, 0x2027},
                                       {0x202a, 0xd7ff},
                                       {0xe000, CharSet::largest}};

static const Class *classOf(char name) {
  for (const Class &known : classes)
    if (known.name == (name | 0x20))
      return &known;
  return nullptr;
}

namespace {
class RegexParser {
public:
  RegexParser(std::string_view text, CharNfa &nfa) : text(text), nfa(nfa) {}
  Failure parse();

private:
  /// How much of the automaton there was at some time.
  struct Mark {
    uint32_t states;
    size_t steps, jumps;
  };
  struct Open {
    uint32_t start, end, cursor;
    uint32_t itemStart, itemEnd;
    bool hasItem;
    bool isOver; ///< $ was read
    Mark itemMark;
    Mark before; ///< it began
  };

  char peek(size_t ahead = 0) const {
    return at + ahead < text.size() ? text[at + ahead] : '\0';
  }
  bool atEnd() const { return at >= text.size(); }
  Mark mark() const {
    return {nfa.stateCount, nfa.steps.size(), nfa.jumps.size()};
  }
  Failure unsupported(std::string_view what) const {
    return base::fail(base::Usage, "%.*s is not supported",
                      static_cast<int>(std::min<size_t>(what.size(), 40)),
                      what.data());
  }

  void open();
  void beginSequence();
  void endSequence();
  void settleItem();
  void addItem(uint32_t start, uint32_t end, Mark mark);
  void addSet();
  void copyItem(uint32_t &start, uint32_t &end, Mark from, Mark to);
  void repeat(uint32_t least, uint32_t most);

  Failure parsePart();
  Failure parseGroup();
  Failure parseClass();
  Failure parseEscape(bool inClass, bool &isSet);
  Failure parseHex(unsigned digits, uint32_t &value);
  Failure parseBounds(bool &isRepeated);
  Failure parseCount(uint32_t &count);
  void addClass(char name);

  std::string_view text;
  size_t at = 0;
  CharNfa &nfa;
  base::Array<Open> groups;
  CharSet set;
  uint32_t one = 0; ///< the character that an escape stands for
};
} // namespace

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

void RegexParser::open() {
  Mark before = mark();
  uint32_t start = nfa.state(), end = nfa.state();
  groups.push({.start = start,
               .end = end,
               .cursor = start,
               .itemStart = 0,
               .itemEnd = 0,
               .hasItem = false,
               .isOver = false,
               .itemMark = before,
               .before = before});
  beginSequence();
}

/// A pattern is found anywhere, unless it says where.
void RegexParser::beginSequence() {
  Open &group = groups.back();
  group.cursor = nfa.state();
  group.hasItem = group.isOver = false;
  nfa.jump(group.start, group.cursor);
  if (groups.size() > 1)
    return;
  if (peek() == '^')
    ++at;
  else
    nfa.step(group.cursor, everyChar, group.cursor);
}

void RegexParser::endSequence() {
  settleItem();
  Open &group = groups.back();
  uint32_t last = group.cursor;
  if (groups.size() == 1 && !group.isOver) {
    uint32_t rest = nfa.state();
    nfa.jump(last, rest);
    nfa.step(rest, everyChar, rest);
    last = rest;
  }
  nfa.jump(last, group.end);
}

/// Puts the last part behind those before it: nothing repeats it any more.
void RegexParser::settleItem() {
  Open &group = groups.back();
  if (!group.hasItem)
    return;
  nfa.jump(group.cursor, group.itemStart);
  group.cursor = group.itemEnd;
  group.hasItem = false;
}

/// \pre settleItem(), before `mark`: what is repeated is all that follows it
void RegexParser::addItem(uint32_t start, uint32_t end, Mark mark) {
  Open &group = groups.back();
  group.itemStart = start;
  group.itemEnd = end;
  group.hasItem = true;
  group.itemMark = mark;
}

/// One character of `set`.
void RegexParser::addSet() {
  settleItem();
  Mark before = mark();
  uint32_t start = nfa.state(), end = nfa.state();
  nfa.step(start, set.ranges(), end);
  addItem(start, end, before);
}

/// Everything that was added between two times, once more.
void RegexParser::copyItem(uint32_t &start, uint32_t &end, Mark from, Mark to) {
  uint32_t shift = nfa.stateCount - from.states;
  nfa.stateCount += to.states - from.states;
  for (size_t i = from.steps; i < to.steps; ++i) {
    CharNfa::Step step = nfa.steps[i];
    nfa.step(step.from + shift, step.range, step.to + shift);
  }
  for (size_t i = from.jumps; i < to.jumps; ++i) {
    CharNfa::Jump jump = nfa.jumps[i];
    nfa.jump(jump.from + shift, jump.to + shift);
  }
  start += shift;
  end += shift;
}

void RegexParser::repeat(uint32_t least, uint32_t most) {
  Open &group = groups.back();
  Mark from = group.itemMark, to = mark();
  uint32_t start = nfa.state(), end = nfa.state();
  uint32_t cursor = start;
  bool isEndless = most == UINT32_MAX;
  uint32_t copies = isEndless ? std::max(least, 1u) : most;
  for (uint32_t copy = 0; copy < copies && !nfa.isTooLarge(); ++copy) {
    uint32_t partStart = group.itemStart, partEnd = group.itemEnd;
    if (copy > 0)
      copyItem(partStart, partEnd, from, to);
    if (copy >= least)
      nfa.jump(cursor, end);
    nfa.jump(cursor, partStart);
    if (isEndless && copy + 1 == copies)
      nfa.jump(partEnd, partStart);
    cursor = partEnd;
  }
  nfa.jump(cursor, end);
  group.itemStart = start;
  group.itemEnd = end;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

Failure RegexParser::parseHex(unsigned digits, uint32_t &value) {
  value = 0;
  for (unsigned i = 0; i < digits; ++i, ++at) {
    char c = peek();
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
          (c >= 'A' && c <= 'F')))
      return base::fail(base::Malformed, "expected a hexadecimal digit");
    value = value << 4 |
            static_cast<uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return {};
}

void RegexParser::addClass(char name) {
  const Class &known = *classOf(name);
  std::span<const CharRange> own(known.ranges, known.count),
      wider(known.wider, known.widerCount);
  if (name == known.name) {
    set.add(own);
    return;
  }
  CharSet opposite;
  opposite.add(own);
  opposite.add(wider);
  opposite.settle();
  opposite.complement();
  set.add(opposite.ranges());
}

/// What stands behind \: a class, which is added to `set`, or `one` character.
Failure RegexParser::parseEscape(bool inClass, bool &isSet) {
  size_t begin = at++;
  char c = peek();
  isSet = false;
  if (atEnd())
    return base::fail(base::Malformed, "expected a character behind \\");
  if (classOf(c)) {
    isSet = true;
    ++at;
    addClass(c);
    return {};
  }
  static constexpr struct {
    char letter;
    uint8_t value;
  } controls[] = {{'t', '\t'}, {'n', '\n'}, {'v', '\v'},
                  {'f', '\f'}, {'r', '\r'}, {'0', 0}};
  for (auto control : controls)
    if (c == control.letter) {
      ++at;
      if (c == '0' && peek() >= '0' && peek() <= '9')
        break;
      one = control.value;
      return {};
    }
  if (c == 'b' && inClass) {
    ++at;
    one = '\b';
    return {};
  }
  if (c == 'x') {
    ++at;
    return parseHex(2, one);
  }
  if (c == 'c' && (peek(1) | 0x20) >= 'a' && (peek(1) | 0x20) <= 'z') {
    one = static_cast<uint32_t>(peek(1)) & 0x1f;
    at += 2;
    return {};
  }
  if (c == 'u') {
    ++at;
    if (peek() == '{') {
      size_t close = text.find('}', at);
      if (close == text.npos || close - at < 2 || close - at > 7)
        return base::fail(base::Malformed, "expected \\u{...}");
      ++at;
      if (Failure failure = parseHex(static_cast<unsigned>(close - at), one))
        return failure;
      ++at;
    } else {
      if (Failure failure = parseHex(4, one))
        return failure;
      uint32_t low;
      if (one >= 0xd800 && one <= 0xdbff && peek() == '\\' && peek(1) == 'u') {
        at += 2;
        if (Failure failure = parseHex(4, low))
          return failure;
        if (low < 0xdc00 || low > 0xdfff)
          return unsupported("half a character");
        one = 0x10000 + ((one - 0xd800) << 10) + (low - 0xdc00);
      }
    }
    if (one > CharSet::largest || (one >= 0xd800 && one <= 0xdfff))
      return unsupported("half a character");
    return {};
  }
  bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9');
  if (isLetter)
    return unsupported(text::slice(text, begin, begin + 2));
  text::CodePoint found = text::decodeUtf8(text, at);
  one = found.value;
  at += found.length;
  return {};
}

Failure RegexParser::parseClass() {
  ++at;
  bool isNegated = peek() == '^';
  at += isNegated;
  set.clear();
  // The opposite leaves out what may be thought to be in.
  CharSet wider;
  auto parseOne = [&](bool &isSet) -> Failure {
    isSet = false;
    if (peek() == '\\') {
      const Class *known = classOf(peek(1));
      if (known && peek(1) == known->name)
        wider.add({known->wider, known->widerCount});
      return parseEscape(true, isSet);
    }
    text::CodePoint found = text::decodeUtf8(text, at);
    one = found.value;
    at += found.length;
    return {};
  };
  while (peek() != ']' || atEnd()) {
    if (atEnd())
      return base::fail(base::Malformed, "expected ] at the end of a class");
    bool isSet;
    if (Failure failure = parseOne(isSet))
      return failure;
    if (isSet)
      continue;
    CharRange range = {one, one};
    if (peek() == '-' && peek(1) != ']' && at + 1 < text.size()) {
      ++at;
      if (Failure failure = parseOne(isSet))
        return failure;
      if (isSet || one < range.first)
        return base::fail(base::Malformed,
                          "expected a range that goes upwards in a class");
      range.last = one;
    }
    set.add(range.first, range.last);
  }
  ++at;
  if (isNegated)
    set.add(wider.ranges());
  set.settle();
  if (isNegated)
    set.complement();
  addSet();
  return {};
}

Failure RegexParser::parseGroup() {
  settleItem();
  ++at;
  if (peek() == '?') {
    bool isName = peek(1) == '<' && peek(2) != '=' && peek(2) != '!';
    if (peek(1) == ':') {
      at += 2;
    } else if (isName) {
      size_t close = text.find('>', at);
      if (close == text.npos)
        return base::fail(base::Malformed, "expected > behind a group's name");
      at = close + 1;
    } else {
      return unsupported(text::slice(
          text, at - 1, std::min(text.size(), at + 2 + (peek(1) == '<'))));
    }
  }
  open();
  return {};
}

Failure RegexParser::parseCount(uint32_t &count) {
  if (peek() < '0' || peek() > '9')
    return base::fail(base::Malformed, "expected a number in {}");
  uint64_t value = 0;
  for (; peek() >= '0' && peek() <= '9'; ++at)
    value = std::min<uint64_t>(value * 10 + static_cast<uint64_t>(peek() - '0'),
                               INT32_MAX);
  count = static_cast<uint32_t>(value);
  return {};
}

/// A sign of repetition behind a part, if there is one.
Failure RegexParser::parseBounds(bool &isRepeated) {
  uint32_t least = 0, most = UINT32_MAX;
  isRepeated = true;
  switch (peek()) {
  case '*':
    break;
  case '+':
    least = 1;
    break;
  case '?':
    most = 1;
    break;
  case '{':
    ++at;
    if (Failure failure = parseCount(least))
      return failure;
    most = least;
    if (peek() == ',') {
      ++at;
      most = UINT32_MAX;
      if (peek() != '}')
        if (Failure failure = parseCount(most))
          return failure;
    }
    if (peek() != '}' || most < least)
      return base::fail(base::Malformed, "expected {least,most}");
    break;
  default:
    isRepeated = false;
    return {};
  }
  if (!groups.back().hasItem)
    return base::fail(base::Malformed, "expected something in front of '%c'",
                      peek());
  ++at;
  if (peek() == '?') // as few as possible: the same texts
    ++at;
  repeat(least, most);
  return {};
}

Failure RegexParser::parsePart() {
  char c = peek();
  bool isRepeated, isSet;
  if (groups.back().isOver)
    return unsupported("$ within a pattern");
  if (Failure failure = parseBounds(isRepeated))
    return failure;
  if (isRepeated)
    return {};
  switch (c) {
  case '(':
    return parseGroup();
  case '[':
    return parseClass();
  case '.':
    ++at;
    set.clear();
    set.add(inLine);
    set.settle();
    addSet();
    return {};
  case '^':
    return unsupported("^ within a pattern");
  case '$':
    if (groups.size() > 1)
      return unsupported("$ within a group");
    ++at;
    groups.back().isOver = true;
    return {};
  case '\\':
    set.clear();
    if (Failure failure = parseEscape(false, isSet))
      return failure;
    if (!isSet)
      set.add(one, one);
    set.settle();
    addSet();
    return {};
  default:
    break;
  }
  text::CodePoint found = text::decodeUtf8(text, at);
  at += found.length;
  set.clear();
  set.add(found.value, found.value);
  set.settle();
  addSet();
  return {};
}

Failure RegexParser::parse() {
  nfa = CharNfa();
  open();
  while (!atEnd() && !nfa.isTooLarge()) {
    if (peek() == '|') {
      endSequence();
      ++at;
      beginSequence();
    } else if (peek() == ')') {
      if (groups.size() == 1)
        return base::fail(base::Malformed, "expected ( in front of )");
      ++at;
      endSequence();
      Open group = groups.back();
      groups.pop();
      addItem(group.start, group.end, group.before);
    } else if (Failure failure = parsePart()) {
      return failure;
    }
  }
  if (nfa.isTooLarge())
    return base::fail(base::Usage, "expected at most %zu states, found more",
                      CharNfa::mostStates);
  if (groups.size() > 1)
    return base::fail(base::Malformed, "expected ) behind (");
  endSequence();
  nfa.start = groups[0].start;
  nfa.end = groups[0].end;
  return {};
}

Failure grammar::readRegex(std::string_view pattern, CharNfa &nfa) {
  return RegexParser(pattern, nfa).parse();
}
