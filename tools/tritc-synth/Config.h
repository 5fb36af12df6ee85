//===- Config.h - The small JSON files of a checkpoint --------------------===//
#pragma once

#include "tools/tritc-synth/Shape.h"
#include "tools/tritc-synth/Vocabulary.h"

namespace tritc::synth {

/// Texts of the files of the same names, with the keys and values of the
/// family's published files and the numbers of `request`.
std::string configText(const Request &request);
std::string generationConfigText(const Request &request);
std::string specialTokensMapText(const Family &family);
std::string tokenizerConfigText(const Shape &shape,
                                const Vocabulary &vocabulary);
/// The same with a SentencePiece tokenizer.
std::string pieceTokenizerConfigText(const Shape &shape);

} // namespace tritc::synth
