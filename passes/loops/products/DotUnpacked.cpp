//===- DotUnpacked.cpp - Unpack tiles, multiply, scale --------------------===//
#include "passes/loops/products/DotUnpacked.h"

#include <numeric>

using namespace mlir;

namespace tritc::loops {

UnpackedKernel::UnpackedKernel(LoopEmitter &emitter, lut::MatmulOp op,
                               Shape shape)
    : DotKernel(emitter, op), shape(shape),
      unpacker(Unpacker::create(emitter, op.getPacking(), weights,
                                shape.sideColumns)) {
  int64_t unit = std::lcm(unpacker->blockColumns, dot.getColumns());
  chunkBlocks = std::max<int64_t>(shape.chunkColumns / unit, 1) * unit /
                unpacker->blockColumns;
}

Value UnpackedKernel::allocateOnStack(ArrayRef<int64_t> shape, Type element) {
  return memref::AllocaOp::create(builder, MemRefType::get(shape, element),
                                  builder.getI64IntegerAttr(64));
}

void UnpackedKernel::clearSums() {
  const int64_t together = std::min(lanes, unpacker->orderedRows);
  VectorType words = emitter.vectorType(builder.getI32Type(), together);
  emitter.forRange(emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
    Value start = vector::BroadcastOp::create(builder, words, startOf(token));
    for (int64_t at = 0; at < tileRows; at += together)
      vector::StoreOp::create(builder, start, sums, placeOf(token, at));
  });
}

/// Codes of columns that fill the last dot product up are 0: activations there
/// are of other columns, or not even set.
void UnpackedKernel::emitChunk(Value tile, Value firstBlock, int64_t count) {
  const int64_t columns = count * unpacker->blockColumns;
  emitter.forRange(emitter.index(0), emitter.index(count), 1, [&](Value i) {
    Value block = arith::AddIOp::create(builder, firstBlock, i);
    Value first = emitter.mul(i, unpacker->blockColumns / shape.sideColumns);
    unpacker->unpack(tile, block, [&](int64_t group, int64_t row, Value bytes) {
      storeCodes(emitter.add(first, group), row, bytes);
    });
  });
  const int64_t together = std::min(lanes, unpacker->orderedRows);
  VectorType bytes =
      emitter.vectorType(builder.getI8Type(), together * shape.sideColumns);
  for (int64_t at = columns; at % dot.getColumns() != 0;
       at += shape.sideColumns)
    for (int64_t row = 0; row < tileRows; row += together)
      storeCodes(emitter.index(at / shape.sideColumns), row,
                 emitter.splat(bytes, 0));
  multiply(emitter.mul(firstBlock, unpacker->blockColumns), columns);
}

/// Sums of `count` rows from `row` on, in packed lanes.
Value UnpackedKernel::loadSums(Value token, int64_t row, int64_t count) {
  int64_t together = std::min(shape.sumRows, count);
  SmallVector<Value> parts;
  for (int64_t at = 0; at < count; at += together)
    parts.push_back(vector::LoadOp::create(
        builder, emitter.vectorType(builder.getI32Type(), together), sums,
        placeOf(token, row + at)));
  return join(emitter, parts);
}

void UnpackedKernel::storeResults(Value tile, Epilogue &epilogue,
                                  const Rows &result) {
  Rows steps = emitter.rowsOf(op.getSteps());
  Value base = emitter.mul(tile, tileRows);
  const int64_t together = unpacker->orderedRows;
  emitter.forRange(emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
    Value step = memref::LoadOp::create(builder, steps.memref, token);
    for (int64_t first = 0; first < tileRows; first += together) {
      auto parts = unpacker->inRowOrder(loadSums(token, first, together));
      for (auto [part, rows] : llvm::enumerate(parts)) {
        int64_t at = first + int64_t(part) * together / int64_t(parts.size());
        Value row = emitter.add(base, at);
        vector::StoreOp::create(
            builder, epilogue.apply(rows, row, step), result.memref,
            ValueRange{token, emitter.add(row, result.column)});
      }
    }
  });
}

void UnpackedKernel::emitTile(Value tile, Epilogue &epilogue,
                              const Rows &result) {
  const int64_t blocks = llvm::divideCeil(op.getWeight().getType().getCols(),
                                          unpacker->blockColumns);
  allocate();
  clearSums();
  int64_t whole = blocks / chunkBlocks * chunkBlocks;
  emitter.forRange(emitter.index(0), emitter.index(whole), chunkBlocks,
                   [&](Value block) { emitChunk(tile, block, chunkBlocks); });
  if (whole < blocks)
    emitChunk(tile, emitter.index(whole), blocks - whole);
  storeResults(tile, epilogue, result);
}

} // namespace tritc::loops
