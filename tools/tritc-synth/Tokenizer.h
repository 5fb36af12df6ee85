//===- Tokenizer.h - tokenizer.json of a synthetic checkpoint -------------===//
#pragma once

#include "tools/tritc-synth/Family.h"
#include "tools/tritc-synth/Vocabulary.h"

namespace tritc::synth {

/// The text of tokenizer.json, laid out as that of Llama 3 or Qwen.
std::string tokenizerText(const Vocabulary &vocabulary, TokenizerKind kind);

} // namespace tritc::synth
