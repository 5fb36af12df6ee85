//===- LowerMatvec.cpp - One token by table lookup ------------------------===//
//
// Rows in lanes, one group of three columns after another. All vectors of rows
// of a tile share each table load, so the tables stream from L1 once per tile.
// Sums nest by how far they can grow:
//   l of 4 groups in a byte      4 * 31  <= 127
//   h of 16 groups in a byte    16 * 6   <= 127
//   both in 16 bits for 1024 groups: 256 * 124 <= 32767
//   63 h + l in 32 bits from then on.
// Bytes widen to words by shifts: even lanes are rows 0..15 of a vector, odd
// lanes rows 16..31.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/Ternary.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Groups whose l are added as bytes, blocks whose h are, and blocks whose
/// sums stay in words.
static constexpr int64_t lowGroups = 4;
static constexpr int64_t highBlocks = 2;
static constexpr int64_t wordBlocks = 128;

namespace {
/// Lowers one matvec; holds what is the same for all its tiles.
class MatvecEmitter {
public:
  MatvecEmitter(LoopEmitter &emitter, lut::MatvecOp op)
      : emitter(emitter), builder(emitter.builder), op(op),
        tables(emitter.rowsOf(op.getTables())),
        vectors(op.getPacking().getRows() / lut::vectorRows),
        blocks(llvm::divideCeil(op.getWeight().getType().getCols(),
                                lut::blockColumns)) {}

  void run();

private:
  Value tableAt(Value block, int64_t group, int64_t plane);
  void prefetch(Value tile, Value block);
  void addWidened(Value bytes, MutableArrayRef<Value> sums);
  void emitBlock(Value tile, Value block, MutableArrayRef<Value> lowSums,
                 MutableArrayRef<Value> highBytes);
  SmallVector<Value> emitBlocks(Value tile, Value block, int64_t count,
                                ValueRange sums);
  SmallVector<Value> emitWords(Value tile, Value first, Value end,
                               bool hasOddBlock);
  SmallVector<Value> emitTile(Value tile);

  int64_t blockBytes() const { return vectors * lut::vectorBlockBytes; }

  LoopEmitter &emitter;
  ImplicitLocOpBuilder &builder;
  lut::MatvecOp op;
  Rows tables;
  const int64_t vectors; ///< vectors of 32 rows in a tile
  const int64_t blocks;  ///< blocks of 24 columns
  Value weights;         ///< [tiles, tileBytes] i8
};
} // namespace

/// 16 bytes of plane 0 (l) or 1 (h) for a group of a block.
Value MatvecEmitter::tableAt(Value block, int64_t group, int64_t plane) {
  Value at = emitter.mul(block, lut::blockGroups * lut::groupTableBytes);
  at = emitter.add(at, group * lut::groupTableBytes +
                           plane * lut::groupTableBytes / 2);
  return emitter.load(tables.memref, {emitter.index(0), at});
}

/// Into L2: in L1 the tables need the room, fetching there took 1.4 times as
/// long.
void MatvecEmitter::prefetch(Value tile, Value block) {
  constexpr int64_t lineBytes = 64;
  if (op.getPrefetchBytes() == 0)
    return;
  Value at =
      emitter.add(emitter.mul(block, blockBytes()), op.getPrefetchBytes());
  for (int64_t line = 0; line < blockBytes(); line += lineBytes)
    memref::PrefetchOp::create(builder, weights,
                               ValueRange{tile, emitter.add(at, line)},
                               /*isWrite=*/false, /*localityHint=*/2,
                               /*isDataCache=*/true);
}

/// Adds 32 bytes to two vectors of 16 words: even lanes, then odd lanes.
void MatvecEmitter::addWidened(Value bytes, MutableArrayRef<Value> sums) {
  VectorType words = emitter.vectorType(builder.getI16Type());
  Value eight = emitter.splat(words, 8);
  Value pairs = vector::BitCastOp::create(builder, words, bytes);
  Value even = arith::ShLIOp::create(builder, pairs, eight);
  even = arith::ShRSIOp::create(builder, even, eight);
  Value odd = arith::ShRSIOp::create(builder, pairs, eight);
  sums[0] = arith::AddIOp::create(builder, sums[0], even);
  sums[1] = arith::AddIOp::create(builder, sums[1], odd);
}

/// One block of 8 groups for all vectors of the tile. `lowSums` holds two
/// vectors of words per vector of rows, `highBytes` one vector of bytes.
void MatvecEmitter::emitBlock(Value tile, Value block,
                              MutableArrayRef<Value> lowSums,
                              MutableArrayRef<Value> highBytes) {
  prefetch(tile, block);
  SmallVector<SignedNibbles> packed;
  Value offset = emitter.mul(block, blockBytes());
  for (int64_t v = 0; v < vectors; ++v)
    packed.emplace_back(emitter, weights, tile,
                        emitter.add(offset, v * lut::vectorBlockBytes));
  VectorType bytes = emitter.vectorType(builder.getI8Type(), lut::vectorRows);
  SmallVector<Value> lowBytes(vectors);
  for (int64_t group = 0; group < lut::blockGroups; ++group) {
    Value low = tableAt(block, group, 0), high = tableAt(block, group, 1);
    for (int64_t v = 0; v < vectors; ++v) {
      Value indices = packed[v].magnitudesOf(group);
      Value signs = packed[v].signsOf(group);
      Value l = lut::LookupOp::create(builder, bytes, low, indices, signs);
      Value h = lut::LookupOp::create(builder, bytes, high, indices, signs);
      bool starts = group % lowGroups == 0;
      lowBytes[v] =
          starts ? l
                 : arith::AddIOp::create(builder, lowBytes[v], l).getResult();
      highBytes[v] =
          highBytes[v]
              ? arith::AddIOp::create(builder, highBytes[v], h).getResult()
              : h;
      if (group % lowGroups == lowGroups - 1)
        addWidened(lowBytes[v], lowSums.slice(2 * v, 2));
    }
  }
}

/// `count` blocks from `block` on, at most highBlocks. `sums`: two words
/// vectors of l per vector of rows, then as many of h.
SmallVector<Value> MatvecEmitter::emitBlocks(Value tile, Value block,
                                             int64_t count, ValueRange sums) {
  SmallVector<Value> next(sums);
  MutableArrayRef<Value> low = MutableArrayRef(next).take_front(2 * vectors);
  MutableArrayRef<Value> high = MutableArrayRef(next).drop_front(2 * vectors);
  SmallVector<Value> highBytes(vectors);
  for (int64_t i = 0; i < count; ++i)
    emitBlock(tile, emitter.add(block, i), low, highBytes);
  for (int64_t v = 0; v < vectors; ++v)
    addWidened(highBytes[v], high.slice(2 * v, 2));
  return next;
}

/// Blocks [first, end) summed in words and combined: 63 h + l in 32 bits, one
/// vector of 16 per half vector of rows.
SmallVector<Value> MatvecEmitter::emitWords(Value tile, Value first, Value end,
                                            bool hasOddBlock) {
  VectorType words = emitter.vectorType(builder.getI16Type());
  VectorType doubles = emitter.vectorType(builder.getI32Type());
  SmallVector<Value> sums(4 * vectors, emitter.splat(words, 0));
  Value pairsEnd = hasOddBlock ? emitter.add(end, -1) : end;
  sums = emitter.forRange(first, pairsEnd, highBlocks, sums,
                          [&](Value block, ValueRange carried) {
                            return emitBlocks(tile, block, highBlocks, carried);
                          });
  if (hasOddBlock)
    sums = emitBlocks(tile, pairsEnd, 1, sums);
  SmallVector<Value> combined;
  for (int64_t i = 0; i < 2 * vectors; ++i) {
    Value low = arith::ExtSIOp::create(builder, doubles, sums[i]);
    Value high =
        arith::ExtSIOp::create(builder, doubles, sums[2 * vectors + i]);
    high = arith::MulIOp::create(builder, high, emitter.splat(doubles, 63));
    combined.push_back(arith::AddIOp::create(builder, high, low));
  }
  return combined;
}

/// All sums of a tile, 16 consecutive rows each.
SmallVector<Value> MatvecEmitter::emitTile(Value tile) {
  int64_t whole = blocks / wordBlocks * wordBlocks;
  SmallVector<Value> sums;
  auto accumulate = [&](ValueRange before, ArrayRef<Value> more) {
    SmallVector<Value> result;
    for (auto [lhs, rhs] : llvm::zip_equal(before, more))
      result.push_back(arith::AddIOp::create(builder, lhs, rhs));
    return result;
  };
  if (whole > 0) {
    Value zero = emitter.splat(emitter.vectorType(builder.getI32Type()), 0);
    sums = emitter.forRange(
        emitter.index(0), emitter.index(whole), wordBlocks,
        SmallVector<Value>(2 * vectors, zero),
        [&](Value first, ValueRange carried) {
          return accumulate(
              carried,
              emitWords(tile, first, emitter.add(first, wordBlocks), false));
        });
  }
  if (whole < blocks) {
    SmallVector<Value> rest =
        emitWords(tile, emitter.index(whole), emitter.index(blocks),
                  (blocks - whole) % highBlocks != 0);
    sums = sums.empty() ? rest : accumulate(sums, rest);
  }
  return sums;
}

void MatvecEmitter::run() {
  auto weight = op.getWeight().getDefiningOp<ParameterOp>();
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  Rows steps = emitter.rowsOf(op.getSteps());
  weights = emitter.parameter(weight);
  Epilogue epilogue(emitter, weight);
  int64_t tiles = cast<MemRefType>(weights.getType()).getDimSize(0);
  emitter.forParallel(builder.getIndexAttr(tiles), [&](Value tile) {
    SmallVector<Value> sums = emitTile(tile);
    Value step =
        memref::LoadOp::create(builder, steps.memref, emitter.index(0));
    Value base = emitter.mul(tile, op.getPacking().getRows());
    for (auto [i, sum] : llvm::enumerate(sums)) {
      Value row = emitter.add(base, int64_t(i) * lanes);
      emitter.storeRow(epilogue.apply(sum, row, step), result, emitter.index(0),
                       row, lanes);
    }
  });
  emitter.bind(op.getResult(), result);
}

void lower(LoopEmitter &emitter, lut::MatvecOp op) {
  MatvecEmitter(emitter, op).run();
}

} // namespace tritc::loops
