//===- Dots.cpp - Products by dot products --------------------------------===//
#include "passes/loops/products/Dots.h"

using namespace mlir;

namespace tritc::loops {

DotKernel::DotKernel(LoopEmitter &emitter, lut::MatmulOp op)
    : emitter(emitter), builder(emitter.builder), op(op),
      weight(op.getWeight().getDefiningOp<bitnet::ParameterOp>()),
      dot(op.getDot()), input(emitter.rowsOf(op.getActivations())),
      tileRows(op.getPacking().getRows()), oneToken(emitter.maxTokens == 1),
      weights(emitter.parameter(weight)) {}

void DotKernel::run() {
  Rows result = emitter.allocate(op.getType());
  Epilogue epilogue(emitter, weight);
  emitRowSums();
  int64_t tiles = cast<MemRefType>(weights.getType()).getDimSize(0);
  emitter.forParallel(lut::Share::Tiles, builder.getIndexAttr(tiles),
                      [&](Value tile) { emitTile(tile, epilogue, result); });
  emitter.setResult(result);
}

Value DotKernel::negatedSum(Value token) {
  VectorType words = emitter.vectorType(builder.getI32Type());
  Value total = emitter.reduceLanes(
      input.width, emitter.splat(words, 0),
      [&](Value at, int64_t count, Value sum) -> Value {
        Value x = emitter.loadRow(input, token, at, count);
        return arith::SubIOp::create(builder, sum,
                                     arith::ExtSIOp::create(builder, words, x));
      });
  return vector::ReductionOp::create(builder, vector::CombiningKind::ADD,
                                     total);
}

void DotKernel::emitRowSums() {
  if (oneToken) {
    // Every thread for itself: cheaper than to wait for one that does.
    starts = negatedSum(emitter.index(0));
    return;
  }
  auto type =
      RankedTensorType::get({ShapedType::kDynamic}, builder.getI32Type());
  starts = emitter.allocate(type).memref;
  emitter.forRows([&](Value token) {
    memref::StoreOp::create(builder, negatedSum(token), starts, token);
  });
}

Value DotKernel::startOf(Value token) {
  return oneToken ? starts : memref::LoadOp::create(builder, starts, token);
}

void DotKernel::forTokenTiles(int64_t tile, LoopEmitter::TileBody body) {
  if (oneToken)
    return body(emitter.index(0), 1);
  emitter.forTiles(emitter.index(0), emitter.tokenCount, tile, body);
}

SmallVector<Value> DotKernel::zeroSums(int64_t registers, int64_t tokens) {
  VectorType type =
      emitter.vectorType(builder.getIntegerType(unsigned(dot.getSumBits())),
                         dot.getTokens() * dot.getRows());
  int64_t groups = llvm::divideCeil(tokens, dot.getTokens());
  return SmallVector<Value>(groups * registers, emitter.splat(type, 0));
}

SmallVector<Value> DotKernel::loadActivations(Value token, int64_t count,
                                              Value column, int64_t width) {
  VectorType bytes = emitter.vectorType(builder.getI8Type(), width);
  SmallVector<Value> loaded;
  for (int64_t t = 0; t < count; ++t)
    loaded.push_back(
        vector::LoadOp::create(builder, bytes, input.memref,
                               ValueRange{emitter.add(token, t), column}));
  // A group of tokens that is not whole repeats its last one.
  while (loaded.size() % dot.getTokens() != 0)
    loaded.push_back(loaded.back());
  return loaded;
}

void DotKernel::addProducts(MutableArrayRef<Value> sums, ArrayRef<Value> codes,
                            ArrayRef<Value> activations, int64_t first,
                            lut::Codes kind) {
  for (size_t t = 0; t < activations.size(); t += dot.getTokens()) {
    SmallVector<Value> group;
    for (Value x : activations.slice(t, dot.getTokens()))
      group.push_back(slice(emitter, x, first, dot.getColumns()));
    Value x = join(emitter, group);
    MutableArrayRef<Value> own =
        sums.slice(t / dot.getTokens() * codes.size(), codes.size());
    for (auto [sum, code] : llvm::zip_equal(own, codes))
      sum = lut::DotOp::create(builder, sum.getType(), sum, code, x,
                               dot.getTokens(), kind);
  }
}

SmallVector<Value> DotKernel::sumsOf(ArrayRef<Value> sums, int64_t registers,
                                     int64_t token) {
  SmallVector<Value> rows;
  for (Value sum : sums.slice(token / dot.getTokens() * registers, registers))
    rows.push_back(slice(emitter, sum, token % dot.getTokens() * dot.getRows(),
                         dot.getRows()));
  return rows;
}

} // namespace tritc::loops
