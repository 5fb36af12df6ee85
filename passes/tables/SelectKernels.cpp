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

/// Lookup pays for one token only: its tables are as large as 10 tokens of
/// activations, while codes unpacked once serve a whole block.
static bool looksUp(TernaryMatmulOp product, lut::TargetAttr target) {
  int64_t tokens = cast<ShapedType>(product.getInput().getType()).getDimSize(0);
  return tokens == 1 &&
         target.getPacking().getKind() == lut::PackingKind::SignedNibble;
}

static Value buildLookup(OpBuilder &builder, DequantizeOp op,
                         TernaryMatmulOp product, lut::TargetAttr target) {
  int64_t columns = product.getWeight().getType().getCols();
  auto tableType =
      RankedTensorType::get({1, lut::tableBytes(columns)}, builder.getI8Type());
  Value table = lut::TableOp::create(builder, op.getLoc(), tableType,
                                     product.getInput(), target.getPacking());
  return lut::MatvecOp::create(builder, op.getLoc(), op.getType(), table,
                               op.getSteps(), op.getWeight(),
                               target.getPacking(), target.getPrefetchBytes());
}

namespace {
struct SelectKernels : impl::SelectKernelsBase<SelectKernels> {
  void runOnOperation() override {
    FailureOr<lut::TargetAttr> found = lut::targetOf(getOperation());
    if (failed(found))
      return signalPassFailure();
    lut::TargetAttr target = *found;
    getOperation().walk([&](DequantizeOp op) {
      auto product = op.getSums().getDefiningOp<TernaryMatmulOp>();
      if (!product || !product->hasOneUse() ||
          product.getWeight() != op.getWeight()) {
        LDBG() << "skip " << op << ": no product of its own to scale";
        return;
      }
      OpBuilder builder(op);
      Value result;
      if (looksUp(product, target)) {
        result = buildLookup(builder, op, product, target);
        ++lookups;
      } else {
        result = lut::MatmulOp::create(builder, op.getLoc(), op.getType(),
                                       product.getInput(), op.getSteps(),
                                       op.getWeight(), target.getPacking(),
                                       target.getTokenTile());
        ++dots;
      }
      op.replaceAllUsesWith(result);
      op.erase();
      product.erase();
    });
  }
};
} // namespace
} // namespace tritc::tables
