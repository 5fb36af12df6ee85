//===- TokenizerCodePoints.cpp - Sets of characters -----------------------===//

#include "compiler/import/TokenizerCodePoints.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <utf8proc.h>

#include <array>

namespace tritc::import {

static constexpr uint32_t lastCodePoint = 0x10ffff;

/// Orders the runs and joins those that touch.
void CodePointSet::tidy() {
  llvm::sort(runs);
  std::vector<Range> joined;
  for (const Range &run : runs)
    if (!joined.empty() && run.first <= joined.back().second + 1)
      joined.back().second = std::max(joined.back().second, run.second);
    else
      joined.push_back(run);
  runs = std::move(joined);
}

void CodePointSet::add(const CodePointSet &other) {
  runs.insert(runs.end(), other.runs.begin(), other.runs.end());
  tidy();
}

CodePointSet CodePointSet::complement() const {
  std::vector<Range> gaps;
  uint32_t next = 0;
  for (auto [first, last] : runs) {
    if (first > next)
      gaps.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= lastCodePoint)
    gaps.emplace_back(next, lastCodePoint);
  return CodePointSet(std::move(gaps));
}

bool CodePointSet::contains(uint32_t codePoint) const {
  auto after = llvm::upper_bound(runs, Range(codePoint, UINT32_MAX));
  return after != runs.begin() && codePoint <= std::prev(after)->second;
}

bool CodePointSet::meets(const CodePointSet &other) const {
  auto a = runs.begin();
  for (auto b = other.runs.begin(); b != other.runs.end(); ++b) {
    while (a != runs.end() && a->second < b->first)
      ++a;
    if (a != runs.end() && a->first <= b->second)
      return true;
  }
  return false;
}

/// What `codePoint` folds to; itself if that is more than one character.
static uint32_t fold(uint32_t codePoint) {
  const utf8proc_property_t *property =
      utf8proc_get_property(utf8proc_int32_t(codePoint));
  if (property->casefold_seqindex == UINT16_MAX)
    return codePoint;
  utf8proc_int32_t folded[8];
  int boundary = 0;
  utf8proc_ssize_t count = utf8proc_decompose_char(
      utf8proc_int32_t(codePoint), folded, 8, UTF8PROC_CASEFOLD, &boundary);
  return count == 1 ? uint32_t(folded[0]) : codePoint;
}

/// The characters that fold to others, and to which.
static const std::vector<std::pair<uint32_t, uint32_t>> &foldings() {
  static const auto list = [] {
    std::vector<std::pair<uint32_t, uint32_t>> made;
    for (uint32_t point = 0; point <= lastCodePoint; ++point)
      if (uint32_t folded = fold(point); folded != point)
        made.emplace_back(point, folded);
    return made;
  }();
  return list;
}

CodePointSet CodePointSet::ignoringCase() const {
  std::vector<Range> folded = runs;
  for (auto [point, to] : foldings())
    if (contains(point))
      folded.emplace_back(to, to);
  CodePointSet lower(folded);
  for (auto [point, to] : foldings())
    if (lower.contains(to))
      folded.emplace_back(point, point);
  return CodePointSet(std::move(folded));
}

/// Two letters each, in the order of utf8proc_category_t.
static constexpr llvm::StringLiteral categoryNames[] = {
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd",
    "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
    "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"};

using Categories =
    std::array<std::vector<CodePointSet::Range>, std::size(categoryNames)>;

/// By code point, an index of categoryNames.
static std::vector<uint8_t> categoryOfEach() {
  std::vector<uint8_t> made(lastCodePoint + 1);
  for (uint32_t point = 0; point <= lastCodePoint; ++point)
    made[point] = uint8_t(utf8proc_category(utf8proc_int32_t(point)));
  auto change = [&](uint32_t first, uint32_t last, llvm::StringRef name) {
    auto index = llvm::find(categoryNames, name) - std::begin(categoryNames);
    std::fill(made.begin() + first, made.begin() + last + 1, uint8_t(index));
  };
#define TRITC_CATEGORY(first, last, category) change(first, last, #category);
#include "compiler/import/UnicodeChanges.def"
  return made;
}

/// The characters of each category.
static const Categories &categories() {
  static const Categories all = [] {
    Categories made;
    for (auto [index, category] : llvm::enumerate(categoryOfEach())) {
      uint32_t point = uint32_t(index);
      auto &runs = made[category];
      if (!runs.empty() && runs.back().second + 1 == point)
        ++runs.back().second;
      else
        runs.emplace_back(point, point);
    }
    return made;
  }();
  return all;
}

std::optional<CodePointSet> generalCategory(llvm::StringRef name) {
  if (name.empty() || name.size() > 2)
    return std::nullopt;
  CodePointSet set;
  for (auto [index, category] : llvm::enumerate(categoryNames))
    if (category.starts_with(name))
      set.add(CodePointSet(categories()[index]));
  return set.empty() ? std::nullopt : std::optional(std::move(set));
}

/// utf8proc has no table of it. It has not changed since Unicode 6.3.
const CodePointSet &whiteSpace() {
  static const CodePointSet set = {
      {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},
      {0x1680, 0x1680}, {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f},
      {0x205f, 0x205f}, {0x3000, 0x3000}};
  return set;
}

uint32_t unicodeVersion() { return 16 << 16; }

} // namespace tritc::import
