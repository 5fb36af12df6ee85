//===- LowerMatmul.cpp - A block of tokens by dot products ----------------===//
//
// signed_nibble: for each tile of rows and each 120 columns, weights are
// unpacked once into codes 0..2 in the thread's cache, pairs of columns side by
// side; then a few tokens at a time multiply them with lut.dot. Codes are
// weights plus one, so the sum of a token's activations is taken off first.
//
// codes: plain loops, the specification of every other kernel.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/Ternary.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Blocks unpacked at once: 60 pairs of columns, so that sums of codes times
/// activations stay in 16 bits (63 pairs would).
static constexpr int64_t chunkBlocks = 5;
static constexpr int64_t blockPairs = lut::blockColumns / 2;

namespace {
/// Lowers one matmul on signed nibbles; holds what is the same for all tiles.
class MatmulEmitter {
public:
  MatmulEmitter(LoopEmitter &emitter, lut::MatmulOp op)
      : emitter(emitter), builder(emitter.builder), op(op),
        input(emitter.rowsOf(op.getActivations())),
        tileRows(op.getPacking().getRows()),
        vectors(tileRows / lut::vectorRows),
        blocks(llvm::divideCeil(op.getWeight().getType().getCols(),
                                lut::blockColumns)) {}

  void run();

private:
  void emitRowSums();
  void clearSums();
  void unpackBlock(Value tile, Value block, Value pairBase);
  void multiplyTokens(Value token, int64_t count, Value firstColumn,
                      Value pairs);
  void emitChunk(Value tile, Value firstBlock, int64_t count);
  void storeResults(Value tile, Epilogue &epilogue, const Rows &result);

  LoopEmitter &emitter;
  ImplicitLocOpBuilder &builder;
  lut::MatmulOp op;
  Rows input;
  const int64_t tileRows, vectors, blocks;
  Value weights; ///< [tiles, tileBytes] i8
  Value rowSums; ///< [tokens] i32, sum of each token's activations
  Value codes;   ///< [pairs, 2 * tileRows] u8, on the thread's stack
  Value sums;    ///< [tokens, tileRows] i32, lanes as packed, ditto
};
} // namespace

/// rowSums[t] = sum of activations[t]: one for each code's excess of one.
void MatmulEmitter::emitRowSums() {
  auto type =
      RankedTensorType::get({ShapedType::kDynamic}, builder.getI32Type());
  rowSums = emitter.allocate(type).memref;
  VectorType words = emitter.vectorType(builder.getI32Type());
  emitter.forRows([&](Value token) {
    Value total = emitter.reduceLanes(
        input.width, emitter.splat(words, 0),
        [&](Value at, int64_t count, Value sum) {
          Value x = emitter.loadRow(input, token, at, count);
          return arith::AddIOp::create(
                     builder, sum, arith::ExtSIOp::create(builder, words, x))
              .getResult();
        });
    Value sum =
        vector::ReductionOp::create(builder, vector::CombiningKind::ADD, total);
    memref::StoreOp::create(builder, sum, rowSums, token);
  });
}

/// sums[t][*] = -rowSums[t].
void MatmulEmitter::clearSums() {
  VectorType words = emitter.vectorType(builder.getI32Type());
  emitter.forRange(emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
    Value sum = memref::LoadOp::create(builder, rowSums, token);
    Value zero = emitter.splat(builder.getI32Type(), 0);
    Value start = vector::BroadcastOp::create(
        builder, words, arith::SubIOp::create(builder, zero, sum));
    for (int64_t at = 0; at < tileRows; at += lanes)
      emitter.store(start, sums, {token, emitter.index(at)});
  });
}

/// Codes of 24 columns: row `pairBase + p` of `codes` gets, for each lane, the
/// codes of columns 2p and 2p + 1 of the block.
void MatmulEmitter::unpackBlock(Value tile, Value block, Value pairBase) {
  VectorType bytes = emitter.vectorType(builder.getI8Type(), lut::vectorRows);
  Value one = emitter.splat(bytes, 1);
  for (int64_t v = 0; v < vectors; ++v) {
    Value offset =
        emitter.add(emitter.mul(block, vectors * lut::vectorBlockBytes),
                    v * lut::vectorBlockBytes);
    SignedNibbles packed(emitter, weights, tile, offset);
    Value previous;
    for (int64_t column = 0; column < lut::blockColumns; ++column) {
      int64_t group = column / lut::groupColumns;
      Value weight = lut::LookupOp::create(
          builder, bytes, digitTable(emitter, column % lut::groupColumns),
          packed.magnitudesOf(group), packed.signsOf(group));
      Value code = arith::AddIOp::create(builder, weight, one);
      if (column % 2 == 0) {
        previous = code;
        continue;
      }
      Value pair = vector::InterleaveOp::create(builder, previous, code);
      vector::StoreOp::create(
          builder, pair, codes,
          ValueRange{emitter.add(pairBase, column / 2),
                     emitter.index(v * 2 * lut::vectorRows)});
    }
  }
}

/// sums[token .. token + count) += codes * activations over `pairs` pairs.
void MatmulEmitter::multiplyTokens(Value token, int64_t count,
                                   Value firstColumn, Value pairs) {
  VectorType bytes = emitter.vectorType(builder.getI8Type(), lut::vectorRows);
  VectorType words = emitter.vectorType(builder.getI16Type());
  VectorType doubles = emitter.vectorType(builder.getI32Type());
  VectorType couple = emitter.vectorType(builder.getI8Type(), 2);
  VectorType single = emitter.vectorType(builder.getI16Type(), 1);
  for (int64_t v = 0; v < vectors; ++v) {
    SmallVector<Value> start(2 * count, emitter.splat(words, 0));
    SmallVector<Value> final = emitter.forRange(
        emitter.index(0), pairs, 1, start, [&](Value pair, ValueRange carried) {
          Value halves[2];
          for (int64_t half = 0; half < 2; ++half)
            halves[half] = vector::LoadOp::create(
                builder, bytes, codes,
                ValueRange{pair,
                           emitter.index((2 * v + half) * lut::vectorRows)});
          Value column =
              arith::AddIOp::create(builder, firstColumn, emitter.mul(pair, 2));
          SmallVector<Value> next;
          for (int64_t t = 0; t < count; ++t) {
            Value x = vector::LoadOp::create(
                builder, couple, input.memref,
                ValueRange{emitter.add(token, t), column});
            x = vector::BitCastOp::create(builder, single, x);
            x = vector::ExtractOp::create(builder, x, int64_t(0));
            x = vector::BroadcastOp::create(builder, words, x);
            x = vector::BitCastOp::create(builder, bytes, x);
            for (int64_t half = 0; half < 2; ++half)
              next.push_back(lut::DotOp::create(
                  builder, words, carried[2 * t + half], halves[half], x));
          }
          return next;
        });
    for (auto [i, sum] : llvm::enumerate(final)) {
      Value row = emitter.add(token, int64_t(i) / 2);
      Value at = emitter.index((2 * v + int64_t(i) % 2) * lanes);
      Value wide = arith::ExtSIOp::create(builder, doubles, sum);
      Value total =
          arith::AddIOp::create(builder, emitter.load(sums, {row, at}), wide);
      emitter.store(total, sums, {row, at});
    }
  }
}

void MatmulEmitter::emitChunk(Value tile, Value firstBlock, int64_t count) {
  emitter.forRange(emitter.index(0), emitter.index(count), 1, [&](Value i) {
    Value block = arith::AddIOp::create(builder, firstBlock, i);
    unpackBlock(tile, block, emitter.mul(i, blockPairs));
  });
  Value column = emitter.mul(firstBlock, lut::blockColumns);
  Value pairs = emitter.index(count * blockPairs);
  int64_t tokenTile = op.getTokenTile();
  Value whole = arith::DivUIOp::create(builder, emitter.tokenCount,
                                       emitter.index(tokenTile));
  whole = emitter.mul(whole, tokenTile);
  emitter.forRange(emitter.index(0), whole, tokenTile, [&](Value token) {
    multiplyTokens(token, tokenTile, column, pairs);
  });
  emitter.forRange(whole, emitter.tokenCount, 1, [&](Value token) {
    multiplyTokens(token, 1, column, pairs);
  });
}

void MatmulEmitter::storeResults(Value tile, Epilogue &epilogue,
                                 const Rows &result) {
  Rows steps = emitter.rowsOf(op.getSteps());
  VectorType doubles =
      emitter.vectorType(builder.getI32Type(), lut::vectorRows);
  Value base = emitter.mul(tile, tileRows);
  emitter.forRange(emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
    Value step = memref::LoadOp::create(builder, steps.memref, token);
    for (int64_t v = 0; v < vectors; ++v) {
      Value packed = vector::LoadOp::create(
          builder, doubles, sums,
          ValueRange{token, emitter.index(v * lut::vectorRows)});
      // Even lanes are rows 0..15 of the vector, odd lanes 16..31.
      auto halves = vector::DeinterleaveOp::create(builder, packed);
      for (auto [half, rows] : llvm::enumerate(halves.getResults())) {
        Value row =
            emitter.add(base, v * lut::vectorRows + int64_t(half) * lanes);
        emitter.storeRow(epilogue.apply(rows, row, step), result, token, row,
                         lanes);
      }
    }
  });
}

void MatmulEmitter::run() {
  auto weight = op.getWeight().getDefiningOp<ParameterOp>();
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  weights = emitter.parameter(weight);
  Epilogue epilogue(emitter, weight);
  emitRowSums();
  int64_t tiles = cast<MemRefType>(weights.getType()).getDimSize(0);
  auto stack = [&](ArrayRef<int64_t> shape, Type element) -> Value {
    return memref::AllocaOp::create(builder, MemRefType::get(shape, element),
                                    builder.getI64IntegerAttr(64));
  };
  emitter.forParallel(builder.getIndexAttr(tiles), [&](Value tile) {
    codes =
        stack({chunkBlocks * blockPairs, 2 * tileRows}, builder.getI8Type());
    sums = stack({emitter.maxTokens, tileRows}, builder.getI32Type());
    clearSums();
    int64_t whole = blocks / chunkBlocks * chunkBlocks;
    emitter.forRange(emitter.index(0), emitter.index(whole), chunkBlocks,
                     [&](Value block) { emitChunk(tile, block, chunkBlocks); });
    if (whole < blocks)
      emitChunk(tile, emitter.index(whole), blocks - whole);
    storeResults(tile, epilogue, result);
  });
  emitter.bind(op.getResult(), result);
}

/// sum over k of (code - 1) * activations[t][k], one weight after another.
static Value emitPlainSum(LoopEmitter &emitter, const Rows &input, Value token,
                          Value weights, Value row) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Type i32 = builder.getI32Type();
  Value bytes =
      emitter.index(cast<MemRefType>(weights.getType()).getDimSize(1));
  return emitter.forRange(
      emitter.index(0), bytes, 1, emitter.splat(i32, 0),
      [&](Value at, ValueRange carried) {
        Value byte =
            memref::LoadOp::create(builder, weights, ValueRange{row, at});
        byte = arith::ExtUIOp::create(builder, i32, byte);
        Value sum = carried[0];
        for (int64_t i = 0; i < 4; ++i) {
          Value code =
              arith::ShRUIOp::create(builder, byte, emitter.splat(i32, 2 * i));
          code = arith::AndIOp::create(builder, code, emitter.splat(i32, 3));
          Value weight =
              arith::SubIOp::create(builder, code, emitter.splat(i32, 1));
          Value column = emitter.add(emitter.mul(at, 4), i);
          Value x = memref::LoadOp::create(builder, input.memref,
                                           ValueRange{token, column});
          x = arith::ExtSIOp::create(builder, i32, x);
          sum = arith::AddIOp::create(
              builder, sum, arith::MulIOp::create(builder, weight, x));
        }
        return SmallVector<Value>{sum};
      })[0];
}

static void lowerPlain(LoopEmitter &emitter, lut::MatmulOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  auto weight = op.getWeight().getDefiningOp<ParameterOp>();
  Rows input = emitter.rowsOf(op.getActivations());
  Rows steps = emitter.rowsOf(op.getSteps());
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  Value weights = emitter.parameter(weight);
  Epilogue epilogue(emitter, weight);
  emitter.forParallel(builder.getIndexAttr(result.width), [&](Value row) {
    emitter.forRange(emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
      Value sum = emitPlainSum(emitter, input, token, weights, row);
      Value step = memref::LoadOp::create(builder, steps.memref, token);
      memref::StoreOp::create(builder, epilogue.apply(sum, row, step),
                              result.memref, ValueRange{token, row});
    });
  });
  emitter.bind(op.getResult(), result);
}

void lower(LoopEmitter &emitter, lut::MatmulOp op) {
  if (op.getPacking().getKind() == lut::PackingKind::Codes)
    return lowerPlain(emitter, op);
  MatmulEmitter(emitter, op).run();
}

} // namespace tritc::loops
