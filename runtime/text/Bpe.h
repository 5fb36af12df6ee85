//===- Bpe.h - Merging bytes into tokens ----------------------------------===//
//
// Byte pair encoding of one piece: start from single bytes or, as SentencePiece
// does, from characters that are tokens and the bytes of others. Merge the pair
// of lowest rank, the leftmost of equals, until none is left. A heap keyed
// (rank, position) gives that order in O(n log n), for pieces of any length.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/text/Tables.h"

#include <cstdint>
#include <string_view>

namespace tritc::text {

/// Encodes pieces one after the other; keeps its working memory, which grows
/// with the longest piece, between them.
class Bpe {
public:
  explicit Bpe(const Tables &tables) : tables(tables) {}

  /// Appends the ids of `piece` to `ids`.
  void encode(std::string_view piece, base::Array<int32_t> &ids);

private:
  /// A token of the piece so far, in a list linked by index; -1 ends it.
  struct Symbol {
    int32_t id; ///< -1 once it was merged into the one before it
    int32_t previous;
    int32_t next;
  };
  /// A pair that could merge when it was seen. It is stale once one of its
  /// symbols has changed: symbols only grow, so a pair never comes back.
  struct Candidate {
    uint32_t rank;
    int32_t position; ///< of the left symbol
    int32_t left;
    int32_t right;
    int32_t merged;
  };
  static bool isWorse(const Candidate &a, const Candidate &b);

  void start(std::string_view piece);
  void add(int32_t id);
  void addUnknown();
  void endUnknown();
  void addCharacter(std::string_view character);
  void consider(int32_t position);
  void mergeAll();

  const Tables &tables;
  bool endsUnknown = false; ///< an unknown is not among the symbols yet
  base::Array<Symbol> symbols;
  base::Array<Candidate> heap;
};

} // namespace tritc::text
