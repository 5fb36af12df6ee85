//===- Composer.cpp - Unicode's normal forms ------------------------------===//

#include "runtime/text/Composer.h"

#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

namespace tritc::text {

namespace {

/// Hangul is arithmetic: a leading consonant, a vowel and perhaps a final
/// consonant are one of 11,172 syllables (section 3.12 of the standard).
constexpr uint32_t firstSyllable = 0xac00, firstLead = 0x1100,
                   firstVowel = 0x1161, beforeFinals = 0x11a7, leads = 19,
                   vowels = 21, finals = 28,
                   syllables = leads * vowels * finals;

/// A character with its combining class and its place, so that they sort in
/// canonical order by value: class, place, character.
struct Mark {
  static constexpr int characterBits = 21, placeBits = 32;

  uint64_t key;

  uint32_t character() const {
    return static_cast<uint32_t>(key & ((1u << characterBits) - 1));
  }
  uint8_t combiningClass() const {
    return static_cast<uint8_t>(key >> (characterBits + placeBits));
  }
  bool operator<(const Mark &other) const { return key < other.key; }
};

/// Normalizes one stretch that nothing around it changes.
class Composer {
public:
  explicit Composer(const Tables &tables) : tables(tables) {}

  void normalize(std::string_view stretch, base::Array<char> &out);

private:
  void decompose(uint32_t character);
  void push(uint32_t character);
  void order();
  void compose();
  uint32_t composed(uint32_t first, uint32_t second) const;

  const Tables &tables;
  base::Array<Mark> marks;
};

} // namespace

static bool isSyllable(uint32_t character) {
  return character - firstSyllable < syllables;
}

void Composer::push(uint32_t character) {
  uint64_t kind = tables.normalEntry(character).combiningClass;
  uint64_t place = marks.size() & UINT32_MAX;
  marks.push({kind << (Mark::characterBits + Mark::placeBits) |
              place << Mark::characterBits | character});
}

void Composer::decompose(uint32_t character) {
  if (isSyllable(character)) {
    uint32_t index = character - firstSyllable;
    push(firstLead + index / (vowels * finals));
    push(firstVowel + index / finals % vowels);
    if (index % finals != 0)
      push(beforeFinals + index % finals);
    return;
  }
  const TritcNormalEntry &entry = tables.normalEntry(character);
  if (entry.length == 0)
    return push(character);
  for (uint32_t i = 0; i < entry.length; ++i)
    push(tables.decomposition(entry)[i]);
}

/// Sorts each run of marks by class; those of one class stay as they are.
void Composer::order() {
  for (size_t first = 0; first < marks.size();) {
    size_t last = first;
    while (last < marks.size() && marks[last].combiningClass() != 0)
      ++last;
    std::sort(marks.begin() + first, marks.begin() + last);
    first = last + 1;
  }
}

/// What the two are written as, or 0.
uint32_t Composer::composed(uint32_t first, uint32_t second) const {
  if (first - firstLead < leads && second - firstVowel < vowels)
    return firstSyllable +
           ((first - firstLead) * vowels + second - firstVowel) * finals;
  if (isSyllable(first) && (first - firstSyllable) % finals == 0 &&
      second - beforeFinals - 1 < finals - 1)
    return first + second - beforeFinals;
  const TritcComposition *begin = tables.compositions();
  const TritcComposition *end = begin + tables.header().compositionCount;
  auto isBefore = [&](const TritcComposition &pair) {
    return pair.first < first || (pair.first == first && pair.second < second);
  };
  const TritcComposition *found = std::partition_point(begin, end, isBefore);
  return found != end && found->first == first && found->second == second
             ? found->composed
             : 0;
}

/// A character composes with the last starter, unless one of its class or a
/// higher one, or another starter, stands between them.
void Composer::compose() {
  constexpr size_t none = SIZE_MAX;
  size_t count = 0, starter = none;
  uint8_t before = 0;
  for (size_t i = 0; i < marks.size(); ++i) {
    Mark mark = marks[i];
    uint8_t kind = mark.combiningClass();
    bool isNext = starter != none && (count == starter + 1 || before < kind);
    uint32_t both =
        isNext ? composed(marks[starter].character(), mark.character()) : 0;
    if (both != 0) {
      marks[starter].key = both;
      continue;
    }
    if (kind == 0)
      starter = count;
    before = kind;
    marks[count++] = mark;
  }
  marks.resize(count);
}

void Composer::normalize(std::string_view stretch, base::Array<char> &out) {
  marks.clear();
  for (size_t at = 0; at < stretch.size();) {
    CodePoint point = decodeUtf8(stretch, at);
    decompose(point.value);
    at += point.length;
  }
  order();
  if (!tables.hasFlag(TRITC_TOKENIZER_DECOMPOSED))
    compose();
  for (const Mark &mark : marks)
    appendUtf8(mark.character(), out);
}

/// Nothing before this character changes it, nor does it change by itself.
static bool isBoundary(const Tables &tables, CodePoint point) {
  return point.value < 0x80 || tables.normalEntry(point.value).isBoundary;
}

void appendNormalForm(const Tables &tables, std::string_view text,
                      base::Array<char> &out) {
  Composer composer(tables);
  size_t plain = 0; // from here to `at` nothing changes
  for (size_t at = 0; at < text.size();) {
    CodePoint first = decodeUtf8(text, at);
    size_t end = at + first.length;
    bool isPlain = isBoundary(tables, first);
    while (end < text.size()) {
      CodePoint next = decodeUtf8(text, end);
      if (isBoundary(tables, next))
        break;
      isPlain = false;
      end += next.length;
    }
    if (!isPlain) {
      out.append(slice(text, plain, at));
      composer.normalize(slice(text, at, end), out);
      plain = end;
    }
    at = end;
  }
  out.append(slice(text, plain, text.size()));
}

} // namespace tritc::text
