//===- FamilyFacts.h - What a family's models are made of -----------------===//
//
// Facts that any family can have, each on its own, whatever file names the
// family: a row of Family.cpp, or of GgufConfig.cpp, is one of these.
//
//===----------------------------------------------------------------------===//
#pragma once

namespace tritc::import {

/// f of the gated feed-forward unit f(gate) * up.
enum class Activation {
  ReluSquared,
  Silu,
  GeluTanh, ///< gelu by its tanh approximation
};

/// Which norms stand inside a block, beside the two at its start, and what
/// their tensors are called.
enum class NormNames {
  None,
  SubNorms,   ///< self_attn.attn_sub_norm, mlp.ffn_sub_norm
  InnerNorms, ///< the same norms: self_attn.inner_attn_ln, mlp.ffn_layernorm
};

/// Which layers may see a window only.
enum class Windows {
  None,        ///< all layers see all tokens; a window that matters is refused
  Alternating, ///< all but the last of each period, unless a file names them
  Last,        ///< those from a number on, where a file asks for it
};

/// What comes out at the end.
enum class Output {
  Text,   ///< logits, of a head
  Vector, ///< states, pooled into one vector of a text; there is no head
};

struct FamilyFacts {
  Activation activation = Activation::Silu;
  /// Inside the two halves of a block.
  NormNames subNorms = NormNames::None;
  bool projectionNorms = false; ///< in front of each matrix
  bool headNorms = false;       ///< over each head of queries and of keys
  bool postNorms = false;       ///< behind the two halves of a block
  /// Stored weights of norms lack one, but for those in front of matrices.
  bool normsAddOne = false;
  bool scalesEmbedding = false; ///< by the root of the hidden size
  /// config.json has the number whose inverse root scores are multiplied by.
  bool scalesScores = false;
  Windows windows = Windows::None;
  /// Base of the rotations of local layers; 0: that of the others.
  double localRopeTheta = 0;
  Output output = Output::Text;
};

} // namespace tritc::import
