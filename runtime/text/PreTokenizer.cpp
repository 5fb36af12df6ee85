//===- PreTokenizer.cpp - Cutting text into pieces before BPE -------------===//

#include "runtime/text/PreTokenizer.h"

#include "runtime/text/Utf8.h"

namespace tritc::text {

namespace {

/// No class of the table: the end of the text.
constexpr uint32_t classEnd = 4;

/// A character, its class, and where the next one starts.
struct Character {
  uint32_t value;
  uint32_t kind;
  size_t end;

  bool isNewline() const { return value == '\r' || value == '\n'; }
};

/// The text as classified characters.
class Reader {
public:
  Reader(const Tables &tables, std::string_view text)
      : tables(tables), text(text) {}

  Character at(size_t position) const {
    if (position >= text.size())
      return {0, classEnd, position};
    CodePoint point = decodeUtf8(text, position);
    return {point.value, tables.classOf(point.value), position + point.length};
  }

  /// End of the run of at most `limit` characters of one class.
  size_t skip(size_t position, uint32_t kind, size_t limit = SIZE_MAX) const {
    for (; limit > 0; --limit) {
      Character next = at(position);
      if (next.kind != kind)
        break;
      position = next.end;
    }
    return position;
  }

  size_t skipNewlines(size_t position) const {
    while (at(position).isNewline())
      position = at(position).end;
    return position;
  }

private:
  const Tables &tables;
  std::string_view text;
};

} // namespace

/// Lower case as far as contractions need it. U+017F is the one character
/// beyond ASCII that folds to one of their letters.
static uint32_t foldCase(uint32_t value) {
  if (value >= 'A' && value <= 'Z')
    return value + ('a' - 'A');
  return value == 0x17f ? 's' : value;
}

/// End of 's 't 're 've 'm 'll 'd, or 0.
static size_t contraction(const Reader &reader, size_t start, bool ignoreCase) {
  Character quote = reader.at(start);
  if (quote.value != '\'')
    return 0;
  Character first = reader.at(quote.end);
  Character second = reader.at(first.end);
  uint32_t a = ignoreCase ? foldCase(first.value) : first.value;
  uint32_t b = ignoreCase ? foldCase(second.value) : second.value;
  if (a == 's' || a == 't' || a == 'm' || a == 'd')
    return first.end;
  if ((a == 'r' && b == 'e') || (a == 'v' && b == 'e') ||
      (a == 'l' && b == 'l'))
    return second.end;
  return 0;
}

/// `\s+(?!\S)|\s+` and, before them if `newlines`, `\s*[\r\n]+`.
static size_t whiteSpace(const Reader &reader, size_t start, bool newlines) {
  size_t end = start;
  size_t lastStart = start;
  size_t afterNewline = 0;
  Character next = reader.at(start);
  for (; next.kind == TRITC_CLASS_SPACE; next = reader.at(end)) {
    lastStart = end;
    end = next.end;
    if (next.isNewline())
      afterNewline = end;
  }
  if (newlines && afterNewline > 0)
    return afterNewline;
  // The last space belongs to the word after it, if it is not the only one.
  if (next.kind != classEnd && lastStart > start)
    return lastStart;
  return end;
}

static size_t llama3Piece(const Reader &reader, size_t start) {
  if (size_t end = contraction(reader, start, /*ignoreCase=*/true))
    return end;
  Character first = reader.at(start);
  if (first.kind == TRITC_CLASS_LETTER)
    return reader.skip(first.end, TRITC_CLASS_LETTER);
  if (first.kind == TRITC_CLASS_NUMBER)
    return reader.skip(start, TRITC_CLASS_NUMBER, 3);
  Character second = reader.at(first.end);
  if (!first.isNewline() && second.kind == TRITC_CLASS_LETTER)
    return reader.skip(second.end, TRITC_CLASS_LETTER);
  bool symbols = first.kind == TRITC_CLASS_OTHER ||
                 (first.value == ' ' && second.kind == TRITC_CLASS_OTHER);
  if (symbols)
    return reader.skipNewlines(reader.skip(first.end, TRITC_CLASS_OTHER));
  return whiteSpace(reader, start, /*newlines=*/true);
}

static size_t gpt2Piece(const Reader &reader, size_t start) {
  if (size_t end = contraction(reader, start, /*ignoreCase=*/false))
    return end;
  Character first = reader.at(start);
  if (first.kind != TRITC_CLASS_SPACE)
    return reader.skip(first.end, first.kind);
  Character second = reader.at(first.end);
  if (first.value == ' ' && second.kind != TRITC_CLASS_SPACE &&
      second.kind != classEnd)
    return reader.skip(second.end, second.kind);
  return whiteSpace(reader, start, /*newlines=*/false);
}

size_t endOfPiece(const Tables &tables, std::string_view text, size_t start) {
  if (tables.header().splitRule == TRITC_SPLIT_NONE)
    return text.size();
  Reader reader(tables, text);
  return tables.header().splitRule == TRITC_SPLIT_GPT2
             ? gpt2Piece(reader, start)
             : llama3Piece(reader, start);
}

} // namespace tritc::text
