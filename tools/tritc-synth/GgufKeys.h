//===- GgufKeys.h - Metadata of a synthetic GGUF file ---------------------===//
#pragma once

#include "tools/tritc-synth/GgufHead.h"
#include "tools/tritc-synth/Shape.h"

namespace tritc::synth {

/// The arrays of tokenizer.ggml.*, by id but for the merges.
struct GgufTokens {
  std::vector<std::string> names;
  std::vector<float> scores;
  std::vector<int32_t> types;
  std::vector<std::string> merges; ///< of byte-level BPE
};

/// The tokenizer that the directory of `request` has.
GgufTokens makeGgufTokens(const Request &request);

/// The keys of microsoft/bitnet-b1.58-2B-4T-gguf in their order, with the
/// numbers of `request`. Of the 2B4T family they lack tokenizer.ggml.pre and
/// have another model's chat template, as that file.
void addKeys(const Request &request, const GgufTokens &tokens, GgufHead &head);

} // namespace tritc::synth
