//===- LowerPrimitives.cpp - The target's instructions --------------------===//
#include "passes/machine/Passes.h"

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

/// result[i] = signs[i] < 0 ? -table[indices[i]] : table[indices[i]].
static Value lowerGeneric(ImplicitLocOpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  Value zero = splat(builder, type, 0);
  Value looked = zero;
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    Value at = vector::ExtractOp::create(builder, op.getIndices(), i);
    at = arith::IndexCastUIOp::create(builder, builder.getIndexType(), at);
    Value entry = vector::ExtractOp::create(builder, op.getTable(),
                                            ArrayRef<OpFoldResult>{at});
    looked = vector::InsertOp::create(builder, entry, looked, i);
  }
  Value negated = arith::SubIOp::create(builder, zero, looked);
  Value isNegative = arith::CmpIOp::create(builder, arith::CmpIPredicate::slt,
                                           op.getSigns(), zero);
  return arith::SelectOp::create(builder, isNegative, negated, looked);
}

/// Products in 16 bits, then even and odd ones added.
static Value lowerGeneric(ImplicitLocOpBuilder &builder, lut::DotOp op) {
  auto bytes = cast<VectorType>(op.getCodes().getType());
  auto words = bytes.clone(builder.getI16Type());
  Value codes = arith::ExtUIOp::create(builder, words, op.getCodes());
  Value activations =
      arith::ExtSIOp::create(builder, words, op.getActivations());
  Value products = arith::MulIOp::create(builder, codes, activations);
  auto pairs = vector::DeinterleaveOp::create(builder, products);
  Value sums = arith::AddIOp::create(builder, pairs.getRes1(), pairs.getRes2());
  return arith::AddIOp::create(builder, op.getAccumulator(), sums);
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
