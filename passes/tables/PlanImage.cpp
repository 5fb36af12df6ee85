//===- PlanImage.cpp - Give every parameter its place ---------------------===//
#include "passes/tables/CostModel.h"
#include "passes/tables/Passes.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::tables {
#define GEN_PASS_DEF_PLANIMAGE
#include "passes/tables/Passes.h.inc"

/// Bytes of one layer's worth of a parameter: tiles and one f32 scale per
/// source, or plain elements. Nothing where the product leaves 63 bits.
static std::optional<int64_t> parameterBytes(WeightOp op,
                                             lut::PackingAttr packing) {
  if (auto matrix = dyn_cast<StoredMatrix>(op.getType())) {
    auto spec = packing ? std::optional(packing.spec()) : std::nullopt;
    std::optional<int64_t> bytes = matrix.getTiles(spec).size();
    if (bytes && packing)
      *bytes += int64_t(op.sourceRowCounts().size() * sizeof(float));
    return bytes;
  }
  auto tensor = cast<RankedTensorType>(op.getType());
  int64_t bytes = tensor.getElementTypeBitWidth() / 8;
  for (int64_t size : tensor.getShape())
    if (llvm::MulOverflow(bytes, size, bytes))
      return {};
  return bytes;
}

namespace {
struct PlanImage : impl::PlanImageBase<PlanImage> {
  void runOnOperation() override {
    FailureOr<lut::TargetAttr> found = lut::targetOf(getOperation());
    if (failed(found))
      return signalPassFailure();
    lut::TargetAttr target = *found;
    constexpr int64_t parameterAlignment = 64, sectionAlignment = 4096;
    int64_t offset = 0;
    for (auto weight : getOperation().getOps<WeightOp>()) {
      auto ternary = dyn_cast<TernaryType>(weight.getType());
      lut::KernelAttr kernel =
          ternary ? chooseKernel(target, ternary) : lut::KernelAttr();
      if (ternary && !kernel) {
        weight.emitError() << "no kernel of the target takes "
                           << ternary.getCols() << " columns";
        return signalPassFailure();
      }
      lut::PackingAttr packing =
          kernel ? kernel.getPacking() : lut::PackingAttr();
      auto bytes = parameterBytes(weight, packing);
      int64_t stride = bytes ? llvm::alignTo(*bytes, parameterAlignment) : 0;
      int64_t end = 0;
      if (!bytes ||
          llvm::MulOverflow(stride,
                            static_cast<int64_t>(weight.getCount().value_or(1)),
                            end) ||
          llvm::AddOverflow(end, offset, end)) {
        weight.emitError("the weight section exceeds 2^63 bytes");
        return signalPassFailure();
      }
      weight->setAttr(
          lut::kLayoutAttr,
          lut::LayoutAttr::get(&getContext(), offset, stride, packing));
      offset = end;
    }
    getOperation()->setAttr(
        lut::kImageBytesAttr,
        Builder(&getContext())
            .getI64IntegerAttr(llvm::alignTo(offset, sectionAlignment)));
  }
};
} // namespace
} // namespace tritc::tables
