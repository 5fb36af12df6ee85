//===- BitnetOps.cpp - Verifiers and folders ------------------------------===//
#include "dialects/bitnet/Bitnet.h"
#include "dialects/bitnet/Verify.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace tritc::bitnet;

#define GET_OP_CLASSES
#include "dialects/bitnet/BitnetOps.cpp.inc"

/// Number of tokens of an activation, or the length of per-token data.
static int64_t tokensOf(Value value) {
  return cast<ShapedType>(value.getType()).getDimSize(0);
}

/// Features per token.
static int64_t widthOf(Value value) {
  return cast<ShapedType>(value.getType()).getDimSize(1);
}

LogicalResult tritc::bitnet::expectEqual(Operation *op, StringRef what,
                                         int64_t expected, int64_t found) {
  if (expected == found)
    return success();
  auto spell = [](int64_t size) {
    return ShapedType::isDynamic(size) ? std::string("?")
                                       : std::to_string(size);
  };
  return op->emitOpError() << what << ": expected " << spell(expected)
                           << ", found " << spell(found);
}

LogicalResult tritc::bitnet::expectPlace(Operation *op, Value into) {
  Type type = op->getResult(0).getType();
  if (!into || into.getType() == type)
    return success();
  return op->emitOpError() << "expected a place of the result's type, " << type
                           << ", found " << into.getType();
}

void tritc::bitnet::addBufferEffects(
    Operation *op, Value into,
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  auto isBuffer = [](Value value) { return isa<MemRefType>(value.getType()); };
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isBuffer(operand.get()))
      continue;
    effects.emplace_back(MemoryEffects::Read::get(), &operand);
    if (operand.get() == into)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
  }
  if (into)
    return;
  for (OpResult result : op->getResults())
    if (isBuffer(result)) {
      effects.emplace_back(MemoryEffects::Allocate::get(), result);
      effects.emplace_back(MemoryEffects::Write::get(), result);
    }
}

static LogicalResult expectSameTokens(Operation *op, Value lhs, Value rhs) {
  return expectEqual(op, "number of tokens", tokensOf(lhs), tokensOf(rhs));
}

/// input [T, K] x weight [N, K] -> result [T, N]; shared by linear_c1..c3 and
/// ternary_matmul_c1..c3.
static LogicalResult verifyProduct(Operation *op, Value input,
                                   TernaryType weight, Value result) {
  return failure(failed(expectEqual(op, "width of the input", weight.getCols(),
                                    widthOf(input))) ||
                 failed(expectEqual(op, "width of the result", weight.getRows(),
                                    widthOf(result))) ||
                 failed(expectSameTokens(op, input, result)));
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// Rows of the type of a weight.
static int64_t rowsOf(Type type) {
  if (auto matrix = dyn_cast<StoredMatrix>(type))
    return matrix.getRows();
  return cast<ShapedType>(type).getDimSize(0);
}

/// Columns of the type of a table.
static int64_t columnsOf(Type type) {
  if (auto matrix = dyn_cast<StoredMatrix>(type))
    return matrix.getCols();
  return cast<ShapedType>(type).getDimSize(1);
}

SmallVector<int64_t> WeightOp::sourceRowCounts() {
  if (auto rows = getSourceRows())
    return SmallVector<int64_t>(*rows);
  return {rowsOf(getType())};
}

LogicalResult WeightOp::verify() {
  auto tensor = dyn_cast<RankedTensorType>(getType());
  // weight_c1
  if (!isa<StoredMatrix>(getType()) &&
      !(tensor && tensor.hasStaticShape() && tensor.getRank() > 0 &&
        isa<FloatType>(tensor.getElementType())))
    return emitOpError() << "expected a ternary, scaled or blocked matrix or "
                            "a static float tensor, found "
                         << getType();
  // weight_c2
  if (getCount() && *getCount() < 1)
    return emitOpError() << "expected a count of at least 1, found "
                         << *getCount();
  // weight_c3
  bool hasSources = getSources() && !getSources()->empty();
  if (hasSources == static_cast<bool>(getInit()))
    return emitOpError() << "expected either sources or an init";
  // weight_c6
  if (auto inits = dyn_cast_or_null<ArrayAttr>(getInitAttr()))
    if (inits.size() != getCount().value_or(0))
      return emitOpError() << "expected a list of inits as long as the count, "
                           << getCount().value_or(0) << ", found "
                           << inits.size();
  if (!hasSources)
    return success();
  // weight_c4
  for (auto source : getSources()->getAsRange<StringAttr>())
    if (source.getValue().count("{}") != (getCount() ? 1u : 0u))
      return emitOpError() << "expected " << (getCount() ? "one" : "no")
                           << " {} in source " << source;
  // weight_c5
  if (!getSourceRows()) {
    if (getSources()->size() == 1)
      return success();
    return emitOpError() << "expected source rows for " << getSources()->size()
                         << " sources, found none";
  }
  if (getSourceRows()->size() != getSources()->size())
    return emitOpError() << "expected source rows for " << getSources()->size()
                         << " sources, found " << getSourceRows()->size();
  int64_t total = 0;
  ArrayRef<int64_t> counts = *getSourceRows();
  for (int64_t rows : counts) {
    if (rows < 1)
      return emitOpError() << "expected positive source rows, found " << rows;
    total += rows;
  }
  return expectEqual(*this, "sum of the source rows", rowsOf(getType()), total);
}

LogicalResult
ParameterOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto weight =
      symbolTable.lookupNearestSymbolFrom<WeightOp>(*this, getWeightAttr());
  // parameter_c1
  if (!weight)
    return emitOpError() << "no bitnet.weight named " << getWeightAttr();
  // parameter_c2
  Type type = getResult().getType();
  if (auto buffer = dyn_cast<MemRefType>(type); buffer && getSection())
    type = RankedTensorType::get(buffer.getShape(), buffer.getElementType());
  if (weight.getType() != type) {
    auto diagnostic = emitOpError() << "expected type " << weight.getType()
                                    << ", found " << getResult().getType();
    diagnostic.attachNote(weight.getLoc()) << "declared here";
    return diagnostic;
  }
  // parameter_c3
  if (weight.getCount().has_value() != static_cast<bool>(getLayer())) {
    auto diagnostic = emitOpError()
                      << (getLayer() ? "has a layer but the weight no count"
                                     : "needs a layer");
    diagnostic.attachNote(weight.getLoc()) << "declared here";
    return diagnostic;
  }
  return success();
}

LogicalResult ByLayerOp::verify() {
  // by_layer_c1
  if (getNumbers().empty())
    return emitOpError("expected at least one number, found none");
  // by_layer_c2
  for (int64_t number : getNumbers())
    if (number < 0)
      return emitOpError() << "expected numbers of at least 0, found "
                           << number;
  return success();
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

/// embed_c3, attention_c4
static LogicalResult expectPositive(Operation *op,
                                    std::optional<APFloat> scale) {
  if (!scale || (scale->isFinite() && !scale->isNegative() && !scale->isZero()))
    return success();
  SmallString<16> text;
  scale->toString(text);
  return op->emitOpError() << "expected a positive finite scale, found "
                           << text;
}

LogicalResult EmbedOp::verify() {
  // embed_c1, embed_c2, embed_c3
  return failure(failed(expectPositive(*this, getScale())) ||
                 failed(expectSameTokens(*this, getIds(), getResult())) ||
                 failed(expectEqual(*this, "width of the result",
                                    columnsOf(getTable().getType()),
                                    widthOf(getResult()))));
}

LogicalResult RmsNormOp::verify() {
  // rms_norm_c1
  int64_t length = tokensOf(getWeight());
  if (length < 1 || widthOf(getInput()) % length != 0)
    return emitOpError() << "expected rows of whole weights of " << length
                         << ", found " << widthOf(getInput());
  // rms_norm_c2
  if (!getEpsilon().isFinite() || getEpsilon().isNegative() ||
      getEpsilon().isZero())
    return emitOpError() << "expected a positive finite epsilon, found "
                         << getEpsilonAttr();
  return success();
}

LogicalResult LinearOp::verify() {
  // linear_c1, linear_c2, linear_c3
  return verifyProduct(*this, getInput(), getWeight().getType(), getResult());
}

/// A place for each of the tokens, of a position and at least `pages` pages.
static LogicalResult expectPlaces(Operation *op, Value tokens, Value places,
                                  int64_t pages) {
  if (failed(expectSameTokens(op, tokens, places)))
    return failure();
  if (widthOf(places) > pages)
    return success();
  return op->emitOpError() << "expected places of a position and at least "
                           << pages << " pages, found " << places.getType();
}

LogicalResult RopeOp::verify() {
  auto table = cast<ShapedType>(getTable().getType());
  // rope_c2
  if (failed(expectEqual(*this, "middle dimension of the table", 2,
                         table.getDimSize(1))))
    return failure();
  // rope_c1
  int64_t headDim = 2 * table.getDimSize(2);
  if (headDim < 2 || widthOf(getInput()) % headDim != 0)
    return emitOpError() << "expected rows of whole heads of " << headDim
                         << ", found " << widthOf(getInput());
  // rope_c3
  return expectPlaces(*this, getInput(), getPlaces(), /*pages=*/0);
}

int64_t AttentionOp::headDim() {
  return widthOf(getQueries()) / static_cast<int64_t>(getHeadCount());
}

float AttentionOp::scoreScale() {
  return getScale() ? getScale()->convertToFloat()
                    : static_cast<float>(1.0 / std::sqrt(double(headDim())));
}

LogicalResult AttentionOp::verify() {
  int64_t heads = getHeadCount(), kvHeads = getKvHeadCount();
  // attention_c1
  if (heads < 1 || kvHeads < 1 || heads % kvHeads != 0)
    return emitOpError() << "expected a head count that is a multiple of the "
                            "KV head count, found "
                         << heads << " over " << kvHeads;
  // attention_c2
  if (widthOf(getQueries()) % heads != 0)
    return emitOpError() << "expected queries of " << heads
                         << " heads, found a width of "
                         << widthOf(getQueries());
  int64_t kvWidth = headDim() * kvHeads;
  if (failed(expectEqual(*this, "width of the keys", kvWidth,
                         widthOf(getKeys()))) ||
      failed(expectEqual(*this, "width of the values", kvWidth,
                         widthOf(getValues()))) ||
      failed(expectEqual(*this, "width of the result", widthOf(getQueries()),
                         widthOf(getResult()))))
    return failure();
  // attention_c3
  for (Value other : {getKeys(), getValues(), getResult()})
    if (failed(expectSameTokens(*this, getQueries(), other)))
      return failure();
  // attention_c6
  if (failed(expectPlaces(*this, getQueries(), getPlaces(), /*pages=*/1)))
    return failure();
  // attention_c5
  if (getCache()) {
    auto cache = cast<MemRefType>(getCache().getType());
    if (cache.getDimSize(2) != kvHeads || cache.getDimSize(3) != 2 ||
        cache.getDimSize(5) < headDim())
      return emitOpError() << "expected a cache of " << kvHeads << " heads of "
                           << headDim() << ", found " << cache;
  }
  // attention_c4
  return expectPositive(*this, getScale());
}

void AttentionOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addBufferEffects(*this, Value(), effects);
  // Before it is a buffer, too.
  effects.emplace_back(MemoryEffects::Read::get(), KvCacheResource::get());
  effects.emplace_back(MemoryEffects::Write::get(), KvCacheResource::get());
}

LogicalResult UnitOp::verify() {
  // unit_c1
  return expectPlace(*this, getInto());
}

LogicalResult HeadOp::verify() {
  // head_c4
  if (failed(expectPlace(*this, getInto())))
    return failure();
  // head_c1, head_c2, head_c3
  return failure(
      failed(expectEqual(*this, "width of the input",
                         columnsOf(getTable().getType()),
                         widthOf(getInput()))) ||
      failed(expectEqual(*this, "width of the result",
                         rowsOf(getTable().getType()), widthOf(getResult()))) ||
      failed(expectSameTokens(*this, getInput(), getResult())));
}

//===----------------------------------------------------------------------===//
// After the phase `model`
//===----------------------------------------------------------------------===//

LogicalResult QuantizeOp::verify() {
  // quantize_c1, quantize_c2
  return failure(
      failed(expectSameTokens(*this, getInput(), getQuantized())) ||
      failed(expectEqual(*this, "width of the quantized rows",
                         widthOf(getInput()), widthOf(getQuantized()))) ||
      failed(expectSameTokens(*this, getInput(), getSteps())));
}

LogicalResult TernaryMatmulOp::verify() {
  // ternary_matmul_c4
  int64_t columns = getWeight().getType().getCols();
  if (columns >= (int64_t(1) << 31) / 128)
    return emitOpError() << "expected fewer than 2^24 columns, found "
                         << columns;
  // ternary_matmul_c1, ternary_matmul_c2, ternary_matmul_c3
  return verifyProduct(*this, getInput(), getWeight().getType(), getResult());
}

LogicalResult DequantizeOp::verify() {
  // dequantize_c1, dequantize_c2, dequantize_c3
  return failure(
      failed(expectSameTokens(*this, getSums(), getResult())) ||
      failed(expectEqual(*this, "width of the result", widthOf(getSums()),
                         widthOf(getResult()))) ||
      failed(expectSameTokens(*this, getSums(), getSteps())) ||
      failed(expectEqual(*this, "width of the sums",
                         getWeight().getType().getRows(), widthOf(getSums()))));
}

LogicalResult SplitOp::verify() {
  int64_t total = 0;
  for (Value piece : getPieces()) {
    // split_c2
    if (failed(expectSameTokens(*this, getInput(), piece)))
      return failure();
    total += widthOf(piece);
  }
  // split_c1
  return expectEqual(*this, "sum of the widths of the pieces",
                     widthOf(getInput()), total);
}

//===----------------------------------------------------------------------===//
// What bufferization writes
//===----------------------------------------------------------------------===//

LogicalResult AddOp::verify() {
  // add_c1
  return expectPlace(*this, getInto());
}

LogicalResult CopyOp::verify() {
  // copy_c1
  return expectPlace(*this, getInto());
}

LogicalResult TraceOp::verify() {
  // trace_c1
  return expectEqual(*this, "width of a slot", widthOf(getInput()),
                     getTrace().getType().getDimSize(2));
}

void TraceOp::getEffects(
    SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  if (isa<MemRefType>(getInput().getType()))
    effects.emplace_back(MemoryEffects::Read::get(), &getInputMutable());
  effects.emplace_back(MemoryEffects::Write::get(), &getTraceMutable());
}

LogicalResult SplitOp::fold(FoldAdaptor, SmallVectorImpl<OpFoldResult> &out) {
  // One piece is the input itself.
  if (getPieces().size() != 1)
    return failure();
  out.push_back(getInput());
  return success();
}
