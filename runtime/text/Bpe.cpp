//===- Bpe.cpp - Merging bytes into tokens --------------------------------===//

#include "runtime/text/Bpe.h"

#include "runtime/text/Slice.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

namespace tritc::text {

/// Symbols are linked by int32_t. A longer run of one piece (no such text is
/// known) is encoded in parts.
static constexpr size_t longestPiece = size_t(1) << 30;

bool Bpe::isWorse(const Candidate &a, const Candidate &b) {
  return a.rank != b.rank ? a.rank > b.rank : a.position > b.position;
}

void Bpe::encode(std::string_view piece, base::Array<int32_t> &ids) {
  while (piece.size() > longestPiece) {
    encode(slice(piece, 0, longestPiece), ids);
    piece.remove_prefix(longestPiece);
  }
  if (tables.hasFlag(TRITC_TOKENIZER_WHOLE_PIECE)) {
    if (int32_t id = tables.findPiece(piece); id >= 0)
      return ids.push(id);
  }
  start(piece);
  mergeAll();
  for (const Symbol &symbol : symbols)
    if (symbol.id >= 0)
      ids.push(symbol.id);
}

void Bpe::add(int32_t id) {
  int32_t next = static_cast<int32_t>(symbols.size()) + 1;
  symbols.push({id, next - 2, next});
}

/// A character that is no token and has a byte that is none is unknown, or
/// nothing where no token stands for that. Neighbours may be one unknown.
void Bpe::addUnknown() {
  if (tables.header().unknownId < 0)
    return;
  if (endsUnknown && !tables.hasFlag(TRITC_TOKENIZER_FUSES_UNKNOWN))
    add(tables.header().unknownId);
  endsUnknown = true;
}

/// An unknown counts only where the next character of the vocabulary comes.
/// (Bytes that stand for a character do not end it, so they come before it: as
/// in Hugging Face's tokenizers.)
void Bpe::endUnknown() {
  if (endsUnknown)
    add(tables.header().unknownId);
  endsUnknown = false;
}

/// One symbol, or one per byte.
void Bpe::addCharacter(std::string_view character) {
  const int32_t *byteTokens = tables.header().byteTokens;
  if (tables.hasFlag(TRITC_TOKENIZER_CHARACTERS)) {
    if (int32_t id = tables.findPiece(character); id >= 0) {
      endUnknown();
      return add(id);
    }
  }
  for (char byte : character)
    if (byteTokens[static_cast<uint8_t>(byte)] < 0)
      return addUnknown();
  if (!tables.hasFlag(TRITC_TOKENIZER_CHARACTERS))
    endUnknown();
  for (char byte : character)
    add(byteTokens[static_cast<uint8_t>(byte)]);
}

/// The symbols of single characters, and every pair of them that could merge.
void Bpe::start(std::string_view piece) {
  symbols.clear();
  heap.clear();
  symbols.reserve(piece.size());
  bool byCharacter = tables.hasFlag(TRITC_TOKENIZER_CHARACTERS);
  for (size_t at = 0; at < piece.size();) {
    size_t end = at + (byCharacter ? decodeUtf8(piece, at).length : 1);
    addCharacter(slice(piece, at, end));
    at = end;
  }
  endUnknown();
  if (symbols.empty())
    return;
  symbols.back().next = -1;
  for (int32_t i = 0; symbols[i].next >= 0; ++i)
    consider(i);
}

/// Puts the pair that starts at `position` on the heap, if it merges.
void Bpe::consider(int32_t position) {
  if (position < 0 || symbols[position].next < 0)
    return;
  int32_t left = symbols[position].id;
  int32_t right = symbols[symbols[position].next].id;
  const TritcMerge *merge = tables.findMerge(left, right);
  if (!merge)
    return;
  heap.push({merge->rank, position, left, right, merge->merged});
  std::push_heap(heap.begin(), heap.end(), isWorse);
}

void Bpe::mergeAll() {
  while (!heap.empty()) {
    Candidate best = heap[0];
    std::pop_heap(heap.begin(), heap.end(), isWorse);
    heap.pop();
    Symbol &left = symbols[best.position];
    if (left.id != best.left || left.next < 0 ||
        symbols[left.next].id != best.right)
      continue;
    Symbol &right = symbols[left.next];
    left.id = best.merged;
    left.next = right.next;
    right.id = -1;
    if (left.next >= 0)
      symbols[left.next].previous = best.position;
    consider(left.previous);
    consider(best.position);
  }
}

} // namespace tritc::text
