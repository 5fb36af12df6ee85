//===- PreTokenizer.cpp - Cutting text into pieces before BPE -------------===//

#include "runtime/text/PreTokenizer.h"

#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

namespace tritc::text {

namespace {

/// No match.
constexpr size_t nowhere = SIZE_MAX;

/// A piece as characters of one stage: of UTF-8 or bytes.
class Characters {
public:
  Characters(const Tables &tables, std::string_view text, bool isBytes)
      : tables(tables), text(text), isBytes(isBytes) {}

  bool atEnd(size_t position) const { return position == text.size(); }

  /// The class of a character as a bit; none at the end.
  uint64_t classAt(size_t position, size_t &next) const {
    if (atEnd(position))
      return 0;
    uint8_t byte = static_cast<uint8_t>(text[position]);
    uint32_t kind;
    if (isBytes) {
      next = position + 1;
      kind = tables.header().byteClasses[byte];
    } else {
      CodePoint point = decodeUtf8(text, position);
      next = position + point.length;
      kind = tables.classOf(point.value);
    }
    return uint64_t(1) << kind;
  }

  /// Start of the character that ends at `position`.
  size_t before(size_t position) const {
    --position;
    while (!isBytes && (static_cast<uint8_t>(text[position]) & 0xc0) == 0x80)
      --position;
    return position;
  }

private:
  const Tables &tables;
  std::string_view text;
  bool isBytes;
};

} // namespace

namespace {

/// Matches alternatives as a backtracking engine does.
class Matcher {
public:
  Matcher(const Tables &tables, const Characters &text)
      : tables(tables), text(text) {}

  /// End of the match of the first of `count` alternatives from `first` on that
  /// matches at `position`, or nowhere.
  size_t matchOne(uint32_t first, uint32_t count, size_t position) const;

private:
  size_t match(const TritcSplitAlternative &alternative,
               const TritcSplitItem *item, size_t position) const;

  const Tables &tables;
  const Characters &text;
};

} // namespace

/// End of the match of `alternative` from `item` on, or nowhere.
size_t Matcher::match(const TritcSplitAlternative &alternative,
                      const TritcSplitItem *item, size_t position) const {
  if (item == tables.items() + alternative.firstItem + alternative.itemCount)
    return alternative.choiceCount == 0
               ? position
               : matchOne(alternative.firstChoice, alternative.choiceCount,
                          position);
  size_t next = position;
  if (item->most == TRITC_SPLIT_LOOK) {
    bool isThere = (text.classAt(position, next) & item->set) != 0;
    return isThere == (item->least != 0)
               ? match(alternative, item + 1, position)
               : nowhere;
  }
  uint32_t count = 0;
  while (count < item->most && text.classAt(position, next) & item->set) {
    position = next;
    ++count;
  }
  if (item->least > count)
    return nowhere;
  while (true) {
    size_t end = match(alternative, item + 1, position);
    if (end != nowhere || count == item->least)
      return end;
    position = text.before(position);
    --count;
  }
}

size_t Matcher::matchOne(uint32_t first, uint32_t count,
                         size_t position) const {
  const TritcSplitAlternative *alternatives = tables.alternatives() + first;
  size_t next;
  uint64_t kind = text.classAt(position, next);
  for (uint32_t i = 0; i < count; ++i) {
    if (alternatives[i].first != 0 && !(alternatives[i].first & kind))
      continue;
    size_t end = match(alternatives[i],
                       tables.items() + alternatives[i].firstItem, position);
    if (end != nowhere)
      return end;
  }
  return nowhere;
}

/// End of the stage's match at `position`, or nowhere.
static size_t matchAt(const Tables &tables, const TritcSplitStage &stage,
                      const Characters &text, size_t position) {
  return Matcher(tables, text)
      .matchOne(stage.firstAlternative, stage.alternativeCount, position);
}

PreTokenizer::PreTokenizer(const Tables &tables, std::string_view text)
    : tables(tables), text(text) {
  // Without stages the first cursor hands the text out whole.
  cursors[0].end = text.size();
}

bool PreTokenizer::done() const {
  uint32_t stages = tables.header().splitStages;
  for (uint32_t stage = 0; stage < stages; ++stage)
    if (cursors[stage].at < cursors[stage].end)
      return false;
  return stages > 0 || cursors[0].at == cursors[0].end;
}

/// Finds the next match, if it was not found yet, and moves behind the next
/// piece: what lies before the match, or the match.
void PreTokenizer::advance(uint32_t number, Cursor &cursor) const {
  const TritcSplitStage &stage = tables.stage(number);
  Characters characters(tables, slice(text, 0, cursor.end),
                        stage.flags & TRITC_SPLIT_BYTES);
  if (cursor.matchEnd <= cursor.at) {
    size_t position = cursor.at, end = nowhere;
    while (position < cursor.end &&
           (end = matchAt(tables, stage, characters, position)) == nowhere)
      characters.classAt(position, position);
    cursor.match = position;
    cursor.matchEnd = end == nowhere ? cursor.end : end;
  }
  if (cursor.match > cursor.at) {
    cursor.at = cursor.match;
    return;
  }
  cursor.at = cursor.matchEnd;
  while (stage.flags & TRITC_SPLIT_JOINED && cursor.at < cursor.end) {
    size_t end = matchAt(tables, stage, characters, cursor.at);
    if (end == nowhere)
      break;
    cursor.at = end;
  }
}

std::string_view PreTokenizer::next() {
  uint32_t stages = tables.header().splitStages;
  if (stages == 0) {
    cursors[0].at = cursors[0].end;
    return text;
  }
  // The last stage that still has some of its piece; those behind it begin.
  uint32_t stage = stages - 1;
  while (cursors[stage].at == cursors[stage].end)
    --stage;
  while (true) {
    size_t start = cursors[stage].at;
    advance(stage, cursors[stage]);
    size_t end = cursors[stage].at;
    if (++stage == stages)
      return slice(text, start, end);
    cursors[stage] = {start, end, start, start};
  }
}

} // namespace tritc::text
