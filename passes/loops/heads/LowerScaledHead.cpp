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
#include "passes/loops/heads/HeadTokens.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Columns that are multiplied at once, half a block: 16 sums of two products.
static constexpr int64_t stepColumns = lut::scaledBlockColumns / 2;
static constexpr int64_t stepSums = stepColumns / 2;

/// Sums that a row keeps for a token, all that a step makes or half of them:
/// that leaves room for more tokens where they take two registers, and for what
/// unpacks 6 bits.
static int64_t sumsOfRow(LoopEmitter &emitter, int64_t bits) {
  lut::DotShapeAttr dot = emitter.target().getDot();
  int64_t registerBits = dot.getSumBits() * dot.getRows() * dot.getTokens();
  bool isRoom = emitter.maxTokens == 1 || registerBits >= stepSums * 32;
  return bits == 8 && isRoom ? stepSums : stepSums / 2;
}

namespace {
/// Lowers one head; holds what is the same for all its tiles.
class ScaledHeadEmitter {
public:
  ScaledHeadEmitter(LoopEmitter &emitter, HeadOp op)
      : emitter(emitter), builder(emitter.builder), op(op),
        table(cast<ScaledType>(op.getTable().getType())),
        blocks(lut::scaledBlockCount(table.getCols())),
        blockBytes(lut::scaledBlockBytes(table.getBits())),
        rowSums(sumsOfRow(emitter, table.getBits())),
        tokens(headTokens(emitter, lut::scaledTileRows * rowSums * 32)),
        bytes(VectorType::get({stepColumns}, builder.getI8Type())) {}

  void run();

private:
  void quantize();
  Value loadBytes(Value tile, Value offset, int64_t count);
  std::pair<Value, Value> loadSixBits(Value tile, Value offset);
  SmallVector<Value> loadActivations(Value token, int64_t count, Value column);
  Value multiply(Value weights, Value activations, Value sums);
  void multiplyRow(int64_t row, Value weights, ArrayRef<Value> x,
                   MutableArrayRef<Value> sums);
  void emitHalf(Value tile, Value token, int64_t count, Value block, Value half,
                MutableArrayRef<Value> sums);
  void emitSixBits(Value tile, Value token, int64_t count, Value block,
                   MutableArrayRef<Value> sums);
  SmallVector<Value> emitSums(Value tile, Value token, int64_t count);
  void emitTile(Value tile, Value token, int64_t count);
  void store(Value tile, Value token, ValueRange sums, Value scales);

  LoopEmitter &emitter;
  ImplicitLocOpBuilder &builder;
  HeadOp op;
  const ScaledType table;
  const int64_t blocks, blockBytes;
  const int64_t rowSums; ///< lanes
  const int64_t tokens;  ///< that are multiplied at once
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

/// A row's 64 integers of 6 bits of a block, as two vectors of bytes.
std::pair<Value, Value> ScaledHeadEmitter::loadSixBits(Value tile,
                                                       Value offset) {
  Value low = loadBytes(tile, offset, stepColumns);
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
  auto halfOf = [&](bool isUpper) -> Value {
    Value nibble =
        isUpper ? Value(arith::ShRUIOp::create(builder, low, splat(4))) : low;
    Value top =
        isUpper ? high : Value(arith::ShLIOp::create(builder, high, splat(4)));
    nibble = arith::AndIOp::create(builder, nibble, splat(15));
    top = arith::AndIOp::create(builder, top, splat(0x30));
    Value code = arith::OrIOp::create(builder, nibble, top);
    return arith::SubIOp::create(builder, code, splat(lut::sixBitOffset));
  };
  return {halfOf(false), halfOf(true)};
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

/// 32 columns of `count` tokens from `token` on.
SmallVector<Value>
ScaledHeadEmitter::loadActivations(Value token, int64_t count, Value column) {
  SmallVector<Value> loaded;
  for (int64_t t = 0; t < count; ++t)
    loaded.push_back(vector::LoadOp::create(
        builder, VectorType::get({stepColumns}, builder.getI16Type()),
        integers.memref, ValueRange{emitter.add(token, t), column}));
  return loaded;
}

/// Adds to `sums` products of one row: those of a token with all four rows of
/// the tile stand together.
void ScaledHeadEmitter::multiplyRow(int64_t row, Value weights,
                                    ArrayRef<Value> x,
                                    MutableArrayRef<Value> sums) {
  for (auto [t, activations] : llvm::enumerate(x)) {
    Value &sum = sums[t * lut::scaledTileRows + row];
    sum = multiply(weights, activations, sum);
  }
}

/// Adds the products of half a block with weights of 8 bits.
void ScaledHeadEmitter::emitHalf(Value tile, Value token, int64_t count,
                                 Value block, Value half,
                                 MutableArrayRef<Value> sums) {
  Value within = emitter.mul(half, stepColumns);
  Value column = builder.createOrFold<arith::AddIOp>(
      emitter.mul(block, lut::scaledBlockColumns), within);
  Value offset = builder.createOrFold<arith::AddIOp>(
      emitter.mul(block, lut::scaledTileRows * blockBytes), within);
  SmallVector<Value> x = loadActivations(token, count, column);
  for (int64_t row = 0; row < lut::scaledTileRows; ++row) {
    Value at = emitter.add(offset, row * blockBytes);
    multiplyRow(row, loadBytes(tile, at, stepColumns), x, sums);
  }
}

/// Adds the products of a block with weights of 6 bits.
void ScaledHeadEmitter::emitSixBits(Value tile, Value token, int64_t count,
                                    Value block, MutableArrayRef<Value> sums) {
  Value column = emitter.mul(block, lut::scaledBlockColumns);
  Value offset = emitter.mul(block, lut::scaledTileRows * blockBytes);
  SmallVector<Value> lower = loadActivations(token, count, column);
  SmallVector<Value> upper =
      loadActivations(token, count, emitter.add(column, stepColumns));
  for (int64_t row = 0; row < lut::scaledTileRows; ++row) {
    auto [first, second] =
        loadSixBits(tile, emitter.add(offset, row * blockBytes));
    multiplyRow(row, first, lower, sums);
    multiplyRow(row, second, upper, sums);
  }
}

/// Sums of `count` tokens with the rows of the tile. Of several tokens, a step
/// takes half a block: with both halves LLVM loads all of their activations
/// first, and keeps sums in memory for want of registers.
SmallVector<Value> ScaledHeadEmitter::emitSums(Value tile, Value token,
                                               int64_t count) {
  VectorType words = emitter.vectorType(builder.getI32Type(), rowSums);
  SmallVector<Value> zeros(count * lut::scaledTileRows,
                           emitter.splat(words, 0));
  const bool byHalves = table.getBits() == 8 && count > 1;
  return emitter.forRange(
      emitter.index(0), emitter.index(byHalves ? 2 * blocks : blocks), 1, zeros,
      [&](Value step, ValueRange carried) {
        SmallVector<Value> sums(carried);
        if (byHalves) {
          Value two = emitter.index(2);
          emitHalf(tile, token, count,
                   arith::DivUIOp::create(builder, step, two),
                   arith::RemUIOp::create(builder, step, two), sums);
        } else if (table.getBits() == 8) {
          for (int64_t half = 0; half < 2; ++half)
            emitHalf(tile, token, count, step, emitter.index(half), sums);
        } else {
          emitSixBits(tile, token, count, step, sums);
        }
        return sums;
      });
}

/// A token's logits. \param sums one vector for each row of the tile
void ScaledHeadEmitter::store(Value tile, Value token, ValueRange sums,
                              Value scales) {
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

void ScaledHeadEmitter::emitTile(Value tile, Value token, int64_t count) {
  SmallVector<Value> sums = emitSums(tile, token, count);
  Value scales = loadBytes(
      tile,
      emitter.index(lut::scaledTileScales(table.getBits(), table.getCols())),
      lut::scaledTileRows * int64_t(sizeof(float)));
  scales = vector::BitCastOp::create(
      builder, emitter.vectorType(builder.getF32Type(), lut::scaledTileRows),
      scales);
  for (int64_t t = 0; t < count; ++t)
    store(tile, emitter.add(token, t),
          ValueRange(sums).slice(t * lut::scaledTileRows, lut::scaledTileRows),
          scales);
}

void ScaledHeadEmitter::run() {
  weights = emitter.parameter(op.getTable());
  logits = emitter.place(op.getInto(), op.getType());
  quantize();
  int64_t tiles = cast<MemRefType>(weights.getType()).getDimSize(0);
  emitter.forParallel(
      lut::Share::Tiles, builder.getIndexAttr(tiles), [&](Value tile) {
        forHeadTokens(emitter, op, tokens, [&](Value token, int64_t count) {
          emitTile(tile, token, count);
        });
      });
  emitter.setResult(logits);
}

/// logits[t][v] = f32(q[t] . table[v]) * (scale[v] * step[t]) for t >= first.
void lowerScaledHead(LoopEmitter &emitter, HeadOp op) {
  ScaledHeadEmitter(emitter, op).run();
}

} // namespace tritc::loops
