//===- Family.h - What the checkpoints of a family have in common ---------===//
#pragma once

#include "compiler/import/model/FamilyFacts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace tritc::synth {

/// How the matrices of a packed checkpoint are scaled.
enum class Scales {
  Multiply, ///< weight_scale is the mean magnitude of the master weights
  Divide,   ///< weight_scale is the reciprocal of the magnitude
  Masters,  ///< there are no packed checkpoints
};

enum class TokenizerKind {
  Llama3,        ///< byte-level, with the special tokens of Llama 3
  Qwen,          ///< the same tokens, cut as Qwen does and composed
  SentencePiece, ///< with the files of 1bitLLM
  Gemma,         ///< the same pieces; no space in front, runs of spaces
};

/// Type of everything that is a float.
enum class Element { BF16, F16 };

inline bool isSentencePiece(TokenizerKind kind) {
  return kind == TokenizerKind::SentencePiece || kind == TokenizerKind::Gemma;
}

struct Family {
  llvm::StringLiteral name;
  llvm::StringLiteral architecture;
  llvm::StringLiteral modelType;
  llvm::StringLiteral activation;
  double normEps;
  /// Norms in front of o_proj and down_proj; empty for none.
  llvm::StringLiteral attentionNorm;
  llvm::StringLiteral ffnNorm;
  bool tied; ///< the head is the embedding
  Scales scales;
  Element element;
  llvm::StringLiteral ggufArchitecture;
  TokenizerKind tokenizer = TokenizerKind::Llama3;
  /// What its blocks and ends have; activation and subNorms are the names
  /// above. Names of a model of Output::Vector begin without "model.".
  import::FamilyFacts facts = {};

  bool embeds() const { return facts.output == import::Output::Vector; }

  /// In GGUF files rows of queries and keys are in another order.
  bool permutesGguf() const { return ggufArchitecture == "llama"; }
  /// The published GGUF file lacks one key and has a wrong value in another.
  bool isPublishedGguf() const { return ggufArchitecture == "bitnet-b1.58"; }
};

llvm::ArrayRef<Family> families();

/// The family called `name`, which is one.
const Family &familyCalled(llvm::StringRef name);

} // namespace tritc::synth
