//===- TokenizerCodePoints.cpp - Sets of characters -----------------------===//

#include "compiler/import/tokenizer/TokenizerCodePoints.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace tritc::import {

static constexpr uint32_t lastCodePoint = 0x10ffff;

/// Joins runs that touch, of a list in order.
static std::vector<CodePointSet::Range>
joined(llvm::ArrayRef<CodePointSet::Range> runs) {
  std::vector<CodePointSet::Range> made;
  for (const CodePointSet::Range &run : runs)
    if (!made.empty() && run.first <= made.back().second + 1)
      made.back().second = std::max(made.back().second, run.second);
    else
      made.push_back(run);
  return made;
}

void CodePointSet::tidy() {
  llvm::sort(runs);
  runs = joined(runs);
}

void CodePointSet::add(const CodePointSet &other) {
  std::vector<Range> both;
  both.reserve(runs.size() + other.runs.size());
  std::merge(runs.begin(), runs.end(), other.runs.begin(), other.runs.end(),
             std::back_inserter(both));
  runs = joined(both);
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

namespace {
struct Folding {
  uint32_t point;
  uint32_t to; ///< another one
};

/// All foldings, twice.
struct Foldings {
  std::vector<Folding> byPoint;
  std::vector<Folding> byTo;
};
} // namespace

static const Foldings &foldings() {
  static const Foldings list = [] {
    Foldings made;
    for (uint32_t point = 0; point <= lastCodePoint; ++point)
      if (uint32_t folded = fold(point); folded != point)
        made.byPoint.push_back({point, folded});
    made.byTo = made.byPoint;
    llvm::sort(made.byTo, [](const Folding &a, const Folding &b) {
      return std::pair(a.to, a.point) < std::pair(b.to, b.point);
    });
    return made;
  }();
  return list;
}

/// Calls `found` with those of `list`, which is in the order of `key`, whose
/// `key` is in `runs`.
static void forEachIn(llvm::ArrayRef<CodePointSet::Range> runs,
                      llvm::ArrayRef<Folding> list, uint32_t Folding::*key,
                      llvm::function_ref<void(const Folding &)> found) {
  for (auto [first, last] : runs) {
    const Folding *next =
        llvm::lower_bound(list, first, [key](const Folding &f, uint32_t point) {
          return f.*key < point;
        });
    for (; next != list.end() && next->*key <= last; ++next)
      found(*next);
  }
}

CodePointSet CodePointSet::ignoringCase() const {
  std::vector<Range> folded = runs;
  forEachIn(runs, foldings().byPoint, &Folding::point,
            [&](const Folding &f) { folded.emplace_back(f.to, f.to); });
  CodePointSet lower(folded);
  forEachIn(lower.runs, foldings().byTo, &Folding::to,
            [&](const Folding &f) { folded.emplace_back(f.point, f.point); });
  return CodePointSet(std::move(folded));
}

/// Two letters each, in the order of utf8proc_category_t.
static constexpr llvm::StringLiteral categoryNames[] = {
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd",
    "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
    "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"};

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
#include "compiler/import/tokenizer/UnicodeChanges.def"
  return made;
}

/// The characters of each category, "Lu", and of each group of them, "L".
static const llvm::StringMap<CodePointSet> &categories() {
  static const llvm::StringMap<CodePointSet> all = [] {
    std::array<std::vector<CodePointSet::Range>, std::size(categoryNames)> runs;
    for (auto [index, category] : llvm::enumerate(categoryOfEach())) {
      uint32_t point = uint32_t(index);
      auto &last = runs[category];
      if (!last.empty() && last.back().second + 1 == point)
        ++last.back().second;
      else
        last.emplace_back(point, point);
    }
    llvm::StringMap<CodePointSet> made;
    for (auto [name, ofOne] : llvm::zip_equal(categoryNames, runs)) {
      CodePointSet set(std::move(ofOne));
      made[name.take_front(1)].add(set);
      made[name] = std::move(set);
    }
    return made;
  }();
  return all;
}

std::optional<CodePointSet> generalCategory(llvm::StringRef name) {
  auto found = categories().find(name);
  if (found == categories().end())
    return std::nullopt;
  return found->second;
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
