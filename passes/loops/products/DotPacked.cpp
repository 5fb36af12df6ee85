//===- DotPacked.cpp - Dot products of packed bytes -----------------------===//
//
// Weights of several rows share a byte where dot products want them, and are
// never taken apart: products of whole bytes, or of bytes of which little was
// masked off, are sums of the rows' products with known factors, which come
// apart again after the last column, exactly. See Packing.h for the bytes.
//
// One stream and no tables: the processor follows by itself. On an EPYC of the
// fourth generation, fetching 1 to 16 kB ahead took 0 to 20 % longer.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/products/Dots.h"

using namespace mlir;

namespace tritc::loops {

namespace {
/// What differs between the packings.
struct PackedBytes {
  int64_t registers; ///< of codes that one register of bytes gives
  /// Those registers.
  SmallVector<Value> (*codesOf)(LoopEmitter &, Value bytes, lut::Codes kind);
  /// Sums of each row's products out of sums of the registers' products.
  /// `start` is minus the sum of the activations.
  SmallVector<Value> (*sumsOf)(LoopEmitter &, ArrayRef<Value>, Value start,
                               lut::Codes kind);
};
} // namespace

static Value shifted(LoopEmitter &emitter, Value sums, int64_t bits) {
  return arith::ShRSIOp::create(emitter.builder, sums,
                                emitter.splat(sums.getType(), bits));
}

static Value plus(LoopEmitter &emitter, Value sums, Value start) {
  return arith::AddIOp::create(emitter.builder, sums, start);
}

/// Signed bytes plus 128, which are unsigned.
static Value biased(LoopEmitter &emitter, Value bytes) {
  return arith::XOrIOp::create(emitter.builder, bytes,
                               emitter.splat(bytes.getType(), -128));
}

/// Bytes >> 2, where what comes from the neighbour is masked off.
static Value quartered(LoopEmitter &emitter, Value bytes, int64_t mask) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  auto type = cast<VectorType>(bytes.getType());
  // No instruction shifts bytes.
  VectorType words =
      emitter.vectorType(builder.getI16Type(), type.getNumElements() / 2);
  Value shifts = vector::BitCastOp::create(builder, words, bytes);
  shifts = arith::ShRUIOp::create(builder, shifts, emitter.splat(words, 2));
  return arith::AndIOp::create(builder,
                               vector::BitCastOp::create(builder, type, shifts),
                               emitter.splat(type, double(mask)));
}

/// Codes times 1, 4 and 16 in their places, then
/// - signed: the whole byte; with the fourth code in place, it would not hold
///   its double
/// - unsigned: the whole byte plus 128
/// - small: the fourth weight plus 2, times 16
static SmallVector<Value> codesOfCodes(LoopEmitter &emitter, Value bytes,
                                       lut::Codes kind) {
  SmallVector<Value> codes;
  for (int64_t p = 0; p < lut::codePositions - 1; ++p)
    codes.push_back(arith::AndIOp::create(
        emitter.builder, bytes, emitter.splat(bytes.getType(), 3 << (2 * p))));
  Value last = bytes;
  if (kind != lut::Codes::Signed)
    last = biased(emitter, last);
  if (kind == lut::Codes::Small)
    last = quartered(emitter, last, 0x30);
  codes.push_back(last);
  return codes;
}

static SmallVector<Value> sumsOfCodes(LoopEmitter &emitter,
                                      ArrayRef<Value> sums, Value start,
                                      lut::Codes kind) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  SmallVector<Value> rows;
  Value rest = sums.back();
  for (auto [p, sum] : llvm::enumerate(sums.drop_back())) {
    if (kind != lut::Codes::Small)
      rest = arith::SubIOp::create(builder, rest, sum);
    Value codes = p == 0 ? sum : shifted(emitter, sum, 2 * int64_t(p));
    rows.push_back(plus(emitter, codes, start));
  }
  rest = shifted(emitter, rest, kind == lut::Codes::Small ? 4 : 6);
  // 128 / 64 and 2.
  if (kind != lut::Codes::Signed)
    rest = plus(emitter, plus(emitter, rest, start), start);
  rows.push_back(rest);
  return rows;
}

/// q(0), ..., q(5), each three times the one before. Unsigned: all of them plus
/// 128, which is again three times the one before.
static SmallVector<Value> codesOfTrits(LoopEmitter &emitter, Value bytes,
                                       lut::Codes kind) {
  if (kind == lut::Codes::Unsigned)
    bytes = biased(emitter, bytes);
  SmallVector<Value> codes = {bytes};
  int8_t factor = 1;
  for (int64_t p = 0; p < lut::tritPositions; ++p) {
    factor = int8_t(factor * 3);
    codes.push_back(arith::MulIOp::create(
        emitter.builder, bytes, emitter.splat(bytes.getType(), factor)));
  }
  return codes;
}

static SmallVector<Value> sumsOfTrits(LoopEmitter &emitter,
                                      ArrayRef<Value> sums, Value start,
                                      lut::Codes kind) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  SmallVector<Value> rows;
  for (int64_t p = 0; p < lut::tritPositions; ++p) {
    Value three = emitter.splat(sums[p].getType(), 3);
    Value scaled = arith::MulIOp::create(builder, sums[p], three);
    scaled = arith::SubIOp::create(builder, scaled, sums[p + 1]);
    scaled = shifted(emitter, scaled, 8);
    // 3 * 128 - 128 is 256.
    rows.push_back(kind == lut::Codes::Unsigned ? plus(emitter, scaled, start)
                                                : scaled);
  }
  return rows;
}

static PackedBytes describe(lut::PackingKind kind) {
  if (kind == lut::PackingKind::TritBytes)
    return {lut::tritPositions + 1, codesOfTrits, sumsOfTrits};
  return {lut::codePositions, codesOfCodes, sumsOfCodes};
}

namespace {
class PackedKernel final : public DotKernel {
public:
  PackedKernel(LoopEmitter &emitter, lut::MatmulOp op)
      : DotKernel(emitter, op), bytes(describe(op.getPacking().getKind())),
        vectorRows(op.getPacking().spec().rowMultiple()),
        vectorBytes(dot.getRows() * dot.getColumns()),
        tileVectors(tileRows / vectorRows),
        blocks(llvm::divideCeil(op.getWeight().getType().getCols(),
                                lut::dotBlockColumns)) {}

  void emitTile(Value tile, Epilogue &epilogue, const Rows &result) override;

private:
  SmallVector<Value> multiply(Value tile, Value firstVector, int64_t vectors,
                              Value token, int64_t tokens);
  void store(ArrayRef<Value> sums, Value row, int64_t vectors, Value token,
             int64_t tokens, Epilogue &epilogue, const Rows &result);

  const PackedBytes bytes;
  const int64_t vectorRows;  ///< rows in a register of packed bytes
  const int64_t vectorBytes; ///< its size
  const int64_t tileVectors;
  const int64_t blocks; ///< of 16 columns
};
} // namespace

/// Sums over all columns of `vectors` vectors of rows and `tokens` tokens.
SmallVector<Value> PackedKernel::multiply(Value tile, Value firstVector,
                                          int64_t vectors, Value token,
                                          int64_t tokens) {
  const int64_t groupBytes = tileVectors * vectorBytes;
  const int64_t blockBytes =
      lut::dotBlockColumns / dot.getColumns() * groupBytes;
  const int64_t width =
      std::min<int64_t>(dot.getLoadColumns(), lut::dotBlockColumns);
  VectorType type = emitter.vectorType(builder.getI8Type(), vectorBytes);
  return emitter.forRange(
      emitter.index(0), emitter.index(blocks), 1,
      zeroSums(bytes.registers * vectors, tokens),
      [&](Value block, ValueRange carried) {
        SmallVector<Value> sums(carried);
        Value at = emitter.mul(block, blockBytes);
        at = arith::AddIOp::create(builder, at,
                                   emitter.mul(firstVector, vectorBytes));
        Value x = emitter.mul(block, lut::dotBlockColumns);
        SmallVector<Value> activations;
        for (int64_t column = 0; column < lut::dotBlockColumns;
             column += dot.getColumns()) {
          if (column % width == 0)
            activations =
                loadActivations(token, tokens, emitter.add(x, column), width);
          SmallVector<Value> codes;
          for (int64_t v = 0; v < vectors; ++v)
            llvm::append_range(
                codes,
                bytes.codesOf(
                    emitter,
                    vector::LoadOp::create(
                        builder, type, weights,
                        ValueRange{tile, emitter.add(at, v * vectorBytes)}),
                    dot.getCodes()));
          addProducts(sums, codes, activations, column % width, dot.getCodes());
          at = emitter.add(at, groupBytes);
        }
        return sums;
      });
}

/// Scales the sums of rows from `row` on and stores them.
void PackedKernel::store(ArrayRef<Value> sums, Value row, int64_t vectors,
                         Value token, int64_t tokens, Epilogue &epilogue,
                         const Rows &result) {
  Rows steps = emitter.rowsOf(op.getSteps());
  const int64_t registers = bytes.registers * vectors;
  VectorType words = emitter.vectorType(builder.getI32Type(), dot.getRows());
  for (int64_t t = 0; t < tokens; ++t) {
    Value id = emitter.add(token, t);
    Value step = memref::LoadOp::create(builder, steps.memref, id);
    Value start = vector::BroadcastOp::create(builder, words, startOf(id));
    SmallVector<Value> own = sumsOf(sums, registers, t);
    Value at = row;
    for (int64_t v = 0; v < vectors; ++v)
      for (Value exact : bytes.sumsOf(
               emitter,
               ArrayRef(own).slice(v * bytes.registers, bytes.registers), start,
               dot.getCodes())) {
        Value scaled = epilogue.apply(exact, at, step);
        vector::StoreOp::create(builder, scaled, result.memref,
                                ValueRange{id, emitter.add(at, result.column)});
        at = emitter.add(at, dot.getRows());
      }
  }
}

void PackedKernel::emitTile(Value tile, Epilogue &epilogue,
                            const Rows &result) {
  // One token has registers for all rows of a tile; a block of tokens takes one
  // vector of rows after the other.
  const int64_t vectors = oneToken ? tileVectors : 1;
  // Codes and the constants they are made with take the place of a group of
  // tokens' sums.
  const int64_t groups = sumRegisters() / bytes.registers - 1;
  const int64_t tokens = std::max<int64_t>(groups, 1) * dot.getTokens();
  Value base = emitter.mul(tile, tileRows);
  emitter.forRange(
      emitter.index(0), emitter.index(tileVectors), vectors, [&](Value first) {
        Value row = arith::AddIOp::create(builder, base,
                                          emitter.mul(first, vectorRows));
        forTokenTiles(tokens, [&](Value token, int64_t count) {
          SmallVector<Value> sums =
              multiply(tile, first, vectors, token, count);
          store(sums, row, vectors, token, count, epilogue, result);
        });
      });
}

std::unique_ptr<DotKernel> createPackedKernel(LoopEmitter &emitter,
                                              lut::MatmulOp op) {
  return std::make_unique<PackedKernel>(emitter, op);
}

} // namespace tritc::loops
