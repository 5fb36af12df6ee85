//===- SplitPattern.cpp - Alternatives of runs of characters --------------===//

#include "compiler/import/tokenizer/SplitPattern.h"

namespace tritc::import {

static void addSets(const std::vector<PatternAlternative> &alternatives,
                    std::vector<const CodePointSet *> &sets) {
  for (const PatternAlternative &alternative : alternatives) {
    for (const PatternItem &item : alternative.items)
      sets.push_back(&item.set);
    addSets(alternative.choices, sets);
  }
}

std::vector<const CodePointSet *> SplitPattern::sets() const {
  std::vector<const CodePointSet *> all;
  addSets(alternatives, all);
  return all;
}

} // namespace tritc::import
