//===- LowerPrimitives.cpp - The target's instructions --------------------===//
#include "passes/machine/LowerRegisters.h"

#include "targets/Target.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace tritc::machine {
#define GEN_PASS_DEF_LOWERPRIMITIVES
#include "passes/machine/Passes.h.inc"

static Value splat(ImplicitLocOpBuilder &builder, VectorType type,
                   int64_t value) {
  return arith::ConstantOp::create(
      builder, DenseElementsAttr::get(
                   type, builder.getIntegerAttr(type.getElementType(), value)));
}

/// result[i] = table[indices[i]], negated or complemented where signs[i] < 0. A
/// loop: a tile's lookups, unrolled, are blocks of 10,000 instructions, which
/// LLVM schedules in 20 s.
static Value lowerGeneric(ImplicitLocOpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  Value zero = splat(builder, type, 0);
  auto lookUp = [&](OpBuilder &inner, Location loc, Value i, ValueRange so) {
    OpFoldResult element = i;
    Value at = vector::ExtractOp::create(inner, loc, op.getIndices(), element);
    at = arith::IndexCastUIOp::create(inner, loc, inner.getIndexType(), at);
    OpFoldResult place = at;
    Value entry = vector::ExtractOp::create(inner, loc, op.getTable(), place);
    Value next =
        vector::InsertOp::create(inner, loc, entry, so.front(), element);
    scf::YieldOp::create(inner, loc, next);
  };
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, value);
  };
  Value looked =
      scf::ForOp::create(builder, index(0), index(type.getNumElements()),
                         index(1), zero, lookUp)
          .getResult(0);
  if (!op.getSigns())
    return looked;
  if (op.getComplement())
    return arith::XOrIOp::create(builder, looked, op.getSigns());
  Value negated = arith::SubIOp::create(builder, zero, looked);
  Value isNegative = arith::CmpIOp::create(builder, arith::CmpIPredicate::slt,
                                           op.getSigns(), zero);
  return arith::SelectOp::create(builder, isNegative, negated, looked);
}

/// One column after the other: the codes of all rows, once for each token,
/// times each token's activation, in the width of the sums.
static Value lowerGeneric(ImplicitLocOpBuilder &builder, lut::DotOp op) {
  auto sums = cast<VectorType>(op.getType());
  Value result = op.getAccumulator();
  for (int64_t column = 0; column < op.getColumns(); ++column) {
    SmallVector<int64_t> codeOf, activationOf;
    for (int64_t token = 0; token < int64_t(op.getTokens()); ++token)
      for (int64_t row = 0; row < op.getRows(); ++row) {
        codeOf.push_back(row * op.getColumns() + column);
        activationOf.push_back(token * op.getColumns() + column);
      }
    Value codes = vector::ShuffleOp::create(builder, op.getCodes(),
                                            op.getCodes(), codeOf);
    Value x = vector::ShuffleOp::create(builder, op.getActivations(),
                                        op.getActivations(), activationOf);
    codes = op.getKind() == lut::Codes::Signed
                ? arith::ExtSIOp::create(builder, sums, codes).getResult()
                : arith::ExtUIOp::create(builder, sums, codes).getResult();
    x = arith::ExtSIOp::create(builder, sums, x);
    Value product = arith::MulIOp::create(builder, codes, x);
    result = arith::AddIOp::create(builder, result, product);
  }
  return result;
}

namespace {
struct LowerPrimitives : impl::LowerPrimitivesBase<LowerPrimitives> {
  using LowerPrimitivesBase::LowerPrimitivesBase;

  void runOnOperation() override {
    const Target *found = lookupTarget(target);
    if (!found) {
      getOperation().emitError() << "no target named '" << target << "'";
      return signalPassFailure();
    }
    if (failed(lowerRegisters(getOperation(), found->registers)))
      return signalPassFailure();
    getOperation().walk([&](Operation *op) {
      if (auto lookup = dyn_cast<lut::LookupOp>(op))
        lower(lookup, found->lowerLookup);
      else if (auto dot = dyn_cast<lut::DotOp>(op))
        lower(dot, found->lowerDot);
    });
  }

private:
  template <typename OpTy>
  void lower(OpTy op, Value (*hook)(OpBuilder &, OpTy)) {
    ImplicitLocOpBuilder builder(op.getLoc(), op);
    Value result = hook ? hook(builder, op) : Value();
    if (result)
      ++native;
    else
      ++generic;
    op.replaceAllUsesWith(result ? result : lowerGeneric(builder, op));
    op.erase();
  }
};
} // namespace
} // namespace tritc::machine
