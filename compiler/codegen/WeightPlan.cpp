//===- WeightPlan.cpp - Where every parameter lies in the image -----------===//

#include "compiler/codegen/WeightPlan.h"

#include "compiler/import/Error.h"
#include "dialects/bitnet/Bitnet.h"
#include "dialects/lut/Lut.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/FormatVariadic.h"

namespace tritc::codegen {

static llvm::Error badWeight(bitnet::WeightOp weight, const llvm::Twine &what) {
  return makeError(ExitCode::CodeGeneration,
                   "parameter '" + weight.getSymName() + "': " + what);
}

/// The element type of a float parameter.
static std::optional<WeightEntry::Element> elementOf(mlir::Type type) {
  if (type.isF32())
    return WeightEntry::Element::F32;
  if (type.isF16())
    return WeightEntry::Element::F16;
  if (type.isBF16())
    return WeightEntry::Element::BF16;
  return std::nullopt;
}

/// Rows and columns of a tensor: all dimensions but the last are rows.
static std::pair<int64_t, int64_t> shapeOf(mlir::RankedTensorType type) {
  int64_t columns = type.getRank() ? type.getShape().back() : 1;
  return {columns ? type.getNumElements() / columns : 0, columns};
}

/// Fills in kind, shape and element type.
static llvm::Error readType(bitnet::WeightOp weight, WeightEntry &entry) {
  if (auto ternary = mlir::dyn_cast<bitnet::TernaryType>(weight.getType())) {
    entry.kind = WeightEntry::Kind::Ternary;
    entry.rows = ternary.getRows();
    entry.columns = ternary.getCols();
    return llvm::Error::success();
  }
  auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(weight.getType());
  std::optional<WeightEntry::Element> element =
      tensor && tensor.hasStaticShape() ? elementOf(tensor.getElementType())
                                        : std::nullopt;
  if (!element)
    return badWeight(weight, "expected a ternary matrix or a float tensor");
  entry.element = *element;
  if (!weight.getInit()) {
    entry.kind = WeightEntry::Kind::Floats;
    std::tie(entry.rows, entry.columns) = shapeOf(tensor);
    return llvm::Error::success();
  }
  auto rope = mlir::dyn_cast<bitnet::RopeTableAttr>(*weight.getInit());
  if (!rope || tensor.getRank() != 3 || tensor.getDimSize(1) != 2 ||
      *element != WeightEntry::Element::F32)
    return badWeight(weight, "expected a RoPE table [context, 2, half] of f32");
  entry.kind = WeightEntry::Kind::RopeTable;
  entry.rows = tensor.getDimSize(0);
  entry.columns = tensor.getDimSize(2);
  entry.theta = rope.getTheta().convertToDouble();
  return llvm::Error::success();
}

static llvm::Error readParts(bitnet::WeightOp weight, WeightEntry &entry) {
  entry.perLayer = weight.getCount().has_value();
  entry.layers = int64_t(weight.getCount().value_or(1));
  if (!weight.getSources())
    return llvm::Error::success();
  // A single source is the whole parameter, whatever its shape.
  llvm::ArrayRef<mlir::Attribute> names = weight.getSources()->getValue();
  if (names.size() == 1) {
    entry.parts = {
        {mlir::cast<mlir::StringAttr>(names.front()).str(), entry.rows}};
    return llvm::Error::success();
  }
  int64_t total = 0;
  for (auto [name, rows] : llvm::zip_equal(names, weight.sourceRowCounts())) {
    entry.parts.push_back({mlir::cast<mlir::StringAttr>(name).str(), rows});
    total += rows;
  }
  if (total != entry.rows)
    return badWeight(weight, llvm::formatv("expected sources of {0} rows, "
                                           "found {1}",
                                           entry.rows, total));
  return llvm::Error::success();
}

static llvm::Error readLayout(bitnet::WeightOp weight, int64_t sectionBytes,
                              WeightEntry &entry) {
  auto layout = weight->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  if (!layout)
    return badWeight(weight, "has no place in the image yet");
  bool isTernary = entry.kind == WeightEntry::Kind::Ternary;
  if (isTernary != bool(layout.getPacking()))
    return badWeight(weight, "expected a packing if and only if it is ternary");
  entry.offset = layout.getOffset();
  entry.stride = layout.getStride();
  if (isTernary)
    entry.packing = layout.getPacking().spec();
  if (entry.layers > 1 && entry.stride < entry.bytes())
    return badWeight(weight, llvm::formatv("expected a stride of at least {0} "
                                           "bytes, found {1}",
                                           entry.bytes(), entry.stride));
  int64_t end =
      entry.offset + (entry.layers - 1) * entry.stride + entry.bytes();
  if (end > sectionBytes)
    return badWeight(weight, llvm::formatv("ends at byte {0} of a section of "
                                           "{1} bytes",
                                           end, sectionBytes));
  return llvm::Error::success();
}

llvm::Expected<WeightPlan> extractWeightPlan(mlir::ModuleOp module) {
  WeightPlan plan;
  auto size = module->getAttrOfType<mlir::IntegerAttr>(lut::kImageBytesAttr);
  if (!size || size.getInt() < 0)
    return makeError(ExitCode::CodeGeneration,
                     "the module has no '" + lut::kImageBytesAttr + "'");
  plan.bytes = size.getInt();
  for (auto weight : module.getOps<bitnet::WeightOp>()) {
    WeightEntry &entry = plan.entries.emplace_back();
    entry.symbol = weight.getSymName().str();
    if (llvm::Error error = readType(weight, entry))
      return std::move(error);
    if (llvm::Error error = readParts(weight, entry))
      return std::move(error);
    if (llvm::Error error = readLayout(weight, plan.bytes, entry))
      return std::move(error);
  }
  return plan;
}

} // namespace tritc::codegen
