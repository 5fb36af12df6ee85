//===- LookupNibbles.cpp - Lookup of signed nibbles -----------------------===//
//
// Rows in lanes, one group of three columns after another. All vectors of rows
// of a tile share each table load, so the tables stream from L1 once per tile.
// Sums nest by how far they can grow:
//   l and h of the 8 groups of a block in bytes   8 * 15 <= 127
//   both in 16 bits for 256 blocks                256 * 120 <= 32767
//   27 h + l in 32 bits from then on.
// Bytes widen to words by shifts: even lanes are rows 0..15 of a vector, odd
// lanes rows 16..31.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/products/Lookup.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Blocks whose sums stay in words.
static constexpr int64_t wordBlocks = 256;

namespace {
class NibbleLookup final : public LookupKernel {
public:
  NibbleLookup(LoopEmitter &emitter, lut::MatvecOp op, Value weights)
      : LookupKernel(emitter, op, weights),
        blocks(llvm::divideCeil(op.getWeight().getType().getCols(),
                                lut::blockColumns)),
        table(*lut::tableShape(op.getPacking().spec())) {}

  SmallVector<Value> emitTile(Value tile) override;

private:
  Value tableAt(Value block, int64_t group, int64_t plane);
  void addWidened(Value bytes, MutableArrayRef<Value> sums);
  SmallVector<Value> emitBlock(Value tile, Value block, ValueRange sums);
  SmallVector<Value> emitWords(Value tile, Value first, Value end);

  int64_t blockBytes() const { return vectors * lut::vectorBlockBytes; }

  const int64_t blocks; ///< blocks of 24 columns
  const lut::TableShape table;
};
} // namespace

/// 16 bytes of plane 0 (l) or 1 (h) for a group of a block.
Value NibbleLookup::tableAt(Value block, int64_t group, int64_t plane) {
  Value at = emitter.mul(block, table.blockBytes());
  at = emitter.add(at, group * table.groupBytes + plane * table.groupBytes / 2);
  return emitter.load(tables.memref, {emitter.index(0), at});
}

/// Adds 32 bytes to two vectors of 16 words: even lanes, then odd lanes.
void NibbleLookup::addWidened(Value bytes, MutableArrayRef<Value> sums) {
  VectorType words = emitter.vectorType(builder.getI16Type());
  Value eight = emitter.splat(words, 8);
  Value pairs = vector::BitCastOp::create(builder, words, bytes);
  Value even = arith::ShLIOp::create(builder, pairs, eight);
  even = arith::ShRSIOp::create(builder, even, eight);
  Value odd = arith::ShRSIOp::create(builder, pairs, eight);
  sums[0] = arith::AddIOp::create(builder, sums[0], even);
  sums[1] = arith::AddIOp::create(builder, sums[1], odd);
}

/// One block of 8 groups for all vectors of the tile. `sums`: two vectors of
/// words for l per vector of rows, then as many for h.
SmallVector<Value> NibbleLookup::emitBlock(Value tile, Value block,
                                           ValueRange sums) {
  SmallVector<SignedNibbles> packed;
  Value offset = emitter.mul(block, blockBytes());
  prefetch(tile, offset, blockBytes());
  for (int64_t v = 0; v < vectors; ++v)
    packed.emplace_back(emitter, weights, tile,
                        emitter.add(offset, v * lut::vectorBlockBytes));
  VectorType bytes = emitter.vectorType(builder.getI8Type(), lut::vectorRows);
  SmallVector<Value> byteSums(2 * vectors);
  for (int64_t group = 0; group < lut::blockGroups; ++group) {
    Value planes[] = {tableAt(block, group, 0), tableAt(block, group, 1)};
    for (int64_t v = 0; v < vectors; ++v) {
      Value indices = packed[v].magnitudesOf(group);
      Value signs = op.getComplement() ? packed[v].masksOf(group)
                                       : packed[v].signsOf(group);
      for (auto [plane, table] : llvm::enumerate(planes)) {
        Value looked = lut::LookupOp::create(builder, bytes, table, indices,
                                             signs, op.getComplement());
        Value &sum = byteSums[int64_t(plane) * vectors + v];
        sum = sum ? arith::AddIOp::create(builder, sum, looked) : looked;
      }
    }
  }
  SmallVector<Value> next(sums);
  for (auto [i, sum] : llvm::enumerate(byteSums))
    addWidened(sum, MutableArrayRef(next).slice(2 * i, 2));
  return next;
}

/// Blocks [first, end) summed in words and combined: 27 h + l in 32 bits, one
/// vector of 16 per half vector of rows.
SmallVector<Value> NibbleLookup::emitWords(Value tile, Value first, Value end) {
  VectorType words = emitter.vectorType(builder.getI16Type());
  VectorType doubles = emitter.vectorType(builder.getI32Type());
  SmallVector<Value> sums(4 * vectors, emitter.splat(words, 0));
  sums = emitter.forRange(first, end, 1, sums,
                          [&](Value block, ValueRange carried) {
                            return emitBlock(tile, block, carried);
                          });
  SmallVector<Value> combined;
  for (int64_t i = 0; i < 2 * vectors; ++i) {
    Value low = arith::ExtSIOp::create(builder, doubles, sums[i]);
    Value high =
        arith::ExtSIOp::create(builder, doubles, sums[2 * vectors + i]);
    high = arith::MulIOp::create(builder, high,
                                 emitter.splat(doubles, lut::splitFactor));
    combined.push_back(arith::AddIOp::create(builder, high, low));
  }
  return combined;
}

/// All sums of a tile, 16 consecutive rows each.
SmallVector<Value> NibbleLookup::emitTile(Value tile) {
  // What every complement leaves out, for all groups at once.
  int64_t start =
      op.getComplement() ? lut::complementBias * lut::blockGroups * blocks : 0;
  VectorType doubles = emitter.vectorType(builder.getI32Type());
  SmallVector<Value> sums(2 * vectors, emitter.splat(doubles, double(start)));
  auto accumulate = [&](ValueRange before, ArrayRef<Value> more) {
    SmallVector<Value> result;
    for (auto [lhs, rhs] : llvm::zip_equal(before, more))
      result.push_back(arith::AddIOp::create(builder, lhs, rhs));
    return result;
  };
  int64_t whole = blocks / wordBlocks * wordBlocks;
  if (whole > 0)
    sums = emitter.forRange(
        emitter.index(0), emitter.index(whole), wordBlocks, sums,
        [&](Value first, ValueRange carried) {
          return accumulate(
              carried, emitWords(tile, first, emitter.add(first, wordBlocks)));
        });
  if (whole < blocks)
    sums = accumulate(
        sums, emitWords(tile, emitter.index(whole), emitter.index(blocks)));
  return sums;
}

std::unique_ptr<LookupKernel>
createNibbleLookup(LoopEmitter &emitter, lut::MatvecOp op, Value weights) {
  return std::make_unique<NibbleLookup>(emitter, op, weights);
}

} // namespace tritc::loops
