//===- KvCache.cpp - Keys and values of the tokens so far -----------------===//
#include "passes/loops/attention/KvCache.h"
#include "passes/loops/CheckInput.h"
#include "passes/loops/Places.h"
#include "passes/loops/Quantize.h"

using namespace mlir;

namespace tritc::loops {

KvCache::KvCache(LoopEmitter &emitter, bitnet::AttentionOp op)
    : emitter(emitter), builder(emitter.builder), op(op),
      buffer(emitter.converted(op.getCache())),
      element(cast<MemRefType>(buffer.getType()).getElementType()),
      layer(emitter.converted(op.getLayer())) {}

/// Writes one head's key or value: in f16, nearest even, or as bytes with their
/// f32 step behind them.
void KvCache::storeHead(const Rows &source, Value token, Value column,
                        ArrayRef<Value> place) {
  const int64_t dim = op.headDim();
  VectorType stored = emitter.vectorType(element);
  auto load = [&](Value at, int64_t count) {
    Value from = arith::AddIOp::create(builder, column, at);
    return emitter.loadRow(source, token, from, count);
  };
  auto store = [&](Value vector, Value at, int64_t count) {
    SmallVector<Value> indices(place);
    indices.push_back(at);
    emitter.store(vector, buffer, indices, count);
  };
  if (!isRounded())
    return emitter.forLanes(dim, [&](Value at, int64_t count) {
      store(arith::TruncFOp::create(builder, stored, load(at, count)), at,
            count);
    });
  Value step =
      quantize(emitter, dim, {127, -128, dim}, load,
               [&](Value q, Value at, int64_t count) {
                 store(arith::TruncIOp::create(builder, stored, q), at, count);
               });
  Value bytes = vector::BitCastOp::create(
      builder, emitter.vectorType(element, bitnet::kvStepBytes),
      vector::BroadcastOp::create(
          builder, emitter.vectorType(builder.getF32Type(), 1), step));
  SmallVector<Value> indices(place);
  indices.push_back(emitter.index(dim));
  vector::StoreOp::create(builder, bytes, buffer, indices);
}

/// cache[page][layer][head][0|1][key] = key | value, of the page and key that
/// are the token's place.
void KvCache::store() {
  Places places(emitter, op.getPlaces());
  emitter.forRows([&](Value token) {
    Value position = places.position(token);
    Value page =
        places.page(token, arith::DivUIOp::create(builder, position,
                                                  emitter.index(keyPage)));
    Value key =
        arith::RemUIOp::create(builder, position, emitter.index(keyPage));
    emitter.forRange(
        emitter.index(0), emitter.index(op.getKvHeadCount()), 1,
        [&](Value head) {
          Value column = emitter.mul(head, op.headDim());
          Value sources[] = {op.getKeys(), op.getValues()};
          for (auto [plane, source] : llvm::enumerate(sources))
            storeHead(emitter.rowsOf(source), token, column,
                      {page, layer, head, emitter.index(int64_t(plane)), key});
        });
  });
}

SmallVector<Value> KvCache::indicesOf(const KeyRows &rows, Value key,
                                      Value at) {
  return {rows.page, layer, rows.head, emitter.index(rows.plane), key, at};
}

Value KvCache::load(const KeyRows &rows, Value key, int64_t at, int64_t count) {
  Value stored =
      emitter.load(buffer, indicesOf(rows, key, emitter.index(at)), count);
  if (!isRounded())
    return emitter.widen(stored);
  Value words = arith::ExtSIOp::create(
      builder, emitter.vectorType(builder.getI32Type()), stored);
  return arith::SIToFPOp::create(
      builder, emitter.vectorType(builder.getF32Type()), words);
}

Value KvCache::loadStep(const KeyRows &rows, Value key) {
  Value bytes = vector::LoadOp::create(
      builder, emitter.vectorType(builder.getI8Type(), bitnet::kvStepBytes),
      buffer, indicesOf(rows, key, emitter.index(op.headDim())));
  Value step = vector::BitCastOp::create(
      builder, emitter.vectorType(builder.getF32Type(), 1), bytes);
  return vector::ExtractOp::create(builder, step, int64_t(0));
}

void KvCache::prefetch(const KeyRows &rows, Value key, Value at) {
  if (emitter.prefetchBytes() == 0)
    return;
  memref::PrefetchOp::create(builder, buffer, indicesOf(rows, key, at),
                             /*isWrite=*/false, /*localityHint=*/2,
                             /*isDataCache=*/true);
}

} // namespace tritc::loops
