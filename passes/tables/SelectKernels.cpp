//===- SelectKernels.cpp - Choose how each product is computed ------------===//
#include "passes/tables/Passes.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/DebugLog.h"

#define DEBUG_TYPE "lut-select-kernels"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::tables {
#define GEN_PASS_DEF_SELECTKERNELS
#include "passes/tables/Passes.h.inc"

static bool isOneToken(TernaryMatmulOp product) {
  return cast<ShapedType>(product.getInput().getType()).getDimSize(0) == 1;
}

/// Lookup pays for one token only: its tables are as large as 10 tokens of
/// activations, while codes unpacked once serve a whole block.
static bool looksUp(TernaryMatmulOp product, lut::PackingAttr packing) {
  return isOneToken(product) && packing.isLookedUp();
}

static Value buildLookup(OpBuilder &builder, DequantizeOp op,
                         TernaryMatmulOp product, lut::KernelAttr kernel,
                         int64_t prefetchBytes) {
  lut::PackingAttr packing = kernel.getPacking();
  bool complement = kernel.getSign() == lut::Sign::Complement;
  int64_t columns = product.getWeight().getType().getCols();
  auto tableType = RankedTensorType::get(
      {1, lut::tableShape(packing.spec())->bytes(columns)},
      builder.getI8Type());
  Value table = lut::TableOp::create(builder, op.getLoc(), tableType,
                                     product.getInput(), packing, complement);
  return lut::MatvecOp::create(builder, op.getLoc(), op.getType(), table,
                               op.getSteps(), op.getWeight(), packing,
                               prefetchBytes, complement);
}

/// The kernel of the target that the weights are packed for.
static FailureOr<lut::KernelAttr> kernelOf(DequantizeOp op,
                                           lut::TargetAttr target) {
  auto parameter = op.getWeight().getDefiningOp<ParameterOp>();
  auto weight = parameter ? SymbolTable::lookupNearestSymbolFrom<WeightOp>(
                                op, parameter.getWeightAttr())
                          : WeightOp();
  auto layout = weight
                    ? weight->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr)
                    : lut::LayoutAttr();
  if (!layout)
    return op.emitError("expected a parameter with a place in the section");
  if (lut::KernelAttr kernel = target.kernelOf(layout.getPacking()))
    return kernel;
  return op.emitError() << "no kernel of the target reads weights packed "
                        << layout.getPacking();
}

namespace {
struct SelectKernels : impl::SelectKernelsBase<SelectKernels> {
  void runOnOperation() override {
    FailureOr<lut::TargetAttr> found = lut::targetOf(getOperation());
    if (failed(found))
      return signalPassFailure();
    lut::TargetAttr target = *found;
    WalkResult walked = getOperation().walk([&](DequantizeOp op) {
      auto product = op.getSums().getDefiningOp<TernaryMatmulOp>();
      if (!product || !product->hasOneUse() ||
          product.getWeight() != op.getWeight()) {
        LDBG() << "skip " << op << ": no product of its own to scale";
        return WalkResult::advance();
      }
      OpBuilder builder(op);
      Value result;
      FailureOr<lut::KernelAttr> found = kernelOf(op, target);
      if (failed(found))
        return WalkResult::interrupt();
      lut::KernelAttr kernel = *found;
      if (looksUp(product, kernel.getPacking())) {
        result = buildLookup(builder, op, product, kernel,
                             target.getPrefetchBytes());
        ++lookups;
      } else {
        result = lut::MatmulOp::create(
            builder, op.getLoc(), op.getType(), product.getInput(),
            op.getSteps(), op.getWeight(), kernel.getPacking(),
            target.dotOf(kernel, isOneToken(product)));
        ++dots;
      }
      op.replaceAllUsesWith(result);
      op.erase();
      product.erase();
      return WalkResult::advance();
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
} // namespace tritc::tables
