//===- LowerScaledHead.cpp - Logits from rounded rows ---------------------===//
//
// Activations become integers of up to 16 bits, as many as keep each sum within
// 32 bits, so that products are exact in any order. The table is read from its
// first byte to its last: four rows of a tile share each load of activations.
// The processor follows such a stream by itself; on an EPYC of the fourth
// generation, fetching 1 to 16 kB ahead took 0 to 40 % longer.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/Quantize.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Columns that are multiplied at once, half a block: 16 sums of two products.
static constexpr int64_t stepColumns = lut::scaledBlockColumns / 2;
static constexpr int64_t stepSums = stepColumns / 2;

namespace {
/// Lowers one head; holds what is the same for all its tiles.
class ScaledHeadEmitter {
public:
  ScaledHeadEmitter(LoopEmitter &emitter, HeadOp op)
      : emitter(emitter), builder(emitter.builder), op(op),
        table(cast<ScaledType>(op.getTable().getType())),
        blocks(lut::scaledBlockCount(table.getCols())),
        blockBytes(lut::scaledBlockBytes(table.getBits())),
        bytes(VectorType::get({stepColumns}, builder.getI8Type())) {}

  void run();

private:
  void quantize();
  Value loadBytes(Value tile, Value offset, int64_t count);
  SmallVector<Value> loadRow(Value tile, Value offset);
  Value multiply(Value weights, Value activations, Value sums);
  SmallVector<Value> emitBlock(Value tile, Value token, Value block,
                               ValueRange sums);
  void emitTile(Value tile, Value token);

  LoopEmitter &emitter;
  ImplicitLocOpBuilder &builder;
  HeadOp op;
  const ScaledType table;
  const int64_t blocks, blockBytes;
  const VectorType bytes;
  Value weights; ///< [tiles, tileBytes] i8
  Rows integers; ///< [tokens, blocks * 64] i16
  Rows steps;    ///< [tokens] f32
  Rows logits;
};
} // namespace

void ScaledHeadEmitter::quantize() {
  Rows input = emitter.rowsOf(op.getInput());
  int64_t width = blocks * lut::scaledBlockColumns;
  integers = emitter.allocate(RankedTensorType::get(
      {ShapedType::kDynamic, width}, builder.getI16Type()));
  steps = emitter.allocate(
      RankedTensorType::get({ShapedType::kDynamic}, builder.getF32Type()));
  int64_t limit = table.activationLimit();
  emitter.forRows([&](Value token) {
    Value step =
        quantizeRow(emitter, input, token, integers, {limit, -limit, width});
    memref::StoreOp::create(builder, step, steps.memref, token);
  });
}

Value ScaledHeadEmitter::loadBytes(Value tile, Value offset, int64_t count) {
  return vector::LoadOp::create(builder,
                                emitter.vectorType(builder.getI8Type(), count),
                                weights, ValueRange{tile, offset});
}

/// A row's 64 integers of a block, as two vectors of bytes.
SmallVector<Value> ScaledHeadEmitter::loadRow(Value tile, Value offset) {
  Value low = loadBytes(tile, offset, stepColumns);
  if (table.getBits() == 8)
    return {low,
            loadBytes(tile, emitter.add(offset, stepColumns), stepColumns)};
  auto splat = [&](int64_t value) {
    return emitter.splat(bytes, double(value));
  };
  Value high =
      loadBytes(tile, emitter.add(offset, stepColumns), stepColumns / 2);
  Value two = emitter.splat(high.getType(), 2);
  // High bits of columns i and 32 + i, at 0 and at 4.
  SmallVector<int64_t> both;
  for (int64_t i = 0; i < stepColumns; ++i)
    both.push_back(i);
  high = vector::ShuffleOp::create(
      builder, high, arith::ShRUIOp::create(builder, high, two), both);
  SmallVector<Value> halves;
  for (bool isUpper : {false, true}) {
    Value nibble =
        isUpper ? Value(arith::ShRUIOp::create(builder, low, splat(4))) : low;
    Value top =
        isUpper ? high : Value(arith::ShLIOp::create(builder, high, splat(4)));
    nibble = arith::AndIOp::create(builder, nibble, splat(15));
    top = arith::AndIOp::create(builder, top, splat(0x30));
    Value code = arith::OrIOp::create(builder, nibble, top);
    halves.push_back(
        arith::SubIOp::create(builder, code, splat(lut::sixBitOffset)));
  }
  return halves;
}

/// sums[i] += w[2i] x[2i] + w[2i + 1] x[2i + 1], spelled so that x86 sees its
/// vpmaddwd: a product of 32 lanes, its even and its odd lanes. Unpacking 6
/// bits wants the registers of half the sums.
Value ScaledHeadEmitter::multiply(Value weights, Value activations,
                                  Value sums) {
  VectorType words = emitter.vectorType(builder.getI32Type(), stepColumns);
  Value products = arith::MulIOp::create(
      builder, arith::ExtSIOp::create(builder, words, weights),
      arith::ExtSIOp::create(builder, words, activations));
  auto lanesFrom = [&](int64_t first) -> Value {
    SmallVector<int64_t> positions;
    for (int64_t i = first; i < stepColumns; i += 2)
      positions.push_back(i);
    return vector::ShuffleOp::create(builder, products, products, positions);
  };
  Value pairs = arith::AddIOp::create(builder, lanesFrom(0), lanesFrom(1));
  int64_t kept = cast<VectorType>(sums.getType()).getNumElements();
  auto pairsFrom = [&](int64_t first) -> Value {
    return vector::ExtractStridedSliceOp::create(
        builder, pairs, ArrayRef<int64_t>{first}, ArrayRef<int64_t>{kept},
        ArrayRef<int64_t>{1});
  };
  if (kept < stepSums)
    pairs = arith::AddIOp::create(builder, pairsFrom(0), pairsFrom(kept));
  return arith::AddIOp::create(builder, sums, pairs);
}

/// Adds a block's products to the sums of the four rows.
SmallVector<Value> ScaledHeadEmitter::emitBlock(Value tile, Value token,
                                                Value block, ValueRange sums) {
  Value offset = emitter.mul(block, lut::scaledTileRows * blockBytes);
  SmallVector<Value> activations;
  for (int64_t half = 0; half < 2; ++half) {
    Value column = emitter.add(emitter.mul(block, lut::scaledBlockColumns),
                               half * stepColumns);
    activations.push_back(vector::LoadOp::create(
        builder, VectorType::get({stepColumns}, builder.getI16Type()),
        integers.memref, ValueRange{token, column}));
  }
  SmallVector<Value> next;
  for (auto [row, sum] : llvm::enumerate(sums)) {
    Value start = emitter.add(offset, int64_t(row) * blockBytes);
    for (auto [half, x] : llvm::zip_equal(loadRow(tile, start), activations))
      sum = multiply(half, x, sum);
    next.push_back(sum);
  }
  return next;
}

void ScaledHeadEmitter::emitTile(Value tile, Value token) {
  VectorType words = emitter.vectorType(
      builder.getI32Type(), table.getBits() == 8 ? stepSums : stepSums / 2);
  SmallVector<Value> sums(lut::scaledTileRows, emitter.splat(words, 0));
  sums = emitter.forRange(emitter.index(0), emitter.index(blocks), 1, sums,
                          [&](Value block, ValueRange carried) {
                            return emitBlock(tile, token, block, carried);
                          });
  Value scales = loadBytes(
      tile,
      emitter.index(lut::scaledTileScales(table.getBits(), table.getCols())),
      lut::scaledTileRows * int64_t(sizeof(float)));
  scales = vector::BitCastOp::create(
      builder, emitter.vectorType(builder.getF32Type(), lut::scaledTileRows),
      scales);
  Value step = memref::LoadOp::create(builder, steps.memref, token);
  emitter.storeTileLogits(
      logits.memref, token, tile, lut::scaledTileRows, table.getRows(),
      [&](int64_t row) -> Value {
        Value sum = vector::ReductionOp::create(
            builder, vector::CombiningKind::ADD, sums[row]);
        Value scale = vector::ExtractOp::create(builder, scales, row);
        return arith::MulFOp::create(
            builder,
            arith::SIToFPOp::create(builder, builder.getF32Type(), sum),
            arith::MulFOp::create(builder, scale, step));
      });
}

void ScaledHeadEmitter::run() {
  weights = emitter.parameter(op.getTable());
  logits = emitter.place(op.getInto(), op.getType());
  quantize();
  int64_t tiles = cast<MemRefType>(weights.getType()).getDimSize(0);
  emitter.forParallel(
      lut::Share::Tiles, builder.getIndexAttr(tiles), [&](Value tile) {
        emitter.forRange(emitter.converted(op.getFirst()), emitter.tokenCount,
                         1, [&](Value token) { emitTile(tile, token); });
      });
  emitter.setResult(logits);
}

/// logits[t][v] = f32(q[t] . table[v]) * (scale[v] * step[t]) for t >= first.
void lowerScaledHead(LoopEmitter &emitter, HeadOp op) {
  ScaledHeadEmitter(emitter, op).run();
}

} // namespace tritc::loops
