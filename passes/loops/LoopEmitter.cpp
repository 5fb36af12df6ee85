//===- LoopEmitter.cpp - Building blocks of the lowering to loops ---------===//
#include "passes/loops/LoopEmitter.h"

using namespace mlir;

namespace tritc::loops {

LoopEmitter::LoopEmitter(ImplicitLocOpBuilder &builder,
                         ConversionPatternRewriter &rewriter, Operation *op)
    : builder(builder), rewriter(rewriter), op(op) {
  // Parameters have no tokens.
  if (op->getNumOperands() == 0 || isa<bitnet::ParameterOp>(op))
    return;
  auto type = dyn_cast<MemRefType>(op->getOperand(0).getType());
  if (!type)
    return;
  maxTokens = maxTokensOf(type, target());
  tokenCount = getValueOrCreateConstantIndexOp(
      builder, builder.getLoc(),
      tokensOf(builder, builder.getLoc(), op->getOperand(0),
               [&](Value value) { return converted(value); }));
}

//===----------------------------------------------------------------------===//
// Operands and results
//===----------------------------------------------------------------------===//

Rows LoopEmitter::allocate(Type type) {
  return allocateRows(builder, builder.getLoc(),
                      op->getParentOfType<FunctionOpInterface>(),
                      cast<ShapedType>(type), maxTokens, target());
}

Value LoopEmitter::viewOfResult(const Rows &rows) {
  auto type = cast<MemRefType>(op->getResult(results.size()).getType());
  return viewOf(builder, builder.getLoc(), rows, type,
                getAsOpFoldResult(tokenCount));
}

lut::TargetAttr LoopEmitter::target() {
  return op->getParentOfType<ModuleOp>()->getAttrOfType<lut::TargetAttr>(
      lut::kTargetAttr);
}

Value LoopEmitter::allocateShared(ArrayRef<int64_t> shape) {
  OpBuilder::InsertionGuard guard(builder);
  auto function = op->getParentOfType<FunctionOpInterface>();
  builder.setInsertionPointToStart(&function.getFunctionBody().front());
  return memref::AllocOp::create(builder,
                                 MemRefType::get(shape, builder.getF32Type()));
}

bitnet::WeightOp LoopEmitter::weightOf(bitnet::ParameterOp op) {
  return SymbolTable::lookupNearestSymbolFrom<bitnet::WeightOp>(
      op, op.getWeightAttr());
}

Value LoopEmitter::parameterOffset(bitnet::ParameterOp op, int64_t extra) {
  auto layout = weightOf(op)->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  int64_t offset = layout.getOffset() + extra;
  if (!op.getLayer())
    return index(offset);
  return add(mul(converted(op.getLayer()), layout.getStride()), offset);
}

Value LoopEmitter::parameter(Value weight) {
  if (isa<MemRefType>(weight.getType()))
    return converted(weight);
  auto op = weight.getDefiningOp<bitnet::ParameterOp>();
  auto layout = weightOf(op)->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr);
  auto matrix = cast<bitnet::StoredMatrix>(weight.getType());
  return memref::ViewOp::create(builder, matrix.getBufferType(layout.spec()),
                                converted(op.getSection()), parameterOffset(op),
                                ValueRange());
}

//===----------------------------------------------------------------------===//
// Constants and index arithmetic
//===----------------------------------------------------------------------===//

Value LoopEmitter::index(int64_t value) {
  return arith::ConstantIndexOp::create(builder, value);
}

Value LoopEmitter::f32(float value) {
  return arith::ConstantOp::create(builder, builder.getF32FloatAttr(value));
}

Value LoopEmitter::splat(Type type, double value) {
  Type element = getElementTypeOrSelf(type);
  TypedAttr attribute =
      isa<FloatType>(element)
          ? TypedAttr(builder.getFloatAttr(element, value))
          : TypedAttr(builder.getIntegerAttr(element, int64_t(value)));
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, Attribute(attribute));
  return arith::ConstantOp::create(builder, attribute);
}

Value LoopEmitter::add(Value lhs, int64_t rhs) {
  return builder.createOrFold<arith::AddIOp>(lhs, index(rhs));
}

Value LoopEmitter::mul(Value lhs, int64_t rhs) {
  return builder.createOrFold<arith::MulIOp>(lhs, index(rhs));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

bool isOverRows(scf::ForallOp loop) {
  std::optional<ArrayAttr> mapping = loop.getMapping();
  return mapping && llvm::any_of(*mapping, [](Attribute dimension) {
           auto share = dyn_cast<lut::ShareAttr>(dimension);
           return share && share.getKind() == lut::Share::Rows;
         });
}

void LoopEmitter::forParallel(lut::Share share, OpFoldResult count,
                              llvm::function_ref<void(Value)> body) {
  auto mapping =
      builder.getArrayAttr(lut::ShareAttr::get(builder.getContext(), share));
  auto loop = scf::ForallOp::create(builder, ArrayRef<OpFoldResult>(count),
                                    ValueRange(), mapping);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(loop.getTerminator());
  body(loop.getInductionVar(0));
}

void LoopEmitter::forRows(llvm::function_ref<void(Value)> body) {
  forParallel(lut::Share::Rows, getAsOpFoldResult(tokenCount), body);
}

void LoopEmitter::forRowsFrom(Value first,
                              llvm::function_ref<void(Value)> body) {
  forRows([&](Value token) {
    // This token, or none.
    Value lower = arith::MaxUIOp::create(builder, first, token);
    forRange(lower, add(token, 1), 1, body);
  });
}

void LoopEmitter::forRange(Value lower, Value upper, int64_t step,
                           llvm::function_ref<void(Value)> body) {
  forRange(lower, upper, step, ValueRange(), [&](Value at, ValueRange) {
    body(at);
    return SmallVector<Value>();
  });
}

SmallVector<Value> LoopEmitter::forRange(
    Value lower, Value upper, int64_t step, ValueRange init,
    llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(
      builder, lower, upper, index(step), init,
      [&](OpBuilder &, Location, Value at, ValueRange carried) {
        // The builder of this class follows the one that is handed in.
        OpBuilder::InsertionGuard guard(builder);
        Block *block = cast<BlockArgument>(at).getOwner();
        builder.setInsertionPointToEnd(block);
        SmallVector<Value> results = body(at, carried);
        scf::YieldOp::create(builder, results);
      });
  return loop.getResults();
}

void LoopEmitter::forTiles(Value lower, Value upper, int64_t tile,
                           TileBody body) {
  auto emitTiles = [&](int64_t count) {
    Value end = upper;
    if (count > 1) {
      Value rest = builder.createOrFold<arith::SubIOp>(end, lower);
      rest = builder.createOrFold<arith::DivUIOp>(rest, index(count));
      end = builder.createOrFold<arith::AddIOp>(lower, mul(rest, count));
    }
    std::optional<int64_t> known = getConstantIntValue(end);
    if (known && known == getConstantIntValue(lower))
      return; // known to be empty
    forRange(lower, end, count, [&](Value first) { body(first, count); });
    lower = end;
  };
  emitTiles(tile);
  for (auto count = int64_t(llvm::bit_floor(uint64_t(tile - 1))); count > 0;
       count /= 2)
    emitTiles(count);
}

void LoopEmitter::forLanes(int64_t width, LanesBody body) {
  int64_t whole = width / lanes * lanes;
  if (whole > 0)
    forRange(index(0), index(whole), lanes, [&](Value at) { body(at, lanes); });
  if (whole < width)
    body(index(whole), width - whole);
}

Value LoopEmitter::reduceLanes(int64_t width, Value init, LanesReduction body) {
  int64_t whole = width / lanes * lanes;
  Value result = init;
  if (whole > 0)
    result = forRange(index(0), index(whole), lanes, init,
                      [&](Value at, ValueRange carried) {
                        return SmallVector<Value>{body(at, lanes, carried[0])};
                      })[0];
  if (whole < width)
    result = body(index(whole), width - whole, result);
  return result;
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

VectorType LoopEmitter::vectorType(Type element, int64_t size) {
  return VectorType::get({size}, element);
}

Value LoopEmitter::laneMask(int64_t count) {
  return vector::ConstantMaskOp::create(
      builder, vectorType(builder.getI1Type()), ArrayRef<int64_t>{count});
}

Value LoopEmitter::load(Value memref, ValueRange indices, int64_t count) {
  auto type = vectorType(cast<MemRefType>(memref.getType()).getElementType());
  if (count == lanes)
    return vector::LoadOp::create(builder, type, memref, indices);
  return vector::MaskedLoadOp::create(builder, type, memref, indices,
                                      laneMask(count), splat(type, 0));
}

void LoopEmitter::store(Value vector, Value memref, ValueRange indices,
                        int64_t count) {
  if (count == lanes)
    vector::StoreOp::create(builder, vector, memref, indices);
  else
    vector::MaskedStoreOp::create(builder, memref, indices, laneMask(count),
                                  vector);
}

Value LoopEmitter::loadRow(const Rows &rows, Value token, Value at,
                           int64_t count) {
  return load(rows.memref, {token, add(at, rows.column)}, count);
}

void LoopEmitter::storeRow(Value vector, const Rows &rows, Value token,
                           Value at, int64_t count) {
  store(vector, rows.memref, {token, add(at, rows.column)}, count);
}

void LoopEmitter::prefetch(Value tiles, Value tile, Value byte, int64_t count,
                           int64_t distance, CacheLevel level) {
  constexpr int64_t lineBytes = 64;
  if (distance == 0)
    return;
  Value ahead = add(byte, distance);
  for (int64_t line = 0; line < count; line += lineBytes)
    memref::PrefetchOp::create(
        builder, tiles, ValueRange{tile, add(ahead, line)}, /*isWrite=*/false,
        /*localityHint=*/static_cast<uint32_t>(level), /*isDataCache=*/true);
}

void LoopEmitter::storeTileLogits(Value logits, Value token, Value tile,
                                  int64_t tileRows, int64_t vocabulary,
                                  llvm::function_ref<Value(int64_t)> logitOf) {
  Value base = mul(tile, tileRows);
  for (int64_t row = tileRows - 1; row >= 0; --row) {
    Value id =
        arith::MinUIOp::create(builder, add(base, row), index(vocabulary - 1));
    memref::StoreOp::create(builder, logitOf(row), logits,
                            ValueRange{token, id});
  }
}

Value LoopEmitter::widen(Value vector) {
  auto type = cast<VectorType>(vector.getType());
  auto floats = VectorType::get(type.getShape(), builder.getF32Type());
  if (type.getElementType().isF32())
    return vector;
  if (!type.getElementType().isBF16())
    return arith::ExtFOp::create(builder, floats, vector);
  // bf16 is the upper half of f32.
  auto halves = VectorType::get(type.getShape(), builder.getI16Type());
  auto words = VectorType::get(type.getShape(), builder.getI32Type());
  Value bits = vector::BitCastOp::create(builder, halves, vector);
  bits = arith::ExtUIOp::create(builder, words, bits);
  bits = arith::ShLIOp::create(builder, bits, splat(words, 16));
  return vector::BitCastOp::create(builder, floats, bits);
}

Value LoopEmitter::max(Value lhs, Value rhs) {
  Value greater =
      arith::CmpFOp::create(builder, arith::CmpFPredicate::OGT, lhs, rhs);
  return arith::SelectOp::create(builder, greater, lhs, rhs);
}

Value LoopEmitter::tree(Value vector,
                        llvm::function_ref<Value(Value, Value)> combine) {
  for (int64_t half = lanes / 2; half > 1; half /= 2) {
    Value low = vector::ExtractStridedSliceOp::create(
        builder, vector, ArrayRef<int64_t>{0}, ArrayRef<int64_t>{half},
        ArrayRef<int64_t>{1});
    Value high = vector::ExtractStridedSliceOp::create(
        builder, vector, ArrayRef<int64_t>{half}, ArrayRef<int64_t>{half},
        ArrayRef<int64_t>{1});
    vector = combine(low, high);
  }
  Value low = vector::ExtractOp::create(builder, vector, int64_t(0));
  Value high = vector::ExtractOp::create(builder, vector, int64_t(1));
  return combine(low, high);
}

Value LoopEmitter::sumTree(Value vector) {
  return tree(vector, [&](Value low, Value high) -> Value {
    return arith::AddFOp::create(builder, low, high);
  });
}

SmallVector<Value> LoopEmitter::sumTrees(ValueRange vectors) {
  if (vectors.size() != 4)
    return llvm::map_to_vector(vectors,
                               [&](Value vector) { return sumTree(vector); });
  auto shuffle = [&](Value a, Value b, ArrayRef<int64_t> mask) -> Value {
    return vector::ShuffleOp::create(builder, a, b, mask);
  };
  auto fold = [&](Value a, Value b, ArrayRef<int64_t> low,
                  ArrayRef<int64_t> high) -> Value {
    return arith::AddFOp::create(builder, shuffle(a, b, low),
                                 shuffle(a, b, high));
  };
  // a, b, c, d of 16 lanes: to 8 lanes each; then side by side a0..3 b0..3 and
  // c0..3 d0..3; then a0..1 c0..1 b0..1 d0..1; then a c b d. Four shared trees
  // take 10 shuffles and 8 additions of AVX2, four single ones 24 and 16.
  SmallVector<Value> eights = llvm::map_to_vector(vectors, [&](Value v) {
    return fold(v, v, {0, 1, 2, 3, 4, 5, 6, 7}, {8, 9, 10, 11, 12, 13, 14, 15});
  });
  auto beside = [&](Value a, Value b) {
    return fold(a, b, {0, 1, 2, 3, 8, 9, 10, 11}, {4, 5, 6, 7, 12, 13, 14, 15});
  };
  Value pairs = fold(beside(eights[0], eights[1]), beside(eights[2], eights[3]),
                     {0, 1, 8, 9, 4, 5, 12, 13}, {2, 3, 10, 11, 6, 7, 14, 15});
  Value sums = fold(pairs, pairs, {0, 2, 4, 6}, {1, 3, 5, 7});
  SmallVector<Value> result;
  for (int64_t lane : {0, 2, 1, 3})
    result.push_back(vector::ExtractOp::create(builder, sums, lane));
  return result;
}

Value LoopEmitter::maxTree(Value vector) {
  return tree(vector, [&](Value low, Value high) { return max(low, high); });
}

Value LoopEmitter::fma(Value a, Value b, Value c) {
  return math::FmaOp::create(builder, a, b, c);
}

Value LoopEmitter::expNonPositive(Value x) {
  // Range reduction x = n ln2 + r with |r| <= ln2 / 2 and ln2 in two parts;
  // polynomial of Cephes' expf (Moshier), evaluated with fused multiply-adds.
  static constexpr double coefficients[] = {1.9875691500e-4, 1.3981999507e-3,
                                            8.3334519073e-3, 4.1665795894e-2,
                                            1.6666665459e-1, 5.0000001201e-1};
  constexpr double lowest = -87.0;
  Type type = x.getType();
  Type bits = isa<VectorType>(type)
                  ? Type(cast<VectorType>(type).clone(builder.getI32Type()))
                  : Type(builder.getI32Type());
  Value bounded = max(x, splat(type, lowest));
  Value magic = splat(type, roundingMagic);
  Value shifted = fma(bounded, splat(type, 1.44269504088896341), magic);
  Value n = arith::SubFOp::create(builder, shifted, magic);
  Value r = fma(n, splat(type, -0.693359375), bounded);
  r = fma(n, splat(type, 2.12194440e-4), r);
  Value p = splat(type, coefficients[0]);
  for (double coefficient : llvm::drop_begin(coefficients))
    p = fma(p, r, splat(type, coefficient));
  Value squared = arith::MulFOp::create(builder, r, r);
  p = fma(p, squared, r);
  p = arith::AddFOp::create(builder, p, splat(type, 1.0));
  // 2^n through the exponent bits: n + 127 is in [1, 127].
  Value exponent = arith::BitcastOp::create(builder, bits, shifted);
  exponent = arith::SubIOp::create(builder, exponent,
                                   splat(bits, roundingMagicBits - 127));
  exponent = arith::ShLIOp::create(builder, exponent, splat(bits, 23));
  Value power = arith::BitcastOp::create(builder, type, exponent);
  Value result = arith::MulFOp::create(builder, p, power);
  Value tiny = arith::CmpFOp::create(builder, arith::CmpFPredicate::OLT, x,
                                     splat(type, lowest));
  return arith::SelectOp::create(builder, tiny, splat(type, 0.0), result);
}

} // namespace tritc::loops
