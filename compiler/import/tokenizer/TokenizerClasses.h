//===- TokenizerClasses.h - Characters that no stage tells apart ----------===//
//
// Every character that stands in exactly the same sets of a tokenizer's
// expressions is of one class, of which there are about fifteen. The emitted
// program looks the class of a character up; a set is a bit for each class.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/CodePointTable.h"
#include "compiler/import/tokenizer/SplitStage.h"
#include "runtime/abi/Tokenizer.h"

#include <array>

namespace tritc::import {

class CharacterClasses {
public:
  explicit CharacterClasses(const SplitStages &stages);

  /// False if there are more than TRITC_CLASS_COUNT; then only this may be
  /// called.
  bool fit() const { return count <= TRITC_CLASS_COUNT; }

  /// Bit c: class c is of white space.
  uint64_t space() const { return masks.front(); }
  /// Bit c: class c is of the set of item `index`, counted over all stages in
  /// the order of SplitPattern::sets().
  uint64_t maskOf(size_t index) const { return masks[index + 1]; }

  /// The class of every code point.
  CodePointTable<uint8_t> table() const;

private:
  struct Run {
    uint32_t first;
    uint32_t last;
    uint8_t kind;
  };

  size_t count = 0;
  std::vector<uint64_t> masks;
  std::vector<Run> runs;
};

} // namespace tritc::import
