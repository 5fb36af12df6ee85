//===- Shape.h - What a synthetic checkpoint is made of -------------------===//
#pragma once

#include "compiler/support/Error.h"
#include "tools/tritc-synth/Encodings.h"
#include "tools/tritc-synth/Family.h"

#include <cstdint>
#include <string>

namespace tritc::synth {

/// How the seven matrices of a layer are stored.
enum class Format {
  Packed, ///< four 2-bit codes per byte and one bf16 scale ("offline")
  /// Floats: master weights, to be quantized by the reader ("online"); of the
  /// families that divide, weights that were quantized and widened again.
  Master,
  Gguf, ///< GGUF files; see GgufForm
};

/// How GGUF files store matrices and tables.
struct GgufForm {
  const MatrixEncoding *matrices = nullptr;
  const TableEncoding *tables = nullptr;
  import::GgufOptions tiles; ///< lutTiles alone
};

/// The numbers of config.json.
struct Shape {
  uint64_t hidden;
  uint64_t ffn;
  uint64_t layers;
  uint64_t heads;
  uint64_t kvHeads;
  uint64_t headDim;
  uint64_t vocab;
  uint64_t context;
  double ropeTheta;
  /// Tokens that a token sees in local layers; 0 where there are none. Gemma's
  /// are all layers but for the last of each `period`, Qwen's all but the
  /// first.
  uint64_t window = 0;
  uint64_t period = 0;
  double localTheta = 0; ///< of Gemma's local layers

  uint64_t queryWidth() const { return heads * headDim; }
  uint64_t kvWidth() const { return kvHeads * headDim; }
};

/// What fine-tunes have beside the tensors of their family.
struct Extras {
  bool qkvBias = false;   ///< behind the projections of queries, keys, values
  bool bias = false;      ///< behind all seven
  bool headNorms = false; ///< over the heads of queries and keys
  bool subNorms = false;  ///< of a family that has none
  bool rmsNorms = false;  ///< in front of each projection ("use_rms_norm")
};

/// One run of tritc-synth.
struct Request {
  const Family *family = nullptr;
  Shape shape = {};
  Format format = Format::Packed;
  uint64_t seed = 1;
  uint64_t shards = 1;
  GgufForm gguf; ///< of Format::Gguf
  Extras extras;
  std::string outputDirectory;
};

/// Ids above the ordinary tokens: 256 as in the published vocabulary, 16 where
/// the whole vocabulary is small. Either way they start with the published
/// twelve names, in the published order.
inline uint64_t specialCount(uint64_t vocab) { return vocab < 2048 ? 16 : 256; }
inline uint64_t baseCount(uint64_t vocab) {
  return vocab - specialCount(vocab);
}

/// The smallest vocabulary: every byte and the special tokens.
constexpr uint64_t smallestVocab = 256 + 16;

} // namespace tritc::synth
