//===- DotUnpacked.cpp - Dot products of unpacked codes -------------------===//
//
// For each tile of rows and some columns, weights are unpacked once into codes
// 0..2 in the thread's cache, as many columns of a row side by side as one dot
// product takes; then a few tokens at a time multiply them with lut.dot.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/Dots.h"
#include "passes/loops/Unpack.h"

using namespace mlir;

namespace tritc::loops {

/// Columns unpacked at once. Sums of 16 bits hold 63 pairs of columns; for
/// those of 32 bits, codes and activations should stay in L1.
static int64_t chunkColumns(lut::DotShapeAttr dot) {
  return dot.getSumBits() == 16 ? 120 : 240;
}

namespace {
class UnpackedKernel : DotKernel {
public:
  UnpackedKernel(LoopEmitter &emitter, lut::MatmulOp op)
      : DotKernel(emitter, op),
        unpacker(Unpacker::create(emitter, op.getPacking(), weights)),
        blocks(llvm::divideCeil(op.getWeight().getType().getCols(),
                                unpacker->blockColumns)),
        chunkBlocks(chunkColumns(dot) / unpacker->blockColumns) {}

  void run();

private:
  void clearSums();
  void unpackBlock(Value tile, Value block, Value firstGroup);
  void multiplyTokens(Value token, int64_t count, Value firstColumn,
                      int64_t columns);
  void emitChunk(Value tile, Value firstBlock, int64_t count);
  void storeResults(Value tile, Epilogue &epilogue, const Rows &result);

  std::unique_ptr<Unpacker> unpacker;
  const int64_t blocks, chunkBlocks;
  Value codes; ///< [columns / dot.columns, tileRows * dot.columns] u8, stack
  Value sums;  ///< [tokens, tileRows] i32, lanes as packed, ditto
};
} // namespace

void UnpackedKernel::clearSums() {
  VectorType words = emitter.vectorType(builder.getI32Type());
  emitter.forRange(emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
    Value start = vector::BroadcastOp::create(builder, words, startOf(token));
    for (int64_t at = 0; at < tileRows; at += lanes)
      emitter.store(start, sums, {token, emitter.index(at)});
  });
}

/// Pairs of columns of each row side by side: interleaved until there is one
/// vector left, which has all columns of a dot product.
static Value interleavePairs(ImplicitLocOpBuilder &builder,
                             ArrayRef<Value> pairs) {
  SmallVector<Value> parts(pairs);
  for (unsigned bits = 16; parts.size() > 1; bits *= 2) {
    auto type = VectorType::get(lut::vectorRows, builder.getIntegerType(bits));
    for (Value &part : parts)
      part = vector::BitCastOp::create(builder, type, part);
    for (size_t i = 0; i < parts.size() / 2; ++i)
      parts[i] =
          vector::InterleaveOp::create(builder, parts[2 * i], parts[2 * i + 1]);
    parts.truncate(parts.size() / 2);
  }
  return parts[0];
}

/// Codes of one block: row `firstGroup + g` of `codes` gets, for each lane, the
/// codes of columns g * dot.columns and up of the block.
void UnpackedKernel::unpackBlock(Value tile, Value block, Value firstGroup) {
  const int64_t columns = dot.getColumns();
  const int64_t vectorBytes = lut::vectorRows * columns;
  VectorType bytes = emitter.vectorType(builder.getI8Type(), vectorBytes);
  for (int64_t v = 0; v < tileRows / lut::vectorRows; ++v) {
    SmallVector<Value> pairs;
    unpacker->unpack(tile, block, v, [&](int64_t pair, Value words) {
      pairs.push_back(words);
      if (int64_t(pairs.size()) < columns / 2)
        return;
      Value group = vector::BitCastOp::create(builder, bytes,
                                              interleavePairs(builder, pairs));
      vector::StoreOp::create(
          builder, group, codes,
          ValueRange{emitter.add(firstGroup, pair * 2 / columns),
                     emitter.index(v * vectorBytes)});
      pairs.clear();
    });
  }
}

/// sums[token .. token + count) += codes * activations over `columns` columns.
void UnpackedKernel::multiplyTokens(Value token, int64_t count,
                                    Value firstColumn, int64_t columns) {
  const int64_t registers = dot.getRowTile() / dot.getRows();
  const int64_t registerBytes = dot.getRows() * dot.getColumns();
  VectorType bytes = emitter.vectorType(builder.getI8Type(), registerBytes);
  auto multiply = [&](SmallVector<Value> carried, int64_t firstRow,
                      Value column, int64_t width) {
    Value at = arith::AddIOp::create(builder, firstColumn, column);
    SmallVector<Value> x = loadActivations(token, count, at, width);
    Value group = arith::DivUIOp::create(builder, column,
                                         emitter.index(dot.getColumns()));
    for (int64_t first = 0; first < width; first += dot.getColumns()) {
      SmallVector<Value> loaded;
      for (int64_t i = 0; i < registers; ++i)
        loaded.push_back(vector::LoadOp::create(
            builder, bytes, codes,
            ValueRange{emitter.add(group, first / dot.getColumns()),
                       emitter.index(firstRow * dot.getColumns() +
                                     i * registerBytes)}));
      addProducts(carried, loaded, x, first);
    }
    return carried;
  };
  const int64_t whole = columns / dot.getLoadColumns() * dot.getLoadColumns();
  for (int64_t row = 0; row < tileRows; row += dot.getRowTile()) {
    SmallVector<Value> total = emitter.forRange(
        emitter.index(0), emitter.index(whole), dot.getLoadColumns(),
        zeroSums(registers, count), [&](Value column, ValueRange carried) {
          return multiply(SmallVector<Value>(carried), row, column,
                          dot.getLoadColumns());
        });
    if (whole < columns)
      total = multiply(total, row, emitter.index(whole), columns - whole);
    VectorType doubles =
        emitter.vectorType(builder.getI32Type(), dot.getRowTile());
    for (int64_t t = 0; t < count; ++t) {
      SmallVector<Value> place = {emitter.add(token, t), emitter.index(row)};
      Value before = vector::LoadOp::create(builder, doubles, sums, place);
      Value more = join(emitter, sumsOf(total, registers, t));
      if (dot.getSumBits() != 32)
        more = arith::ExtSIOp::create(builder, doubles, more);
      Value after = arith::AddIOp::create(builder, before, more);
      vector::StoreOp::create(builder, after, sums, place);
    }
  }
}

void UnpackedKernel::emitChunk(Value tile, Value firstBlock, int64_t count) {
  const int64_t blockGroups = unpacker->blockColumns / dot.getColumns();
  emitter.forRange(emitter.index(0), emitter.index(count), 1, [&](Value i) {
    Value block = arith::AddIOp::create(builder, firstBlock, i);
    unpackBlock(tile, block, emitter.mul(i, blockGroups));
  });
  Value column = emitter.mul(firstBlock, unpacker->blockColumns);
  forTokenTiles(dot.getTokenTile(), [&](Value token, int64_t tokens) {
    multiplyTokens(token, tokens, column, count * unpacker->blockColumns);
  });
}

void UnpackedKernel::storeResults(Value tile, Epilogue &epilogue,
                                  const Rows &result) {
  Rows steps = emitter.rowsOf(op.getSteps());
  VectorType doubles =
      emitter.vectorType(builder.getI32Type(), lut::vectorRows);
  Value base = emitter.mul(tile, tileRows);
  emitter.forRange(emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
    Value step = memref::LoadOp::create(builder, steps.memref, token);
    for (int64_t v = 0; v < tileRows / lut::vectorRows; ++v) {
      Value packed = vector::LoadOp::create(
          builder, doubles, sums,
          ValueRange{token, emitter.index(v * lut::vectorRows)});
      for (auto [half, rows] : llvm::enumerate(unpacker->inRowOrder(packed))) {
        Value row =
            emitter.add(base, v * lut::vectorRows + int64_t(half) * lanes);
        emitter.storeRow(epilogue.apply(rows, row, step), result, token, row,
                         lanes);
      }
    }
  });
}

void UnpackedKernel::run() {
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  Epilogue epilogue(emitter, weight);
  emitRowSums();
  int64_t tiles = cast<MemRefType>(weights.getType()).getDimSize(0);
  auto stack = [&](ArrayRef<int64_t> shape, Type element) -> Value {
    return memref::AllocaOp::create(builder, MemRefType::get(shape, element),
                                    builder.getI64IntegerAttr(64));
  };
  emitter.forParallel(builder.getIndexAttr(tiles), [&](Value tile) {
    codes = stack({chunkBlocks * unpacker->blockColumns / dot.getColumns(),
                   tileRows * dot.getColumns()},
                  builder.getI8Type());
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

void multiplyUnpacked(LoopEmitter &emitter, lut::MatmulOp op) {
  UnpackedKernel(emitter, op).run();
}

} // namespace tritc::loops
