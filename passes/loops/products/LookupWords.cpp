//===- LookupWords.cpp - Lookup of index words ----------------------------===//
//
// Rows in lanes of 16 bits, one group of three columns after another. A table
// of 27 whole sums is one register; all vectors of rows of a tile share each
// table load. Sums stay in 16 bits for 80 groups, 80 * 384 <= 32767, and in 32
// bits from then on.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/products/Lookup.h"

using namespace mlir;

namespace tritc::loops {

/// Blocks of 16 groups whose sums stay in words.
static constexpr int64_t wordBlocks = 5;
static constexpr int64_t tableEntries = 32;

namespace {
class WordLookup final : public LookupKernel {
public:
  WordLookup(LoopEmitter &emitter, lut::MatvecOp op, Value weights)
      : LookupKernel(emitter, op, weights),
        words(emitter.vectorType(builder.getI16Type(), lut::vectorRows)),
        blocks(llvm::divideCeil(op.getWeight().getType().getCols(),
                                lut::wordBlockColumns)),
        table(*lut::tableShape(op.getPacking().spec())) {}

  SmallVector<Value> emitTile(Value tile) override;

private:
  Value tableAt(Value block, int64_t group);
  SmallVector<Value> emitBlock(Value tile, Value block, ValueRange sums);
  SmallVector<Value> emitWords(Value tile, Value first, int64_t count,
                               ValueRange sums);

  VectorType words;     ///< one per row
  const int64_t blocks; ///< blocks of 48 columns
  const lut::TableShape table;
};
} // namespace

Value WordLookup::tableAt(Value block, int64_t group) {
  Value at = emitter.add(emitter.mul(block, table.blockBytes()),
                         group * table.groupBytes);
  Value bytes = vector::LoadOp::create(
      builder, emitter.vectorType(builder.getI8Type(), table.groupBytes),
      tables.memref, ValueRange{emitter.index(0), at});
  return vector::BitCastOp::create(
      builder, emitter.vectorType(builder.getI16Type(), tableEntries), bytes);
}

/// One block for all vectors of the tile; `sums` holds a vector of words each.
SmallVector<Value> WordLookup::emitBlock(Value tile, Value block,
                                         ValueRange sums) {
  int64_t bytes = vectors * lut::wordVectorBlockBytes;
  Value offset = emitter.mul(block, bytes);
  prefetch(tile, offset, bytes);
  SmallVector<IndexWords> packed;
  for (int64_t v = 0; v < vectors; ++v)
    packed.emplace_back(emitter, weights, tile,
                        emitter.add(offset, v * lut::wordVectorBlockBytes));
  SmallVector<Value> next(sums);
  for (int64_t group = 0; group < lut::wordBlockGroups; ++group) {
    Value entries = tableAt(block, group);
    for (int64_t v = 0; v < vectors; ++v) {
      Value looked = lut::LookupOp::create(builder, words, entries,
                                           packed[v].indicesOf(group), Value(),
                                           /*complement=*/false);
      next[v] = arith::AddIOp::create(builder, next[v], looked);
    }
  }
  return next;
}

/// `count` blocks from `first` on, at most wordBlocks, added to `sums`: two
/// vectors of 16 consecutive rows in 32 bits per vector of rows.
SmallVector<Value> WordLookup::emitWords(Value tile, Value first, int64_t count,
                                         ValueRange sums) {
  SmallVector<Value> start(vectors, emitter.splat(words, 0));
  SmallVector<Value> narrow =
      emitter.forRange(first, emitter.add(first, count), 1, start,
                       [&](Value block, ValueRange carried) {
                         return emitBlock(tile, block, carried);
                       });
  VectorType doubles = emitter.vectorType(builder.getI32Type());
  SmallVector<Value> next(sums);
  for (int64_t i = 0; i < 2 * vectors; ++i) {
    Value half = slice(emitter, narrow[i / 2], i % 2 * lanes, lanes);
    next[i] = arith::AddIOp::create(
        builder, next[i], arith::ExtSIOp::create(builder, doubles, half));
  }
  return next;
}

SmallVector<Value> WordLookup::emitTile(Value tile) {
  VectorType doubles = emitter.vectorType(builder.getI32Type());
  SmallVector<Value> sums(2 * vectors, emitter.splat(doubles, 0));
  int64_t whole = blocks / wordBlocks * wordBlocks;
  sums = emitter.forRange(emitter.index(0), emitter.index(whole), wordBlocks,
                          sums, [&](Value block, ValueRange carried) {
                            return emitWords(tile, block, wordBlocks, carried);
                          });
  if (whole < blocks)
    sums = emitWords(tile, emitter.index(whole), blocks - whole, sums);
  return sums;
}

std::unique_ptr<LookupKernel>
createWordLookup(LoopEmitter &emitter, lut::MatvecOp op, Value weights) {
  return std::make_unique<WordLookup>(emitter, op, weights);
}

} // namespace tritc::loops
