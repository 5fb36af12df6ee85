//===- WeightPlan.cpp - Where every parameter lies in the image -----------===//

#include "compiler/codegen/WeightPlan.h"

#include "compiler/support/Error.h"
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

/// Fills in the bases of a parameter that is one RoPE table, or a list of them.
static bool readThetas(bitnet::WeightOp weight, WeightEntry &entry) {
  llvm::SmallVector<mlir::Attribute> inits = {weight.getInitAttr()};
  if (auto list = mlir::dyn_cast<mlir::ArrayAttr>(inits.front()))
    inits.assign(list.begin(), list.end());
  for (mlir::Attribute init : inits) {
    auto rope = mlir::dyn_cast<bitnet::RopeTableAttr>(init);
    if (!rope)
      return false;
    entry.thetas.push_back(rope.getTheta().convertToDouble());
  }
  return entry.thetas.size() == weight.getCount().value_or(1);
}

/// Fills in kind, shape and element type.
static llvm::Error readType(bitnet::WeightOp weight, WeightEntry &entry) {
  if (auto ternary = mlir::dyn_cast<bitnet::TernaryType>(weight.getType())) {
    entry.kind = WeightEntry::Kind::Ternary;
    entry.rows = ternary.getRows();
    entry.columns = ternary.getCols();
    return llvm::Error::success();
  }
  if (auto scaled = mlir::dyn_cast<bitnet::ScaledType>(weight.getType())) {
    entry.kind = WeightEntry::Kind::Scaled;
    entry.rows = scaled.getRows();
    entry.columns = scaled.getCols();
    entry.bits = scaled.getBits();
    return llvm::Error::success();
  }
  if (auto blocked = mlir::dyn_cast<bitnet::BlockedType>(weight.getType())) {
    entry.kind = WeightEntry::Kind::Blocked;
    entry.rows = blocked.getRows();
    entry.columns = blocked.getCols();
    entry.bits = blocked.getBits();
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
  if (tensor.getRank() != 3 || tensor.getDimSize(1) != 2 ||
      *element != WeightEntry::Element::F32 || !readThetas(weight, entry))
    return badWeight(weight, "expected a RoPE table [context, 2, half] of f32");
  entry.kind = WeightEntry::Kind::RopeTable;
  entry.rows = tensor.getDimSize(0);
  entry.columns = tensor.getDimSize(2);
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
  entry.offset = layout.getOffset();
  entry.stride = layout.getStride();
  if (std::optional<lut::PackingSpec> packing = layout.spec())
    entry.packing = *packing;
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
  module.walk([&](bitnet::UnitOp) { plan.hasHead = false; });
  module.walk([&](bitnet::RmsNormOp norm) { // or its rows are what is returned
    for (mlir::Operation *user : norm->getUsers())
      if (user->hasTrait<mlir::OpTrait::IsTerminator>())
        plan.hasHead = false;
  });
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

//===----------------------------------------------------------------------===//
// Counting
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral embeddingName =
    "model.embed_tokens.weight";

static bool hasPart(const WeightEntry &entry, llvm::StringRef name) {
  return llvm::any_of(
      entry.parts, [&](const WeightPart &part) { return part.name == name; });
}

/// The entry that the output head reads: rounded rows, `lm_head`, or the
/// embedding it is tied to; null for a plan without any.
static const WeightEntry *headEntry(const WeightPlan &plan) {
  if (!plan.hasHead)
    return nullptr;
  for (const WeightEntry &entry : plan.entries)
    if (entry.kind == WeightEntry::Kind::Scaled)
      return &entry;
  for (llvm::StringRef name :
       {llvm::StringRef("lm_head.weight"), llvm::StringRef(embeddingName)})
    for (const WeightEntry &entry : plan.entries)
      if (hasPart(entry, name))
        return &entry;
  return nullptr;
}

const WeightEntry *embeddingAlone(const WeightPlan &plan) {
  const WeightEntry *head = headEntry(plan);
  // A head of rounded rows has a part of that name, too.
  for (const WeightEntry &entry : plan.entries)
    if (&entry != head && entry.kind != WeightEntry::Kind::Scaled &&
        hasPart(entry, embeddingName))
      return &entry;
  return nullptr;
}

/// One row of the RoPE table and of an untied embedding is read per token;
/// neither is counted.
WeightCounts countWeights(const WeightPlan &plan) {
  WeightCounts counts{};
  const WeightEntry *head = headEntry(plan);
  for (const WeightEntry &entry : plan.entries) {
    uint64_t bytes = uint64_t(entry.bytes()) * uint64_t(entry.layers);
    bool isEmbedding = hasPart(entry, embeddingName);
    if (entry.kind == WeightEntry::Kind::Ternary) {
      counts.ternaryParameters +=
          uint64_t(entry.rows * entry.columns * entry.layers);
      counts.ternaryBytes += bytes;
    }
    if (&entry == head) {
      counts.headBytes = bytes;
      if (entry.kind == WeightEntry::Kind::Scaled)
        counts.headBits = uint64_t(entry.bits);
    }
    if (&entry == head ||
        (!isEmbedding && entry.kind != WeightEntry::Kind::RopeTable))
      counts.bytesPerToken += bytes;
  }
  return counts;
}

//===----------------------------------------------------------------------===//
// Several targets
//===----------------------------------------------------------------------===//

std::optional<int64_t> placeOf(const WeightEntry &entry,
                               const WeightPlan &whole) {
  WeightEntry moved = entry;
  for (const WeightEntry &other : whole.entries) {
    moved.offset = other.offset;
    if (moved == other)
      return other.offset;
  }
  return {};
}

void addPlan(WeightPlan plan, WeightPlan &whole) {
  whole.bytes = plan.bytes;
  if (whole.entries.empty())
    whole.hasHead = plan.hasHead;
  for (WeightEntry &entry : plan.entries)
    if (!llvm::is_contained(whole.entries, entry))
      whole.entries.push_back(std::move(entry));
}

} // namespace tritc::codegen
