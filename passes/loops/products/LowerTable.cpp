//===- LowerTable.cpp - Build the tables of partial sums ------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/products/Ternary.h"

using namespace mlir;

namespace tritc::loops {

/// Entry i is digit_a x0 + digit_b x1 + digit_c x2 of pattern first + i, 0
/// beyond pattern 13; in elements of `element`.
static Value emitSums(LoopEmitter &emitter, ArrayRef<Value> activations,
                      Type element, int64_t entries, int64_t first) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(element, entries);
  Value sums;
  for (auto [digit, activation] : llvm::enumerate(activations)) {
    Value wide = arith::ExtSIOp::create(builder, element, activation);
    Value x = vector::BroadcastOp::create(builder, type, wide);
    Value digits = constantTable(
        emitter, element, entries, [&, digit = digit](int64_t i) -> int64_t {
          return first + i <= 13 ? digitsOf(first + i)[digit] : 0;
        });
    Value product = arith::MulIOp::create(builder, x, digits);
    sums = sums ? arith::AddIOp::create(builder, sums, product).getResult()
                : product;
  }
  return sums;
}

/// For signed nibbles: s = 27 h + l. Rounded to nearest, h is s / 27 and both
/// are negated with s: |h| <= 14, |l| <= 13. Rounded down, s = 27 h + l + 14
/// with l in -14..12, and -s = 27 ~h + ~l + 14: complements negate, without a
/// carry. (1214 s + c) >> 15 is s / 27 for |s| <= 384, with c = 2^14 to the
/// nearest, with c = 607 down.
static void storeSplit(LoopEmitter &emitter, lut::TableOp op,
                       ArrayRef<Value> activations, Value table, Value token,
                       Value at) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  constexpr int64_t entries = 16;
  Value sums = emitSums(emitter, activations, builder.getI32Type(), entries, 0);
  Type words = sums.getType();
  VectorType bytes = emitter.vectorType(builder.getI8Type(), entries);
  Value high = arith::MulIOp::create(builder, sums, emitter.splat(words, 1214));
  high = arith::AddIOp::create(
      builder, high, emitter.splat(words, op.getComplement() ? 607 : 1 << 14));
  high = arith::ShRSIOp::create(builder, high, emitter.splat(words, 15));
  Value low = arith::SubIOp::create(
      builder, sums,
      arith::MulIOp::create(builder, high,
                            emitter.splat(words, lut::splitFactor)));
  if (op.getComplement())
    low = arith::SubIOp::create(builder, low,
                                emitter.splat(words, lut::complementBias));
  emitter.store(arith::TruncIOp::create(builder, bytes, low), table,
                {token, at});
  emitter.store(arith::TruncIOp::create(builder, bytes, high), table,
                {token, emitter.add(at, entries)});
}

/// For index words: the sums as they are.
static void storeWords(LoopEmitter &emitter, lut::TableOp,
                       ArrayRef<Value> activations, Value table, Value token,
                       Value at) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  constexpr int64_t entries = 32;
  Value sums =
      emitSums(emitter, activations, builder.getI16Type(), entries, -13);
  Value bytes = vector::BitCastOp::create(
      builder, emitter.vectorType(builder.getI8Type(), 2 * entries), sums);
  vector::StoreOp::create(builder, bytes, table, ValueRange{token, at});
}

void lowerTable(LoopEmitter &emitter, lut::TableOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows input = emitter.rowsOf(op.getActivations());
  Rows result = emitter.allocate(op.getType());
  lut::TableShape shape = *lut::tableShape(op.getPacking().spec());
  auto *store = op.getPacking().getKind() == lut::PackingKind::IndexWords
                    ? storeWords
                    : storeSplit;
  int64_t blocks = llvm::divideCeil(input.width, shape.blockColumns);
  Value work = emitter.mul(emitter.tokenCount, blocks);
  emitter.forParallel(
      lut::Share::Tiles, getAsOpFoldResult(work), [&](Value item) {
        Value token =
            arith::DivUIOp::create(builder, item, emitter.index(blocks));
        Value block =
            arith::RemUIOp::create(builder, item, emitter.index(blocks));
        Value column = emitter.mul(block, shape.blockColumns);
        Value at = emitter.mul(block, shape.blockBytes());
        for (int64_t first = 0; first < shape.blockColumns;
             first += lut::groupColumns) {
          SmallVector<Value> activations;
          for (int64_t i = 0; i < lut::groupColumns; ++i)
            activations.push_back(memref::LoadOp::create(
                builder, input.memref,
                ValueRange{token, emitter.add(column, first + i)}));
          store(emitter, op, activations, result.memref, token,
                emitter.add(at, first / lut::groupColumns * shape.groupBytes));
        }
      });
  emitter.setResult(result);
}

} // namespace tritc::loops
