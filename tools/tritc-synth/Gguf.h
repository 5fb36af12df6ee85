//===- Gguf.h - A synthetic checkpoint as GGUF files ----------------------===//
#pragma once

#include "tools/tritc-synth/Output.h"
#include "tools/tritc-synth/Shape.h"

namespace tritc::synth {

/// What is wrong with writing `request` as GGUF: shapes that the encodings
/// cannot hold. ExitCode::Usage.
llvm::Error checkGguf(const Request &request);

/// Writes model.gguf, or model-0000i-of-0000n.gguf, into `directory`: the same
/// weights and the same tokenizer as the other formats have.
llvm::Error writeGguf(const Request &request, OutputDirectory &directory);

} // namespace tritc::synth
