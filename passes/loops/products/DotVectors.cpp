//===- DotVectors.cpp - Dot products of unpacked codes, by vectors --------===//
//
// As many columns of a row stand side by side as one lut.dot takes; a few
// tokens at a time multiply them.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/products/DotUnpacked.h"

using namespace mlir;

namespace tritc::loops {

/// Columns unpacked at once. Sums of 16 bits hold 63 pairs of columns; for
/// those of 32 bits, codes and activations should stay in L1.
static int64_t chunkColumns(lut::DotShapeAttr dot) {
  return dot.getSumBits() == 16 ? 120 : 240;
}

namespace {
/// codes: [columns / dot.columns, tileRows * dot.columns]
/// sums:  [tokens, tileRows]
class VectorKernel final : public UnpackedKernel {
public:
  VectorKernel(LoopEmitter &emitter, lut::MatmulOp op)
      : UnpackedKernel(emitter, op,
                       {op.getDot().getColumns(), chunkColumns(op.getDot()),
                        op.getPacking().getRows()}),
        registers(chooseRegisters()) {}

private:
  void allocate() override {
    codes = allocateOnStack(
        {chunkBlocks * unpacker->blockColumns / dot.getColumns(),
         tileRows * dot.getColumns()},
        builder.getI8Type());
    sums = allocateOnStack({emitter.maxTokens, tileRows}, builder.getI32Type());
  }

  void storeCodes(Value group, int64_t row, Value bytes) override {
    Value at = emitter.index(row * dot.getColumns());
    vector::StoreOp::create(builder, bytes, codes, ValueRange{group, at});
  }

  SmallVector<Value> placeOf(Value token, int64_t row) override {
    return {token, emitter.index(row)};
  }

  void multiply(Value firstColumn, int64_t columns) override {
    forTokenTiles(tokenTile(registers), [&](Value token, int64_t tokens) {
      multiplyTokens(token, tokens, firstColumn, columns);
    });
  }

  void multiplyTokens(Value token, int64_t count, Value firstColumn,
                      int64_t columns);
  void addToSums(Value token, int64_t row, ArrayRef<Value> more);
  int64_t chooseRegisters();

  const int64_t registers; ///< of rows that are multiplied at once
};
} // namespace

/// As many as the target likes; where those do not divide a tile, as many as
/// load least for each product.
int64_t VectorKernel::chooseRegisters() {
  const int64_t all = tileRows / dot.getRows();
  const int64_t wanted = dot.getRowTile() / dot.getRows();
  if (all % wanted == 0)
    return wanted;
  int64_t best = 1;
  auto loadsOf = [&](int64_t rows) {
    int64_t tokens = tokenTile(rows);
    return double(rows + tokens) / double(rows * tokens);
  };
  for (int64_t rows = 2; rows <= std::min(all, sumRegisters()); ++rows)
    if (all % rows == 0 && loadsOf(rows) < loadsOf(best))
      best = rows;
  return best;
}

/// sums[token .. token + count) += codes * activations over `columns` columns.
void VectorKernel::multiplyTokens(Value token, int64_t count, Value firstColumn,
                                  int64_t columns) {
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
  for (int64_t row = 0; row < tileRows; row += registers * dot.getRows()) {
    SmallVector<Value> total = emitter.forRange(
        emitter.index(0), emitter.index(whole), dot.getLoadColumns(),
        zeroSums(registers, count), [&](Value column, ValueRange carried) {
          return multiply(SmallVector<Value>(carried), row, column,
                          dot.getLoadColumns());
        });
    if (whole < columns)
      total = multiply(total, row, emitter.index(whole), columns - whole);
    for (int64_t t = 0; t < count; ++t)
      addToSums(emitter.add(token, t), row, sumsOf(total, registers, t));
  }
}

/// Adds registers of consecutive rows to the token's sums, a power of two of
/// them at a time.
void VectorKernel::addToSums(Value token, int64_t row, ArrayRef<Value> more) {
  while (!more.empty()) {
    size_t count = llvm::bit_floor(more.size());
    Value joined = join(emitter, more.take_front(count));
    int64_t rows = int64_t(count) * dot.getRows();
    VectorType doubles = emitter.vectorType(builder.getI32Type(), rows);
    if (dot.getSumBits() != 32)
      joined = arith::ExtSIOp::create(builder, doubles, joined);
    SmallVector<Value> place = {token, emitter.index(row)};
    Value before = vector::LoadOp::create(builder, doubles, sums, place);
    vector::StoreOp::create(
        builder, arith::AddIOp::create(builder, before, joined), sums, place);
    more = more.drop_front(count);
    row += rows;
  }
}

std::unique_ptr<DotKernel> createVectorKernel(LoopEmitter &emitter,
                                              lut::MatmulOp op) {
  return std::make_unique<VectorKernel>(emitter, op);
}

} // namespace tritc::loops
