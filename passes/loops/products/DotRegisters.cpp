//===- DotRegisters.cpp - Dot products of unpacked codes, by registers ----===//
//
// Registers of two dimensions hold sums of many tokens and rows, activations of
// the tokens as they lie in memory, or codes of the rows. Sums of a few such
// registers stay while all columns of a chunk go by.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/products/DotUnpacked.h"

using namespace mlir;

namespace tritc::loops {

namespace {
/// With R rows, T tokens, C columns of a product, S of them side by side:
///   codes: [tileRows / R * columns / S, R * S]
///   sums:  [tokens / T * tileRows / R * T, R]
/// Tokens that fill the last group up are computed and never read.
class RegisterKernel final : public UnpackedKernel {
public:
  RegisterKernel(LoopEmitter &emitter, lut::MatmulOp op)
      : UnpackedKernel(emitter, op,
                       {op.getDot().getSideColumns(),
                        op.getDot().getChunkColumns(), op.getDot().getRows()}),
        rows(dot.getRows()), tokens(dot.getTokens()),
        rowGroups(tileRows / rows),
        columnGroups(chunkBlocks * unpacker->blockColumns / shape.sideColumns),
        sumsType(registerType(tokens, rows, 32)),
        codesType(registerType(dot.getColumns() / shape.sideColumns,
                               rows * shape.sideColumns, 8)),
        activationsType(registerType(tokens, dot.getColumns(), 8)) {}

private:
  lut::RegisterType registerType(int64_t height, int64_t width, unsigned bits) {
    return lut::RegisterType::get(builder.getContext(), height, width,
                                  builder.getIntegerType(bits));
  }

  void allocate() override {
    codes =
        allocateOnStack({rowGroups * columnGroups, rows * shape.sideColumns},
                        builder.getI8Type());
    sums = allocateOnStack(
        {int64_t(llvm::alignTo(emitter.maxTokens, tokens)) * rowGroups, rows},
        builder.getI32Type());
  }

  void storeCodes(Value group, int64_t row, Value bytes) override {
    const int64_t registerBytes = rows * shape.sideColumns;
    int64_t size = cast<VectorType>(bytes.getType()).getNumElements();
    for (int64_t at = 0; at < size; at += registerBytes) {
      Value place = emitter.add(group, row / rows * columnGroups);
      vector::StoreOp::create(builder, slice(emitter, bytes, at, registerBytes),
                              codes, ValueRange{place, emitter.index(0)});
      row += rows;
    }
  }

  SmallVector<Value> placeOf(Value token, int64_t row) override {
    Value size = emitter.index(tokens);
    Value group = arith::DivUIOp::create(builder, token, size);
    Value within = arith::RemUIOp::create(builder, token, size);
    Value first = emitter.add(emitter.mul(group, rowGroups * tokens),
                              row / rows * tokens);
    return {arith::AddIOp::create(builder, first, within),
            emitter.index(row % rows)};
  }

  void multiply(Value firstColumn, int64_t columns) override;
  void multiplyTile(Value tokenGroup, int64_t tokenCount, Value rowGroup,
                    int64_t rowCount, Value firstColumn, int64_t columns);

  const int64_t rows, tokens; ///< of one product
  const int64_t rowGroups, columnGroups;
  const lut::RegisterType sumsType, codesType, activationsType;
};
} // namespace

/// Sums of `rowCount` groups of rows and `tokenCount` of tokens.
void RegisterKernel::multiplyTile(Value tokenGroup, int64_t tokenCount,
                                  Value rowGroup, int64_t rowCount,
                                  Value firstColumn, int64_t columns) {
  Value zero = emitter.index(0);
  auto sumsAt = [&](int64_t t, int64_t r) {
    Value group = emitter.mul(emitter.add(tokenGroup, t), rowGroups);
    group = arith::AddIOp::create(builder, group, emitter.add(rowGroup, r));
    return emitter.mul(group, tokens);
  };
  SmallVector<Value> total;
  for (int64_t t = 0; t < tokenCount; ++t)
    for (int64_t r = 0; r < rowCount; ++r)
      total.push_back(lut::LoadRegisterOp::create(builder, sumsType, sums,
                                                  sumsAt(t, r), zero));
  total = emitter.forRange(
      zero, emitter.index(llvm::divideCeil(columns, dot.getColumns())), 1,
      total, [&](Value step, ValueRange carried) {
        Value column = arith::AddIOp::create(
            builder, firstColumn, emitter.mul(step, dot.getColumns()));
        SmallVector<Value> x, weights;
        for (int64_t t = 0; t < tokenCount; ++t)
          x.push_back(lut::LoadRegisterOp::create(
              builder, activationsType, input.memref,
              emitter.mul(emitter.add(tokenGroup, t), tokens), column));
        for (int64_t r = 0; r < rowCount; ++r) {
          Value first = emitter.mul(emitter.add(rowGroup, r), columnGroups);
          first = arith::AddIOp::create(builder, first,
                                        emitter.mul(step, codesType.getRows()));
          weights.push_back(lut::LoadRegisterOp::create(builder, codesType,
                                                        codes, first, zero));
        }
        SmallVector<Value> next;
        for (Value own : x)
          for (Value code : weights)
            next.push_back(lut::DotRegistersOp::create(
                builder, sumsType, carried[next.size()], code, own));
        return next;
      });
  for (int64_t t = 0; t < tokenCount; ++t)
    for (int64_t r = 0; r < rowCount; ++r)
      lut::StoreRegisterOp::create(builder, total[t * rowCount + r], sums,
                                   sumsAt(t, r), zero);
}

void RegisterKernel::multiply(Value firstColumn, int64_t columns) {
  Value groups = arith::CeilDivUIOp::create(builder, emitter.tokenCount,
                                            emitter.index(tokens));
  emitter.forTiles(emitter.index(0), emitter.index(rowGroups),
                   dot.getRowTile() / rows, [&](Value row, int64_t rowCount) {
                     emitter.forTiles(
                         emitter.index(0), groups, dot.getTokenTile() / tokens,
                         [&](Value group, int64_t tokenCount) {
                           multiplyTile(group, tokenCount, row, rowCount,
                                        firstColumn, columns);
                         });
                   });
}

std::unique_ptr<DotKernel> createRegisterKernel(LoopEmitter &emitter,
                                                lut::MatmulOp op) {
  return std::make_unique<RegisterKernel>(emitter, op);
}

} // namespace tritc::loops
