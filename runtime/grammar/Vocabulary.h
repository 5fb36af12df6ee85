//===- Vocabulary.h - All tokens, by their bytes --------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/text/Tokenizer.h"

#include <cstdint>
#include <span>

namespace tritc::grammar {

/// The tokens that a text consists of as a tree, and those that end an answer.
/// Never changed once it is made: one for a program, for all its grammars.
/// Takes 70 ms on a busy core and 5 MB for 128,256 tokens.
class Vocabulary {
public:
  /// A byte of a token, behind those of the nodes that it is within. Nodes are
  /// in the order of a walk that goes into each before it goes past it.
  struct Node {
    uint32_t end;        ///< the node behind all that it holds
    uint32_t firstToken; ///< of those that end here, in tokens()
    uint16_t tokenCount;
    uint16_t depth; ///< bytes before this one
    uint8_t byte;
  };

  /// `size` is the model's number of ids; those that stand for no text are
  /// never allowed. `tokenizer` outlives the vocabulary.
  Vocabulary(const text::Tokenizer &tokenizer, size_t size,
             std::span<const uint32_t> stopTokens);

  std::span<const Node> nodes() const { return tree; }
  std::span<const int32_t> tokens() const { return sorted; }
  std::span<const uint32_t> stopTokens() const { return stops; }
  bool isStop(int32_t id) const;
  /// Bytes of a token that a text may have; none for every other id.
  std::string_view bytesOf(int32_t id) const;

  size_t size() const { return idCount; }
  /// Words of 64 bits that have a bit for every id.
  size_t words() const { return (idCount + 63) / 64; }
  /// Bytes of the longest token.
  size_t longest() const { return longestToken; }
  /// Bytes of memory.
  size_t memory() const {
    return tree.size() * sizeof(Node) + sorted.size() * sizeof(int32_t);
  }

private:
  void plant();

  const text::Tokenizer &tokenizer;
  size_t idCount;
  size_t longestToken = 0;
  base::Array<uint32_t> stops; ///< in order
  base::Array<int32_t> sorted; ///< by bytes
  base::Array<Node> tree;
};

} // namespace tritc::grammar
