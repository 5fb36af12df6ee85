//===- PlanImage.cpp - Give every parameter its place ---------------------===//
#include "passes/tables/CostModel.h"
#include "passes/tables/Passes.h"
#include "passes/tables/Section.h"

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
    Section section;
    for (auto weight : getOperation().getOps<WeightOp>()) {
      lut::PackingAttr packing;
      if (auto ternary = dyn_cast<TernaryType>(weight.getType())) {
        lut::KernelAttr kernel = chooseKernel(target, ternary);
        if (!kernel) {
          weight.emitError() << "no kernel of the target takes "
                             << ternary.getCols() << " columns";
          return signalPassFailure();
        }
        packing = kernel.getPacking();
      }
      if (failed(section.place(
              weight, parameterBytes(weight, packing).value_or(INT64_MAX),
              packing)))
        return signalPassFailure();
    }
    section.close(getOperation());
  }
};
} // namespace
} // namespace tritc::tables
