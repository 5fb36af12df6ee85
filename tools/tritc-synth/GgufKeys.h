//===- GgufKeys.h - Metadata of a synthetic GGUF file ---------------------===//
#pragma once

#include "tools/tritc-synth/GgufHead.h"
#include "tools/tritc-synth/Shape.h"
#include "tools/tritc-synth/Vocabulary.h"

namespace tritc::synth {

/// The keys of microsoft/bitnet-b1.58-2B-4T-gguf in their order, with the
/// numbers of `request`. Of the 2B4T family they lack tokenizer.ggml.pre and
/// have another model's chat template, as that file.
void addKeys(const Request &request, const Vocabulary &vocabulary,
             GgufHead &head);

} // namespace tritc::synth
