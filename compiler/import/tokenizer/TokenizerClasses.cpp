//===- TokenizerClasses.cpp - Characters that no stage tells apart --------===//

#include "compiler/import/tokenizer/TokenizerClasses.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

static constexpr uint32_t codePoints = 0x110000;

/// Every set in the order of CharacterClasses::maskOf, white space first.
static std::vector<const CodePointSet *> setsOf(const SplitStages &stages) {
  std::vector<const CodePointSet *> sets = {&whiteSpace()};
  for (const SplitStage &stage : stages)
    llvm::append_range(sets, stage.pattern.sets());
  return sets;
}

namespace {
/// Sets without the equal ones: half of them, in published expressions.
struct DistinctSets {
  explicit DistinctSets(llvm::ArrayRef<const CodePointSet *> all) {
    for (const CodePointSet *set : all) {
      auto same = llvm::find_if(
          sets, [set](const CodePointSet *other) { return *other == *set; });
      placeOf.push_back(size_t(same - sets.begin()));
      if (same == sets.end())
        sets.push_back(set);
    }
  }

  std::vector<const CodePointSet *> sets;
  std::vector<size_t> placeOf; ///< of each that was given
};
} // namespace

CharacterClasses::CharacterClasses(const SplitStages &stages) {
  DistinctSets distinct(setsOf(stages));
  // Where a set begins or ends.
  std::vector<std::pair<uint32_t, size_t>> edges;
  for (auto [index, set] : llvm::enumerate(distinct.sets))
    for (auto [first, last] : set->ranges()) {
      edges.emplace_back(first, index);
      edges.emplace_back(last + 1, index);
    }
  llvm::sort(edges);
  llvm::DenseMap<llvm::BitVector, size_t> known;
  llvm::BitVector inside(distinct.sets.size());
  std::vector<uint64_t> maskOfDistinct(distinct.sets.size());
  size_t edge = 0;
  for (uint32_t first = 0; first < codePoints;) {
    for (; edge < edges.size() && edges[edge].first == first; ++edge)
      inside.flip(edges[edge].second);
    uint32_t next = edge < edges.size() ? edges[edge].first : codePoints;
    auto [place, isNew] = known.try_emplace(inside, known.size());
    size_t kind = place->second;
    if (isNew)
      for (unsigned set : inside.set_bits())
        maskOfDistinct[set] |= uint64_t(1) << (kind % TRITC_CLASS_COUNT);
    runs.push_back({first, next - 1, uint8_t(kind)});
    first = next;
  }
  count = known.size();
  for (size_t place : distinct.placeOf)
    masks.push_back(maskOfDistinct[place]);
}

CodePointTable<uint8_t> CharacterClasses::table() const {
  CodePointTable<uint8_t> kinds;
  for (const Run &run : runs)
    kinds.append(run.last - run.first + 1, run.kind);
  return kinds;
}

} // namespace tritc::import
