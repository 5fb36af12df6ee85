//===- KeyPage.cpp - A few queries against one page of keys ---------------===//
#include "passes/loops/attention/KeyPage.h"
#include "passes/loops/CheckInput.h"

#include <cmath>

using namespace mlir;

namespace tritc::loops {

KeyPage::KeyPage(LoopEmitter &emitter, bitnet::AttentionOp op)
    : emitter(emitter), builder(emitter.builder), cache(emitter, op),
      source(emitter.rowsOf(op.getQueries())), dim(op.headDim()),
      scale(op.scoreScale()), floats(emitter.vectorType(builder.getF32Type())) {
}

Value KeyPage::columnOf(const Queries &queries, int64_t row, int64_t at) {
  return emitter.add(emitter.mul(emitter.add(queries.firstHead, row), dim), at);
}

void KeyPage::allocate() {
  scores = memref::AllocaOp::create(
      builder, MemRefType::get({rowTile, keyPage}, builder.getF32Type()),
      builder.getI64IntegerAttr(64));
}

Value KeyPage::firstOf(const SeenKeys &seen) {
  return seen.first ? seen.first : emitter.index(0);
}

Value KeyPage::roundDown(Value key) {
  Value vectors = arith::DivUIOp::create(builder, key, emitter.index(lanes));
  return emitter.mul(vectors, lanes);
}

Value KeyPage::roundUp(Value key) {
  return roundDown(emitter.add(key, lanes - 1));
}

/// scores[row][key] = q[row] . k[key] of the keys that are seen; the rest of
/// their first and last vector is -inf. Meanwhile the values are fetched.
void KeyPage::emitScores(const Queries &queries, const SeenKeys &seen) {
  KeyRows keys = {seen.page, queries.keyHead, KeyRows::Keys};
  KeyRows values = {seen.page, queries.keyHead, KeyRows::Values};
  emitter.forRange(firstOf(seen), seen.end, 1, [&](Value key) {
    SmallVector<Value> products(queries.count, emitter.splat(floats, 0.0));
    for (int64_t at = 0; at < dim; at += lanes) {
      cache.prefetch(values, key, emitter.index(at));
      Value k = cache.load(keys, key, at, lanesFrom(at));
      for (auto [row, product] : llvm::enumerate(products)) {
        Value q =
            emitter.loadRow(source, queries.token,
                            columnOf(queries, int64_t(row), at), lanesFrom(at));
        product = emitter.fma(q, k, product);
      }
    }
    Value step = cache.isRounded() ? cache.loadStep(keys, key) : Value();
    for (auto [row, score] : llvm::enumerate(emitter.sumTrees(products))) {
      if (step)
        score = arith::MulFOp::create(builder, score, step);
      memref::StoreOp::create(builder, score, scores,
                              ValueRange{emitter.index(int64_t(row)), key});
    }
  });
  hideOthers(queries, seen);
}

void KeyPage::hideOthers(const Queries &queries, const SeenKeys &seen) {
  if (seen.first)
    hide(queries, roundDown(seen.first), seen.first);
  hide(queries, seen.end, roundUp(seen.end));
}

/// Scores of -inf for the keys from `from` to before `to`.
void KeyPage::hide(const Queries &queries, Value from, Value to) {
  Value nothing = emitter.f32(-INFINITY);
  emitter.forRange(from, to, 1, [&](Value j) {
    for (int64_t row = 0; row < queries.count; ++row)
      memref::StoreOp::create(builder, nothing, scores,
                              ValueRange{emitter.index(row), j});
  });
}

/// Replaces scores by p = exp(score * dim^-1/2 - m).
KeyPage::Softmax KeyPage::emitSoftmax(const Queries &queries,
                                      const SeenKeys &seen) {
  emitScores(queries, seen);
  Value first = seen.first ? roundDown(seen.first) : emitter.index(0);
  Value scales = emitter.splat(floats, double(scale));
  Softmax softmax;
  for (int64_t row = 0; row < queries.count; ++row) {
    Value at = emitter.index(row);
    Value largest = emitter.forRange(
        first, seen.end, lanes, emitter.splat(floats, -INFINITY),
        [&](Value j, ValueRange carried) {
          Value score = arith::MulFOp::create(
              builder, emitter.load(scores, {at, j}), scales);
          emitter.store(score, scores, {at, j});
          return SmallVector<Value>{emitter.max(score, carried[0])};
        })[0];
    Value m = emitter.maxTree(largest);
    Value shift = vector::BroadcastOp::create(builder, floats, m);
    Value sums =
        emitter.forRange(first, seen.end, lanes, emitter.splat(floats, 0.0),
                         [&](Value j, ValueRange carried) {
                           Value x = arith::SubFOp::create(
                               builder, emitter.load(scores, {at, j}), shift);
                           Value p = emitter.expNonPositive(x);
                           emitter.store(p, scores, {at, j});
                           return SmallVector<Value>{
                               arith::AddFOp::create(builder, carried[0], p)};
                         })[0];
    softmax.largest.push_back(m);
    softmax.sums.push_back(emitter.sumTree(sums));
  }
  return softmax;
}

/// p[row][key] *= step of the page's value, where values are rounded.
void KeyPage::weighSteps(const Queries &queries, const SeenKeys &seen) {
  if (!cache.isRounded())
    return;
  KeyRows values = {seen.page, queries.keyHead, KeyRows::Values};
  emitter.forRange(firstOf(seen), seen.end, 1, [&](Value key) {
    Value step = cache.loadStep(values, key);
    for (int64_t row = 0; row < queries.count; ++row) {
      SmallVector<Value> at = {emitter.index(row), key};
      Value p = memref::LoadOp::create(builder, scores, at);
      memref::StoreOp::create(builder, arith::MulFOp::create(builder, p, step),
                              scores, at);
    }
  });
}

/// 16 columns of all rows at a time. Meanwhile the keys of the next page are
/// fetched, evenly: row after row.
void KeyPage::emitValues(const Queries &queries, const SeenKeys &seen,
                         Sink sink) {
  weighSteps(queries, seen);
  KeyRows values = {seen.page, queries.keyHead, KeyRows::Values};
  KeyRows next = {seen.next, queries.keyHead, KeyRows::Keys};
  for (int64_t at = 0; at < dim; at += lanes) {
    SmallVector<Value> sums(queries.count, emitter.splat(floats, 0.0));
    // 64 times 16 elements, past the end of the row into the next ones.
    Value ahead = emitter.index(at * keyPage / dim);
    sums = emitter.forRange(
        firstOf(seen), seen.end, 1, sums, [&](Value key, ValueRange carried) {
          cache.prefetch(next, ahead, emitter.mul(key, lanes));
          Value value = cache.load(values, key, at, lanesFrom(at));
          SmallVector<Value> sumsAfter;
          for (auto [row, sum] : llvm::enumerate(carried)) {
            Value p = memref::LoadOp::create(
                builder, scores, ValueRange{emitter.index(int64_t(row)), key});
            p = vector::BroadcastOp::create(builder, floats, p);
            sumsAfter.push_back(emitter.fma(p, value, sum));
          }
          return sumsAfter;
        });
    for (auto [row, sum] : llvm::enumerate(sums))
      sink(int64_t(row), at, sum);
  }
}

} // namespace tritc::loops
