//===- TokenizerPatternText.cpp - Reading a regular expression ------------===//

#include "compiler/import/tokenizer/TokenizerPatternText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

namespace tritc::import {

std::string spell(uint32_t codePoint) {
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = bytes;
  llvm::ConvertCodePointToUTF8(codePoint, end);
  return std::string(bytes, end);
}

std::vector<uint32_t> codePointsOf(llvm::StringRef text) {
  std::vector<llvm::UTF32> points(text.size());
  const auto *first = reinterpret_cast<const llvm::UTF8 *>(text.data());
  llvm::UTF32 *end = points.data();
  llvm::ConvertUTF8toUTF32(&first, first + text.size(), &end,
                           points.data() + points.size(),
                           llvm::lenientConversion);
  points.resize(end - points.data());
  return points;
}

bool PatternText::take(llvm::StringRef expected) {
  if (!problem.empty() || text.size() - at < expected.size())
    return false;
  for (auto [i, c] : llvm::enumerate(expected))
    if (text[at + i] != uint8_t(c))
      return false;
  at += expected.size();
  return true;
}

static uint32_t hexadecimal(PatternText &text, size_t digits) {
  uint32_t value = 0;
  for (size_t i = 0; i < digits; ++i) {
    unsigned digit =
        text.peek() < 0x80 ? llvm::hexDigitValue(char(text.next())) : ~0u;
    if (digit > 15)
      text.refuse("\\u without four hexadecimal digits");
    value = value << 4 | (digit & 15);
  }
  return value;
}

/// Behind "\p": "{L}", "{^L}" or, rarer, "L".
static CodePointSet property(PatternText &text, bool isNegated) {
  std::string name;
  if (text.take("{")) {
    if (text.take("^"))
      isNegated = !isNegated;
    while (!text.atEnd() && text.peek() != '}')
      name += spell(text.next());
    if (!text.take("}"))
      text.refuse("\\p without its }");
  }
  std::optional<CodePointSet> set = generalCategory(name);
  if (!set) {
    text.refuse("\\p{" + llvm::Twine(name) + "}");
    return {};
  }
  return isNegated ? set->complement() : *set;
}

/// Behind "\".
CodePointSet readEscape(PatternText &text) {
  uint32_t letter = text.next();
  auto category = [](llvm::StringRef name) { return *generalCategory(name); };
  switch (letter) {
  case 'p':
  case 'P':
    return property(text, letter == 'P');
  case 's':
    return whiteSpace();
  case 'S':
    return whiteSpace().complement();
  case 'd':
    return category("Nd");
  case 'D':
    return category("Nd").complement();
  case 'r':
    return CodePointSet::of('\r');
  case 'n':
    return CodePointSet::of('\n');
  case 't':
    return CodePointSet::of('\t');
  case 'f':
    return CodePointSet::of('\f');
  case 'v':
    return CodePointSet::of('\v');
  case 'u':
    return CodePointSet::of(hexadecimal(text, 4));
  default:
    if (letter < 0x80 && llvm::isPunct(char(letter)))
      return CodePointSet::of(letter);
    text.refuse("\\" + (letter ? spell(letter) : std::string()));
    return {};
  }
}

/// Behind "[": characters, ranges, classes.
CodePointSet readBracket(PatternText &text) {
  bool isNegated = text.take("^");
  CodePointSet set;
  while (!text.atEnd() && text.peek() != ']') {
    if (text.peek() == '[' || text.take("&&"))
      text.refuse("a class in a class");
    uint32_t first = text.next();
    CodePointSet part =
        first == '\\' ? readEscape(text) : CodePointSet::of(first);
    if (text.peek() == '-' && text.peek(1) != 0 && text.peek(1) != ']') {
      text.next();
      uint32_t last = text.next();
      CodePointSet end =
          last == '\\' ? readEscape(text) : CodePointSet::of(last);
      auto isOne = [](const CodePointSet &s) {
        return s.ranges().size() == 1 &&
               s.ranges()[0].first == s.ranges()[0].second;
      };
      if (text.atEnd() || !isOne(part) || !isOne(end) ||
          part.ranges()[0].first > end.ranges()[0].first)
        text.refuse("a range between other than two characters");
      else
        part = {{part.ranges()[0].first, end.ranges()[0].first}};
    }
    set.add(part);
  }
  if (!text.take("]") || set.empty())
    text.refuse("a class without its ]");
  return isNegated ? set.complement() : set;
}

} // namespace tritc::import
