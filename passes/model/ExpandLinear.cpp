//===- ExpandLinear.cpp - Make quantization explicit ----------------------===//
#include "passes/model/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::model {
#define GEN_PASS_DEF_EXPANDLINEAR
#include "passes/model/Passes.h.inc"

static void expand(LinearOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto inputType = cast<RankedTensorType>(op.getInput().getType());
  auto resultType = cast<RankedTensorType>(op.getType());
  auto quantized = QuantizeOp::create(
      builder, loc, inputType.clone(builder.getI8Type()),
      RankedTensorType::get(inputType.getShape().take_front(),
                            builder.getF32Type()),
      op.getInput());
  Value sums = TernaryMatmulOp::create(
      builder, loc, resultType.clone(builder.getI32Type()),
      quantized.getQuantized(), op.getWeight());
  Value result = DequantizeOp::create(builder, loc, resultType, sums,
                                      quantized.getSteps(), op.getWeight());
  op.replaceAllUsesWith(result);
  op.erase();
}

namespace {
struct ExpandLinear : impl::ExpandLinearBase<ExpandLinear> {
  void runOnOperation() override {
    getOperation().walk([&](LinearOp op) {
      expand(op);
      ++expanded;
    });
  }
};
} // namespace
} // namespace tritc::model
