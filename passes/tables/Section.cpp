//===- Section.cpp - Where parameters lie in the weight section -----------===//
#include "passes/tables/Section.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::tables {

/// Of the section; a parameter's is that of its layout.
static constexpr int64_t sectionAlignment = 4096;

LogicalResult Section::place(WeightOp weight, int64_t bytes,
                             lut::PackingAttr packing) {
  int64_t count = static_cast<int64_t>(weight.getCount().value_or(1));
  bool fits = bytes <= INT64_MAX - lut::LayoutAttr::alignment;
  int64_t stride = fits ? llvm::alignTo(bytes, lut::LayoutAttr::alignment) : 0;
  int64_t offset = llvm::alignTo(end, lut::LayoutAttr::alignment);
  int64_t size = 0, next = 0;
  if (!fits || llvm::MulOverflow(stride, count, size) ||
      llvm::AddOverflow(offset, size, next) ||
      next > INT64_MAX - sectionAlignment)
    return weight.emitError("the weight section exceeds 2^63 bytes");
  weight->setAttr(
      lut::kLayoutAttr,
      lut::LayoutAttr::get(weight.getContext(), offset, stride, packing));
  end = next;
  return success();
}

void Section::close(ModuleOp module) const {
  module->setAttr(lut::kImageBytesAttr,
                  Builder(module.getContext())
                      .getI64IntegerAttr(llvm::alignTo(end, sectionAlignment)));
}

LogicalResult
joinSection(ModuleOp module, int64_t bytes,
            llvm::function_ref<std::optional<int64_t>(WeightOp)> placeOf) {
  Section section(bytes);
  for (auto weight : module.getOps<WeightOp>()) {
    auto own = weight->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
    if (std::optional<int64_t> there = placeOf(weight))
      weight->setAttr(lut::kLayoutAttr,
                      lut::LayoutAttr::get(module.getContext(), *there,
                                           own.getStride(), own.getPacking()));
    else if (failed(section.place(weight, own.getStride(), own.getPacking())))
      return failure();
  }
  section.close(module);
  return success();
}

} // namespace tritc::tables
