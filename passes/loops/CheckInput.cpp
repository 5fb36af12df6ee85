//===- CheckInput.cpp - What the lowering to loops takes for granted ------===//
#include "passes/loops/CheckInput.h"

#include "passes/loops/LoopEmitter.h"

#include "dialects/bitnet/Bitnet.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

static LogicalResult checkWeight(WeightOp op) {
  auto layout = op->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  if (!layout)
    return op.emitOpError() << "expected the attribute " << lut::kLayoutAttr;
  if (!isa<TernaryType>(op.getType()))
    return success();
  lut::PackingAttr packing = layout.getPacking();
  if (packing.getKind() == lut::PackingKind::Codes)
    return success();
  // Rows of the last tile go to the padding of the result.
  if (floatRowMultiple % packing.getRows() != 0)
    return op.emitOpError() << "expected tiles that divide " << floatRowMultiple
                            << " rows, found " << packing.getRows();
  // A vector of rows has one scale.
  SmallVector<int64_t> sourceRows = op.sourceRowCounts();
  for (int64_t rows : ArrayRef(sourceRows).drop_back())
    if (rows % lanes != 0)
      return op.emitOpError() << "expected sources of a multiple of " << lanes
                              << " rows, found " << rows;
  return success();
}

/// ids, places, first logit -> logits computed by a head.
static LogicalResult checkSignature(func::FuncOp source) {
  auto type = source.getFunctionType();
  auto isTensor = [](Type type, int64_t rank) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getRank() == rank;
  };
  bool fits = type.getNumInputs() == 3 && isTensor(type.getInput(0), 1) &&
              isTensor(type.getInput(1), 2) && type.getInput(2).isIndex() &&
              type.getNumResults() == 1 && isTensor(type.getResult(0), 2);
  if (!fits)
    return source.emitError(
        "expected (ids tensor, places tensor, index) -> logits tensor");
  if (!llvm::hasSingleElement(source.getBody()))
    return source.emitError("expected a body of one block");
  auto ret = cast<func::ReturnOp>(source.getBody().front().getTerminator());
  if (!isa_and_nonnull<HeadOp, UnitOp, RmsNormOp>(
          ret.getOperand(0).getDefiningOp()))
    return ret.emitError("expected the result of bitnet.head or bitnet.unit, "
                         "or of bitnet.rms_norm");
  return success();
}

MemRefType kvCacheBuffer(RankedTensorType cache) {
  ArrayRef<int64_t> shape = cache.getShape();
  return MemRefType::get({llvm::divideCeilSigned(shape[3], keyPage), shape[0],
                          shape[1], shape[2], keyPage, shape[4]},
                         cache.getElementType());
}

static LogicalResult checkCache(func::FuncOp source) {
  if (source->hasAttr(kKvCacheAttr))
    return success();
  return source.emitError() << "expected the attribute " << kKvCacheAttr;
}

/// A place names every page of a context.
static LogicalResult checkPlaces(func::FuncOp source, RankedTensorType cache) {
  auto places = cast<RankedTensorType>(source.getArgumentTypes()[1]);
  int64_t columns = 1 + llvm::divideCeilSigned(cache.getDimSize(3), keyPage);
  if (places.getElementType().isInteger(32) && places.getDimSize(1) == columns)
    return success();
  return source.emitError()
         << "expected places of " << columns << " columns, found " << places;
}

/// The operand that names the bytes of a weight, where `op` has one.
static Value weightOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<EmbedOp, RopeOp, HeadOp>(
          [](auto typed) { return typed.getTable(); })
      .Case<RmsNormOp, lut::MatvecOp, lut::MatmulOp>(
          [](auto typed) { return typed.getWeight(); })
      .Case([](BiasOp op) { return op.getBias(); })
      .Default(Value());
}

static LogicalResult checkPacking(Operation *op, ParameterOp weight,
                                  lut::PackingAttr packing) {
  auto declaration = SymbolTable::lookupNearestSymbolFrom<WeightOp>(
      op, weight.getWeightAttr());
  auto layout = declaration->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  if (layout.getPacking() == packing)
    return success();
  auto diagnostic = op->emitOpError() << "expected a weight packed " << packing
                                      << ", found " << layout.getPacking();
  diagnostic.attachNote(declaration.getLoc()) << "declared here";
  return diagnostic;
}

/// The numbers that an index may be, where that is known.
static std::optional<SmallVector<int64_t>> numbersOf(Value index) {
  if (auto choice = index.getDefiningOp<ByLayerOp>())
    return SmallVector<int64_t>(choice.getNumbers());
  if (auto number = getConstantIntValue(index))
    return SmallVector<int64_t>{*number};
  return {};
}

/// Every token sees at least itself.
static LogicalResult checkWindow(AttentionOp op) {
  if (!op.getWindow())
    return success();
  auto windows = numbersOf(op.getWindow());
  if (!windows)
    return op.emitOpError("expected a window of bitnet.by_layer or a constant");
  for (int64_t window : *windows)
    if (window < 1)
      return op.emitOpError()
             << "expected windows of at least 1 token, found " << window;
  return success();
}

/// Of one parameter per layer, or of one that is chosen by layer.
static LogicalResult checkChoice(ParameterOp op) {
  auto choice =
      op.getLayer() ? op.getLayer().getDefiningOp<ByLayerOp>() : ByLayerOp();
  if (!choice)
    return success();
  auto declaration =
      SymbolTable::lookupNearestSymbolFrom<WeightOp>(op, op.getWeightAttr());
  for (int64_t number : choice.getNumbers())
    if (static_cast<uint64_t>(number) >= *declaration.getCount())
      return op.emitOpError() << "expected one of " << *declaration.getCount()
                              << " parameters, found number " << number;
  return success();
}

/// Rows of a width that is known, so that buffers can have a size.
static LogicalResult checkWidths(Operation *op) {
  auto isKnown = [](Type type) {
    auto shaped = dyn_cast<ShapedType>(type);
    return !shaped ||
           (shaped.hasRank() && shaped.getRank() > 0 &&
            !ShapedType::isDynamicShape(shaped.getShape().drop_front()));
  };
  if (llvm::all_of(op->getOperandTypes(), isKnown) &&
      llvm::all_of(op->getResultTypes(), isKnown))
    return success();
  return op->emitOpError("expected rows of a known width");
}

/// What has a meaning in a function that becomes loops.
static bool isExpected(Operation *op) {
  return isa<ParameterOp, ByLayerOp, EmbedOp, RmsNormOp, QuantizeOp, RopeOp,
             AttentionOp, GluOp, HeadOp, UnitOp, SplitOp, BiasOp, lut::TableOp,
             lut::MatvecOp, lut::MatmulOp, arith::AddFOp, arith::ConstantOp,
             scf::ForOp, scf::YieldOp, func::ReturnOp>(op);
}

static LogicalResult checkHeads(AttentionOp attention, RankedTensorType cache) {
  int64_t heads = attention.getKvHeadCount();
  int64_t width =
      attention.headDim() + (cache.getElementType().isF16() ? 0 : kvStepBytes);
  if (cache.getDimSize(1) == heads && cache.getDimSize(4) == width)
    return checkWindow(attention);
  return attention.emitOpError()
         << "expected a cache of " << heads << " heads of "
         << attention.headDim() << ", found " << cache;
}

static LogicalResult checkPositions(RopeOp rope, RankedTensorType cache) {
  int64_t positions = cast<ShapedType>(rope.getTable().getType()).getDimSize(0);
  if (positions >= cache.getDimSize(3))
    return success();
  return rope.emitOpError()
         << "expected a table of at least " << cache.getDimSize(3)
         << " positions, found " << positions;
}

static LogicalResult checkLayers(ByLayerOp choice, RankedTensorType cache) {
  int64_t count = static_cast<int64_t>(choice.getNumbers().size());
  if (count == cache.getDimSize(0))
    return success();
  return choice.emitOpError()
         << "expected a number for each of " << cache.getDimSize(0)
         << " layers, found " << count;
}

static LogicalResult checkOp(Operation *op, RankedTensorType cache) {
  if (!isExpected(op))
    return op->emitOpError("has no lowering to loops");
  if (failed(checkWidths(op)))
    return failure();
  Value weight = weightOf(op);
  for (Value operand : op->getOperands()) {
    bool isParameter = operand.getDefiningOp<ParameterOp>() != nullptr;
    if (isParameter != (operand == weight))
      return op->emitOpError(isParameter
                                 ? "expected activations, found a parameter"
                                 : "expected a parameter for its weight");
  }
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<lut::MatvecOp, lut::MatmulOp>([&](auto product) {
        return checkPacking(product, weight.getDefiningOp<ParameterOp>(),
                            product.getPacking());
      })
      .Case([&](AttentionOp attention) { return checkHeads(attention, cache); })
      .Case([&](RopeOp rope) { return checkPositions(rope, cache); })
      .Case([&](ByLayerOp choice) { return checkLayers(choice, cache); })
      .Case([](ParameterOp parameter) { return checkChoice(parameter); })
      .Case([&](scf::ForOp loop) -> LogicalResult {
        for (Value init : loop.getInitArgs()) {
          auto type = dyn_cast<RankedTensorType>(init.getType());
          if (!type || type.getRank() != 2 || !type.getElementType().isF32())
            return loop.emitOpError("expected carried activations, found ")
                   << init.getType();
        }
        return success();
      })
      .Case([](arith::ConstantOp constant) -> LogicalResult {
        if (!isa<TensorType>(constant.getType()))
          return success();
        return constant.emitOpError("has no lowering to loops");
      })
      .Case([](arith::AddFOp add) -> LogicalResult {
        auto type = dyn_cast<RankedTensorType>(add.getType());
        if (type && type.getRank() == 2 && type.getElementType().isF32())
          return success();
        return add.emitOpError("has no lowering to loops");
      })
      .Default(success());
}

/// The same of an operation on buffers, as far as it can be known there.
static LogicalResult checkBuffersOf(Operation *op) {
  if (failed(checkWidths(op)))
    return failure();
  Value weight = weightOf(op);
  if (weight && !isa<ShapedType>(weight.getType()) &&
      !weight.getDefiningOp<ParameterOp>())
    return op->emitOpError("expected a parameter for its weight");
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<lut::MatvecOp, lut::MatmulOp>([&](auto product) {
        return checkPacking(product, weight.getDefiningOp<ParameterOp>(),
                            product.getPacking());
      })
      .Case([](AttentionOp attention) -> LogicalResult {
        if (!attention.getCache())
          return attention.emitOpError("expected a cache");
        MemRefType cache = attention.getCache().getType();
        int64_t width = attention.headDim() +
                        (cache.getElementType().isF16() ? 0 : kvStepBytes);
        if (cache.hasStaticShape() && cache.getLayout().isIdentity() &&
            cache.getDimSize(4) == keyPage && cache.getDimSize(5) == width)
          return checkWindow(attention);
        return attention.emitOpError()
               << "expected a cache of pages of " << keyPage
               << " keys as wide as " << width << ", found " << cache;
      })
      .Case([](ParameterOp parameter) -> LogicalResult {
        if (!parameter.getSection())
          return parameter.emitOpError("expected a section of weights");
        return checkChoice(parameter);
      })
      .Default(success());
}

LogicalResult checkBuffers(ModuleOp module) {
  auto weights = module.walk(
      [](WeightOp weight) { return WalkResult(checkWeight(weight)); });
  if (weights.wasInterrupted())
    return failure();
  WalkResult result = module.walk([](Operation *op) {
    if (isa<WeightOp>(op) ||
        !isa_and_nonnull<BitnetDialect, lut::LutDialect>(op->getDialect()))
      return WalkResult::advance();
    auto around = op->getParentOfType<ModuleOp>();
    if (around->hasAttr(lut::kTargetAttr))
      return WalkResult(checkBuffersOf(op));
    around.emitError() << "expected the attribute " << lut::kTargetAttr;
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

LogicalResult checkInput(ModuleOp module) {
  if (!module->hasAttr(lut::kTargetAttr) ||
      !module->hasAttr(lut::kImageBytesAttr))
    return module.emitError() << "expected the attributes " << lut::kTargetAttr
                              << " and " << lut::kImageBytesAttr;
  for (auto weight : module.getOps<WeightOp>())
    if (failed(checkWeight(weight)))
      return failure();
  for (auto function : module.getOps<func::FuncOp>()) {
    if (failed(checkSignature(function)) || failed(checkCache(function)))
      return failure();
    auto cache = cast<RankedTensorType>(
        function->getAttrOfType<TypeAttr>(kKvCacheAttr).getValue());
    if (failed(checkPlaces(function, cache)))
      return failure();
    WalkResult result = function.getBody().walk(
        [&](Operation *op) { return WalkResult(checkOp(op, cache)); });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}

} // namespace tritc::loops
