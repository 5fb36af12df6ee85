//===- Tokenizer.h - tokenizer.json of a synthetic checkpoint -------------===//
#pragma once

#include "tools/tritc-synth/Vocabulary.h"

namespace tritc::synth {

/// The text of tokenizer.json, laid out as the Llama-3 one.
std::string tokenizerText(const Vocabulary &vocabulary);

} // namespace tritc::synth
