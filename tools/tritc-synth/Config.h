//===- Config.h - The small JSON files of a checkpoint --------------------===//
#pragma once

#include "tools/tritc-synth/Shape.h"
#include "tools/tritc-synth/Vocabulary.h"

namespace tritc::synth {

/// Texts of the files of the same names, with the keys and values of
/// microsoft/bitnet-b1.58-2B-4T and the numbers of `shape`.
std::string configText(const Request &request);
std::string generationConfigText(const Shape &shape);
std::string specialTokensMapText();
std::string tokenizerConfigText(const Shape &shape,
                                const Vocabulary &vocabulary);

} // namespace tritc::synth
