//===- SplitStage.h - One cut of a text before BPE ------------------------===//
#pragma once

#include "compiler/import/tokenizer/SplitPattern.h"

#include <string>
#include <vector>

namespace tritc::import {

struct SplitStage {
  std::string expression; ///< as people write it
  SplitPattern pattern;
  /// Matches that touch are one piece; else each is one. What lies between
  /// matches is a piece either way.
  bool joinsMatches = false;
  /// The text is GPT-2's alphabet of bytes by now: a character is a byte.
  bool onBytes = false;
};

/// The stages in order; none leaves a text in one piece.
using SplitStages = std::vector<SplitStage>;

} // namespace tritc::import
