//===- TokenizerClasses.cpp - Characters that no stage tells apart --------===//

#include "compiler/import/TokenizerClasses.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

namespace tritc::import {

static constexpr uint32_t codePoints = 0x110000;

/// Every set in the order of CharacterClasses::maskOf, white space first.
static std::vector<const CodePointSet *> setsOf(const SplitStages &stages) {
  std::vector<const CodePointSet *> sets = {&whiteSpace()};
  for (const SplitStage &stage : stages)
    llvm::append_range(sets, stage.pattern.sets());
  return sets;
}

CharacterClasses::CharacterClasses(const SplitStages &stages) {
  std::vector<const CodePointSet *> sets = setsOf(stages);
  // Where a set begins or ends.
  std::vector<std::pair<uint32_t, size_t>> edges;
  for (auto [index, set] : llvm::enumerate(sets))
    for (auto [first, last] : set->ranges()) {
      edges.emplace_back(first, index);
      edges.emplace_back(last + 1, index);
    }
  llvm::sort(edges);
  std::map<std::vector<bool>, size_t> known;
  std::vector<bool> inside(sets.size());
  masks.resize(sets.size());
  size_t edge = 0;
  for (uint32_t first = 0; first < codePoints;) {
    for (; edge < edges.size() && edges[edge].first == first; ++edge)
      inside[edges[edge].second].flip();
    uint32_t next = edge < edges.size() ? edges[edge].first : codePoints;
    auto [place, isNew] = known.try_emplace(inside, known.size());
    size_t kind = place->second;
    for (size_t set = 0; isNew && fit() && set < sets.size(); ++set)
      if (inside[set])
        masks[set] |= uint64_t(1) << (kind % TRITC_CLASS_COUNT);
    runs.push_back({first, next - 1, uint8_t(kind)});
    count = known.size();
    first = next;
  }
}

std::vector<uint8_t> CharacterClasses::table() const {
  std::vector<uint8_t> kinds(codePoints);
  for (const Run &run : runs)
    std::fill(kinds.begin() + run.first, kinds.begin() + run.last + 1,
              run.kind);
  return kinds;
}

} // namespace tritc::import
