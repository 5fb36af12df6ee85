//===- LowerMatmul.cpp - A block of tokens by dot products ----------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/products/Dots.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

//===----------------------------------------------------------------------===//
// codes: plain loops, the specification of every other kernel
//===----------------------------------------------------------------------===//

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
  Rows result = emitter.allocate(op.getType());
  Value weights = emitter.parameter(weight);
  Epilogue epilogue(emitter, weight);
  emitter.forParallel(
      lut::Share::Tiles, builder.getIndexAttr(result.width), [&](Value row) {
        emitter.forRange(
            emitter.index(0), emitter.tokenCount, 1, [&](Value token) {
              Value sum = emitPlainSum(emitter, input, token, weights, row);
              Value step = memref::LoadOp::create(builder, steps.memref, token);
              memref::StoreOp::create(builder, epilogue.apply(sum, row, step),
                                      result.memref, ValueRange{token, row});
            });
      });
  emitter.setResult(result);
}

//===----------------------------------------------------------------------===//
// trit_bytes: as they are, or unpacked for many tokens
//===----------------------------------------------------------------------===//

namespace {
/// Products of whole bytes are six for five rows; unpacking spares one of them
/// for each token, and costs the same for any number of tokens.
class TritKernel final : public DotKernel {
public:
  /// On an EPYC of the fourth generation, unpacking takes 15 % longer for 24
  /// tokens, as long for 32, and 9 % less for 96.
  static constexpr int64_t manyTokens = 32;

  TritKernel(LoopEmitter &emitter, lut::MatmulOp op)
      : DotKernel(emitter, op), few(createPackedKernel(emitter, op)),
        many(createVectorKernel(emitter, op)) {}

  void emitTile(Value tile, Epilogue &epilogue, const Rows &result) override {
    Value areMany =
        arith::CmpIOp::create(builder, arith::CmpIPredicate::uge,
                              emitter.tokenCount, emitter.index(manyTokens));
    auto branch = scf::IfOp::create(builder, areMany, /*withElseRegion=*/true);
    auto emit = [&](Block *block, DotKernel &kernel) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(block->getTerminator());
      kernel.follow(*this);
      kernel.emitTile(tile, epilogue, result);
    };
    emit(branch.thenBlock(), *many);
    emit(branch.elseBlock(), *few);
  }

private:
  std::unique_ptr<DotKernel> few, many;
};
} // namespace

static std::unique_ptr<DotKernel> createKernel(LoopEmitter &emitter,
                                               lut::MatmulOp op) {
  if (op.getDot().getSideColumns())
    return createRegisterKernel(emitter, op);
  switch (op.getPacking().getKind()) {
  case lut::PackingKind::SignedNibble:
  case lut::PackingKind::IndexWords:
    return createVectorKernel(emitter, op);
  case lut::PackingKind::TritBytes:
    if (emitter.maxTokens >= TritKernel::manyTokens)
      return std::make_unique<TritKernel>(emitter, op);
    break;
  case lut::PackingKind::Codes: // has no kernel
  case lut::PackingKind::DotCodes:
    break;
  }
  return createPackedKernel(emitter, op);
}

void lowerMatmul(LoopEmitter &emitter, lut::MatmulOp op) {
  if (op.getPacking().getKind() == lut::PackingKind::Codes)
    return lowerPlain(emitter, op);
  createKernel(emitter, op)->run();
}

} // namespace tritc::loops
