//===- LowerAttention.cpp - Causal attention over the KV cache ------------===//
//
// One iteration serves one head of one token. Keys are taken in blocks of 64
// whatever the position, the number of threads or the phase; each block gives
// a partial result of its own,
//   m = max(scores), p = exp(score - m), s = sum(p), o = sum(p * value)
// and partial results are combined in the order of the blocks. So the result
// does not depend on how the work is split.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/LoopEmitter.h"

#include <cmath>

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Keys per partial result.
static constexpr int64_t keyBlock = 64;
/// Vectors of the output that one pass over a block's values accumulates.
static constexpr int64_t valueVectors = 4;

namespace {
/// What every step needs to know about one head of one token.
struct Head {
  AttentionOp op;
  Rows queries, result;
  Value layer, token, keyHead;
  Value column; ///< first column of the head in queries and result
  Value keyCount;
  Value scores; ///< [keyBlock] f32, on the thread's stack
  int64_t dim;
};
} // namespace

/// cache[layer][head][0|1][position + t] = f16(key | value), nearest even.
static void storeCache(LoopEmitter &emitter, AttentionOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  int64_t dim = op.headDim();
  Value layer = emitter.scalar(op.getLayer());
  Value start = emitter.scalar(op.getPosition());
  VectorType halves = emitter.vectorType(builder.getF16Type());
  emitter.forRows([&](Value token) {
    Value position = arith::AddIOp::create(builder, start, token);
    emitter.forRange(
        emitter.index(0), emitter.index(op.getKvHeadCount()), 1,
        [&](Value head) {
          Value column = emitter.mul(head, dim);
          emitter.forLanes(dim, [&](Value at, int64_t count) {
            Value from = arith::AddIOp::create(builder, column, at);
            Value sources[] = {op.getKeys(), op.getValues()};
            for (auto [plane, source] : llvm::enumerate(sources)) {
              Value row =
                  emitter.loadRow(emitter.rowsOf(source), token, from, count);
              emitter.store(arith::TruncFOp::create(builder, halves, row),
                            emitter.kvCache,
                            {layer, head, emitter.index(plane), position, at},
                            count);
            }
          });
        });
  });
}

/// scores[j] = (q . k[first + j]) * dim^-1/2 for j < count; the rest of the
/// last vector is -inf.
static void emitScores(LoopEmitter &emitter, const Head &head, Value first,
                       Value count) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(builder.getF32Type());
  Value scale =
      emitter.f32(static_cast<float>(1.0 / std::sqrt(double(head.dim))));
  emitter.forRange(emitter.index(0), count, 1, [&](Value j) {
    Value key = arith::AddIOp::create(builder, first, j);
    Value products = emitter.splat(type, 0.0);
    for (int64_t at = 0; at < head.dim; at += lanes) {
      int64_t valid = std::min(lanes, head.dim - at);
      Value q = emitter.loadRow(head.queries, head.token,
                                emitter.add(head.column, at), valid);
      Value k = emitter.load(
          emitter.kvCache,
          {head.layer, head.keyHead, emitter.index(0), key, emitter.index(at)},
          valid);
      products = emitter.fma(q, emitter.widen(k), products);
    }
    Value score =
        arith::MulFOp::create(builder, emitter.sumTree(products), scale);
    memref::StoreOp::create(builder, score, head.scores, j);
  });
  Value rounded = emitter.add(count, lanes - 1);
  rounded = arith::DivUIOp::create(builder, rounded, emitter.index(lanes));
  rounded = emitter.mul(rounded, lanes);
  Value nothing = emitter.f32(-INFINITY);
  emitter.forRange(count, rounded, 1, [&](Value j) {
    memref::StoreOp::create(builder, nothing, head.scores, j);
  });
}

/// Replaces scores by p = exp(score - m). Returns m and the sum of p.
static std::pair<Value, Value> emitSoftmax(LoopEmitter &emitter,
                                           const Head &head, Value count) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(builder.getF32Type());
  Value zero = emitter.index(0);
  Value largest = emitter.forRange(
      zero, count, lanes, emitter.splat(type, -INFINITY),
      [&](Value j, ValueRange carried) {
        Value score = emitter.load(head.scores, j);
        return SmallVector<Value>{emitter.max(score, carried[0])};
      })[0];
  Value m = emitter.maxTree(largest);
  Value shift = vector::BroadcastOp::create(builder, type, m);
  Value sums =
      emitter.forRange(zero, count, lanes, emitter.splat(type, 0.0),
                       [&](Value j, ValueRange carried) {
                         Value x = arith::SubFOp::create(
                             builder, emitter.load(head.scores, j), shift);
                         Value p = emitter.expNonPositive(x);
                         emitter.store(p, head.scores, j);
                         return SmallVector<Value>{
                             arith::AddFOp::create(builder, carried[0], p)};
                       })[0];
  return {m, emitter.sumTree(sums)};
}

/// result = result * keep + (sum of p[j] * value[first + j]) * take, a few
/// vectors of the head at a time.
static void emitValues(LoopEmitter &emitter, const Head &head, Value first,
                       Value count, Value keep, Value take) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(builder.getF32Type());
  keep = vector::BroadcastOp::create(builder, type, keep);
  take = vector::BroadcastOp::create(builder, type, take);
  for (int64_t base = 0; base < head.dim; base += valueVectors * lanes) {
    int64_t end = std::min(base + valueVectors * lanes, head.dim);
    SmallVector<Value> sums(llvm::divideCeil(end - base, lanes),
                            emitter.splat(type, 0.0));
    auto valid = [&](int64_t at) { return std::min(lanes, end - at); };
    sums = emitter.forRange(
        emitter.index(0), count, 1, sums, [&](Value j, ValueRange carried) {
          Value p = memref::LoadOp::create(builder, head.scores, j);
          p = vector::BroadcastOp::create(builder, type, p);
          Value key = arith::AddIOp::create(builder, first, j);
          SmallVector<Value> next;
          for (auto [i, sum] : llvm::enumerate(carried)) {
            int64_t at = base + int64_t(i) * lanes;
            Value v = emitter.load(emitter.kvCache,
                                   {head.layer, head.keyHead, emitter.index(1),
                                    key, emitter.index(at)},
                                   valid(at));
            next.push_back(emitter.fma(p, emitter.widen(v), sum));
          }
          return next;
        });
    for (auto [i, sum] : llvm::enumerate(sums)) {
      int64_t at = base + int64_t(i) * lanes;
      Value column = emitter.add(head.column, at);
      Value old = emitter.loadRow(head.result, head.token, column, valid(at));
      Value kept = arith::MulFOp::create(builder, old, keep);
      Value taken = arith::MulFOp::create(builder, sum, take);
      emitter.storeRow(arith::AddFOp::create(builder, kept, taken), head.result,
                       head.token, column, valid(at));
    }
  }
}

/// result[head] = f(result[head]) lane by lane.
static void forHeadLanes(LoopEmitter &emitter, const Head &head,
                         llvm::function_ref<Value(Value)> f) {
  for (int64_t at = 0; at < head.dim; at += lanes) {
    int64_t valid = std::min(lanes, head.dim - at);
    Value column = emitter.add(head.column, at);
    Value x = emitter.loadRow(head.result, head.token, column, valid);
    emitter.storeRow(f(x), head.result, head.token, column, valid);
  }
}

static void emitHead(LoopEmitter &emitter, const Head &head) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(builder.getF32Type());
  Value zeros = emitter.splat(type, 0.0);
  forHeadLanes(emitter, head, [&](Value) { return zeros; });
  SmallVector<Value> final = emitter.forRange(
      emitter.index(0), head.keyCount, keyBlock,
      {emitter.f32(-INFINITY), emitter.f32(0.0f)},
      [&](Value first, ValueRange carried) {
        Value left = arith::SubIOp::create(builder, head.keyCount, first);
        Value count =
            arith::MinUIOp::create(builder, left, emitter.index(keyBlock));
        emitScores(emitter, head, first, count);
        auto [blockMax, blockSum] = emitSoftmax(emitter, head, count);
        Value m = emitter.max(blockMax, carried[0]);
        auto weigh = [&](Value from) {
          return emitter.expNonPositive(
              arith::SubFOp::create(builder, from, m));
        };
        Value keep = weigh(carried[0]), take = weigh(blockMax);
        emitValues(emitter, head, first, count, keep, take);
        Value kept = arith::MulFOp::create(builder, carried[1], keep);
        Value taken = arith::MulFOp::create(builder, blockSum, take);
        return SmallVector<Value>{m,
                                  arith::AddFOp::create(builder, kept, taken)};
      });
  Value sum = vector::BroadcastOp::create(builder, type, final[1]);
  forHeadLanes(emitter, head, [&](Value x) -> Value {
    return arith::DivFOp::create(builder, x, sum);
  });
}

void lower(LoopEmitter &emitter, AttentionOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  storeCache(emitter, op);
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  int64_t heads = op.getHeadCount();
  int64_t sharing = heads / int64_t(op.getKvHeadCount());
  Value work = emitter.mul(emitter.tokenCount, heads);
  emitter.forParallel(getAsOpFoldResult(work), [&](Value item) {
    Head head;
    head.op = op;
    head.queries = emitter.rowsOf(op.getQueries());
    head.result = result;
    head.dim = op.headDim();
    head.layer = emitter.scalar(op.getLayer());
    head.token = arith::DivUIOp::create(builder, item, emitter.index(heads));
    Value query = arith::RemUIOp::create(builder, item, emitter.index(heads));
    head.keyHead =
        arith::DivUIOp::create(builder, query, emitter.index(sharing));
    head.column = emitter.mul(query, head.dim);
    Value position = arith::AddIOp::create(
        builder, emitter.scalar(op.getPosition()), head.token);
    head.keyCount = emitter.add(position, 1);
    head.scores = memref::AllocaOp::create(
        builder, MemRefType::get({keyBlock}, builder.getF32Type()),
        builder.getI64IntegerAttr(64));
    emitHead(emitter, head);
  });
  emitter.bind(op.getResult(), result);
}

} // namespace tritc::loops
