//===- LowerAttention.cpp - Causal attention over the KV cache ------------===//
//
// Keys are taken in blocks of 64 whatever the position, the number of threads
// or the phase; for each query head a block gives a partial result of its own,
//   m = max(scores), p = exp(score - m), s = sum(p), o = sum(p * value)
// and partial results are combined in the order of the blocks. So the result
// does not depend on how the work is split: for one token into (key head,
// block), combined afterwards; for a prompt into (key head, token), combined on
// the way. All query heads of a key head share each load of the cache.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/CheckInput.h"
#include "passes/loops/Quantize.h"

#include <cmath>

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Query heads that share each load of a key or value: 4 sums of 16 lanes are
/// half of AVX2's registers.
static constexpr int64_t rowTile = 4;

namespace {
/// Query heads of one token that read the same key head.
struct Queries {
  Value token, keyHead;
  Value firstHead; ///< query head of the first
  int64_t count;   ///< at most rowTile
};

/// What a block of keys gave each of the queries.
struct Block {
  SmallVector<Value> largest; ///< m
  SmallVector<Value> sums;    ///< s
};

/// Lowers one attention; holds what is the same for all its work.
class AttentionEmitter {
public:
  AttentionEmitter(LoopEmitter &emitter, AttentionOp op)
      : emitter(emitter), builder(emitter.builder), op(op),
        queries(emitter.rowsOf(op.getQueries())), dim(op.headDim()),
        heads(op.getHeadCount()), keyHeads(op.getKvHeadCount()),
        layer(emitter.scalar(op.getLayer())),
        floats(emitter.vectorType(builder.getF32Type())) {}

  void run();

private:
  /// sink(query, column, sum): the sum of p * value for 16 columns.
  using Sink = llvm::function_ref<void(int64_t, int64_t, Value)>;

  int64_t lanesFrom(int64_t at) const { return std::min(lanes, dim - at); }
  Value columnOf(const Queries &rows, int64_t row, int64_t at);
  Value keyCountOf(Value token);
  void prefetch(const Queries &rows, int64_t plane, Value block, Value key,
                Value at);
  bool isRounded() const {
    return cast<MemRefType>(emitter.kvCache.getType())
        .getElementType()
        .isInteger(8);
  }
  Value loadCache(const Queries &rows, int64_t plane, Value block, Value key,
                  int64_t at);
  Value loadStep(const Queries &rows, int64_t plane, Value block, Value key);
  void allocateScores();
  void emitScores(const Queries &rows, Value block, Value count);
  Block emitSoftmax(const Queries &rows, Value count);
  void weighSteps(const Queries &rows, Value block, Value count);
  void emitValues(const Queries &rows, Value block, Value count, Sink sink);
  void forTiles(Value token, Value keyHead,
                llvm::function_ref<void(const Queries &)> body);
  /// Weights of what was combined so far and of a block, and the new largest
  /// score and sum.
  struct Weights {
    Value keep, take, largest, sum;
  };
  Weights weigh(Value largest, Value sum, Value blockLargest, Value blockSum);
  Value combine(Value old, Value fresh, const Weights &weights);
  void clear(Value token, Value head);
  void divide(Value token, Value head, Value sum);
  void emitToken(const Queries &rows);
  void runOneByOne();
  void runByBlocks();

  LoopEmitter &emitter;
  ImplicitLocOpBuilder &builder;
  AttentionOp op;
  const Rows queries;
  const int64_t dim, heads, keyHeads;
  const Value layer;
  const VectorType floats;
  Rows result;
  Value scores; ///< [rowTile, keyBlock] f32, on the thread's stack
};
} // namespace

/// Writes one head's key or value: in f16, nearest even, or as bytes with their
/// f32 step behind them.
static void storeHead(LoopEmitter &emitter, const Rows &source, Value token,
                      Value column, int64_t dim, ArrayRef<Value> place) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Type element = cast<MemRefType>(emitter.kvCache.getType()).getElementType();
  VectorType stored = emitter.vectorType(element);
  auto load = [&](Value at, int64_t count) {
    Value from = arith::AddIOp::create(builder, column, at);
    return emitter.loadRow(source, token, from, count);
  };
  auto store = [&](Value vector, Value at, int64_t count) {
    SmallVector<Value> indices(place);
    indices.push_back(at);
    emitter.store(vector, emitter.kvCache, indices, count);
  };
  if (element.isF16())
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
      builder, emitter.vectorType(element, kvStepBytes),
      vector::BroadcastOp::create(
          builder, emitter.vectorType(builder.getF32Type(), 1), step));
  SmallVector<Value> indices(place);
  indices.push_back(emitter.index(dim));
  vector::StoreOp::create(builder, bytes, emitter.kvCache, indices);
}

/// cache[block][layer][head][0|1][key] = key | value, where position + t is the
/// block's key.
static void storeCache(LoopEmitter &emitter, AttentionOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  int64_t dim = op.headDim();
  Value layer = emitter.scalar(op.getLayer());
  Value start = emitter.scalar(op.getPosition());
  emitter.forRows([&](Value token) {
    Value position = arith::AddIOp::create(builder, start, token);
    Value block =
        arith::DivUIOp::create(builder, position, emitter.index(keyBlock));
    Value key =
        arith::RemUIOp::create(builder, position, emitter.index(keyBlock));
    emitter.forRange(
        emitter.index(0), emitter.index(op.getKvHeadCount()), 1,
        [&](Value head) {
          Value column = emitter.mul(head, dim);
          Value sources[] = {op.getKeys(), op.getValues()};
          for (auto [plane, source] : llvm::enumerate(sources))
            storeHead(emitter, emitter.rowsOf(source), token, column, dim,
                      {block, layer, head, emitter.index(int64_t(plane)), key});
        });
  });
}

/// Column `at` of a query in the buffers of queries and results.
Value AttentionEmitter::columnOf(const Queries &rows, int64_t row, int64_t at) {
  return emitter.add(emitter.mul(emitter.add(rows.firstHead, row), dim), at);
}

/// Keys that a token sees.
Value AttentionEmitter::keyCountOf(Value token) {
  Value position =
      arith::AddIOp::create(builder, emitter.scalar(op.getPosition()), token);
  return emitter.add(position, 1);
}

/// Asks for a line of the cache, which may lie beyond what has been written.
void AttentionEmitter::prefetch(const Queries &rows, int64_t plane, Value block,
                                Value key, Value at) {
  if (emitter.prefetchBytes() == 0)
    return;
  memref::PrefetchOp::create(
      builder, emitter.kvCache,
      ValueRange{block, layer, rows.keyHead, emitter.index(plane), key, at},
      /*isWrite=*/false, /*localityHint=*/2,
      /*isDataCache=*/true);
}

Value AttentionEmitter::loadCache(const Queries &rows, int64_t plane,
                                  Value block, Value key, int64_t at) {
  Value stored = emitter.load(emitter.kvCache,
                              {block, layer, rows.keyHead, emitter.index(plane),
                               key, emitter.index(at)},
                              lanesFrom(at));
  if (!isRounded())
    return emitter.widen(stored);
  Value words = arith::ExtSIOp::create(
      builder, emitter.vectorType(builder.getI32Type()), stored);
  return arith::SIToFPOp::create(builder, floats, words);
}

/// What the integers of a rounded key or value are multiples of.
Value AttentionEmitter::loadStep(const Queries &rows, int64_t plane,
                                 Value block, Value key) {
  Value bytes = vector::LoadOp::create(
      builder, emitter.vectorType(builder.getI8Type(), kvStepBytes),
      emitter.kvCache,
      ValueRange{block, layer, rows.keyHead, emitter.index(plane), key,
                 emitter.index(dim)});
  Value step = vector::BitCastOp::create(
      builder, emitter.vectorType(builder.getF32Type(), 1), bytes);
  return vector::ExtractOp::create(builder, step, int64_t(0));
}

void AttentionEmitter::allocateScores() {
  scores = memref::AllocaOp::create(
      builder, MemRefType::get({rowTile, keyBlock}, builder.getF32Type()),
      builder.getI64IntegerAttr(64));
}

/// scores[row][key] = q[row] . k[key] of a block for key < count; the rest of
/// the last vector is -inf.
void AttentionEmitter::emitScores(const Queries &rows, Value block,
                                  Value count) {
  emitter.forRange(emitter.index(0), count, 1, [&](Value key) {
    SmallVector<Value> products(rows.count, emitter.splat(floats, 0.0));
    for (int64_t at = 0; at < dim; at += lanes) {
      prefetch(rows, 1, block, key, emitter.index(at));
      Value k = loadCache(rows, 0, block, key, at);
      for (auto [row, product] : llvm::enumerate(products)) {
        Value q =
            emitter.loadRow(queries, rows.token,
                            columnOf(rows, int64_t(row), at), lanesFrom(at));
        product = emitter.fma(q, k, product);
      }
    }
    Value step = isRounded() ? loadStep(rows, 0, block, key) : Value();
    for (auto [row, score] : llvm::enumerate(emitter.sumTrees(products))) {
      if (step)
        score = arith::MulFOp::create(builder, score, step);
      memref::StoreOp::create(builder, score, scores,
                              ValueRange{emitter.index(int64_t(row)), key});
    }
  });
  Value rounded = emitter.add(count, lanes - 1);
  rounded = arith::DivUIOp::create(builder, rounded, emitter.index(lanes));
  rounded = emitter.mul(rounded, lanes);
  Value nothing = emitter.f32(-INFINITY);
  emitter.forRange(count, rounded, 1, [&](Value j) {
    for (int64_t row = 0; row < rows.count; ++row)
      memref::StoreOp::create(builder, nothing, scores,
                              ValueRange{emitter.index(row), j});
  });
}

/// Replaces scores by p = exp(score * dim^-1/2 - m).
Block AttentionEmitter::emitSoftmax(const Queries &rows, Value count) {
  Value zero = emitter.index(0);
  Value scale = emitter.splat(floats, double(op.scoreScale()));
  Block block;
  for (int64_t row = 0; row < rows.count; ++row) {
    Value at = emitter.index(row);
    Value largest = emitter.forRange(
        zero, count, lanes, emitter.splat(floats, -INFINITY),
        [&](Value j, ValueRange carried) {
          Value score = arith::MulFOp::create(
              builder, emitter.load(scores, {at, j}), scale);
          emitter.store(score, scores, {at, j});
          return SmallVector<Value>{emitter.max(score, carried[0])};
        })[0];
    Value m = emitter.maxTree(largest);
    Value shift = vector::BroadcastOp::create(builder, floats, m);
    Value sums =
        emitter.forRange(zero, count, lanes, emitter.splat(floats, 0.0),
                         [&](Value j, ValueRange carried) {
                           Value x = arith::SubFOp::create(
                               builder, emitter.load(scores, {at, j}), shift);
                           Value p = emitter.expNonPositive(x);
                           emitter.store(p, scores, {at, j});
                           return SmallVector<Value>{
                               arith::AddFOp::create(builder, carried[0], p)};
                         })[0];
    block.largest.push_back(m);
    block.sums.push_back(emitter.sumTree(sums));
  }
  return block;
}

/// p[row][key] *= step of the block's value, where values are rounded.
void AttentionEmitter::weighSteps(const Queries &rows, Value block,
                                  Value count) {
  if (!isRounded())
    return;
  emitter.forRange(emitter.index(0), count, 1, [&](Value key) {
    Value step = loadStep(rows, 1, block, key);
    for (int64_t row = 0; row < rows.count; ++row) {
      SmallVector<Value> at = {emitter.index(row), key};
      Value p = memref::LoadOp::create(builder, scores, at);
      memref::StoreOp::create(builder, arith::MulFOp::create(builder, p, step),
                              scores, at);
    }
  });
}

/// Sums of p[row][key] * value[key] of a block, 16 columns of all rows at a
/// time. Meanwhile the keys of the next block are fetched, evenly: row after
/// row.
void AttentionEmitter::emitValues(const Queries &rows, Value block, Value count,
                                  Sink sink) {
  weighSteps(rows, block, count);
  Value nextBlock = emitter.add(block, 1);
  for (int64_t at = 0; at < dim; at += lanes) {
    SmallVector<Value> sums(rows.count, emitter.splat(floats, 0.0));
    // 64 times 16 elements, past the end of the row into the next ones.
    Value ahead = emitter.index(at * keyBlock / dim);
    sums = emitter.forRange(
        emitter.index(0), count, 1, sums, [&](Value key, ValueRange carried) {
          prefetch(rows, 0, nextBlock, ahead, emitter.mul(key, lanes));
          Value value = loadCache(rows, 1, block, key, at);
          SmallVector<Value> next;
          for (auto [row, sum] : llvm::enumerate(carried)) {
            Value p = memref::LoadOp::create(
                builder, scores, ValueRange{emitter.index(int64_t(row)), key});
            p = vector::BroadcastOp::create(builder, floats, p);
            next.push_back(emitter.fma(p, value, sum));
          }
          return next;
        });
    for (auto [row, sum] : llvm::enumerate(sums))
      sink(int64_t(row), at, sum);
  }
}

/// The query heads of a key head, a few at a time.
void AttentionEmitter::forTiles(
    Value token, Value keyHead,
    llvm::function_ref<void(const Queries &)> body) {
  int64_t sharing = heads / keyHeads;
  Value first = emitter.mul(keyHead, sharing);
  for (int64_t at = 0; at < sharing; at += rowTile)
    body({token, keyHead, emitter.add(first, at),
          std::min(rowTile, sharing - at)});
}

AttentionEmitter::Weights AttentionEmitter::weigh(Value largest, Value sum,
                                                  Value blockLargest,
                                                  Value blockSum) {
  Value m = emitter.max(blockLargest, largest);
  auto weight = [&](Value from) {
    return emitter.expNonPositive(arith::SubFOp::create(builder, from, m));
  };
  Value keep = weight(largest), take = weight(blockLargest);
  Value kept = arith::MulFOp::create(builder, sum, keep);
  Value taken = arith::MulFOp::create(builder, blockSum, take);
  return {keep, take, m, arith::AddFOp::create(builder, kept, taken)};
}

/// old * keep + fresh * take.
Value AttentionEmitter::combine(Value old, Value fresh,
                                const Weights &weights) {
  Value keep = vector::BroadcastOp::create(builder, floats, weights.keep);
  Value take = vector::BroadcastOp::create(builder, floats, weights.take);
  Value kept = arith::MulFOp::create(builder, old, keep);
  Value taken = arith::MulFOp::create(builder, fresh, take);
  return arith::AddFOp::create(builder, kept, taken);
}

void AttentionEmitter::clear(Value token, Value head) {
  for (int64_t at = 0; at < dim; at += lanes)
    emitter.storeRow(emitter.splat(floats, 0.0), result, token,
                     emitter.add(emitter.mul(head, dim), at), lanesFrom(at));
}

void AttentionEmitter::divide(Value token, Value head, Value sum) {
  Value divisor = vector::BroadcastOp::create(builder, floats, sum);
  for (int64_t at = 0; at < dim; at += lanes) {
    Value column = emitter.add(emitter.mul(head, dim), at);
    Value x = emitter.loadRow(result, token, column, lanesFrom(at));
    emitter.storeRow(arith::DivFOp::create(builder, x, divisor), result, token,
                     column, lanesFrom(at));
  }
}

/// All blocks of the queries, one after the other.
void AttentionEmitter::emitToken(const Queries &rows) {
  for (int64_t row = 0; row < rows.count; ++row)
    clear(rows.token, emitter.add(rows.firstHead, row));
  SmallVector<Value> start(rows.count, emitter.f32(-INFINITY));
  start.append(rows.count, emitter.f32(0.0f));
  Value keyCount = keyCountOf(rows.token);
  SmallVector<Value> final = emitter.forRange(
      emitter.index(0), keyCount, keyBlock, start,
      [&](Value first, ValueRange carried) {
        Value left = arith::SubIOp::create(builder, keyCount, first);
        Value count =
            arith::MinUIOp::create(builder, left, emitter.index(keyBlock));
        Value number =
            arith::DivUIOp::create(builder, first, emitter.index(keyBlock));
        emitScores(rows, number, count);
        Block block = emitSoftmax(rows, count);
        SmallVector<Weights> weights;
        SmallVector<Value> next(carried);
        for (int64_t row = 0; row < rows.count; ++row) {
          weights.push_back(weigh(carried[row], carried[rows.count + row],
                                  block.largest[row], block.sums[row]));
          next[row] = weights[row].largest;
          next[rows.count + row] = weights[row].sum;
        }
        emitValues(
            rows, number, count, [&](int64_t row, int64_t at, Value sum) {
              Value column = columnOf(rows, row, at);
              Value old =
                  emitter.loadRow(result, rows.token, column, lanesFrom(at));
              emitter.storeRow(combine(old, sum, weights[row]), result,
                               rows.token, column, lanesFrom(at));
            });
        return next;
      });
  for (int64_t row = 0; row < rows.count; ++row)
    divide(rows.token, emitter.add(rows.firstHead, row),
           final[rows.count + row]);
}

/// Splits into (token, key head); neighbours read the same part of the cache.
void AttentionEmitter::runOneByOne() {
  Value work = emitter.mul(emitter.tokenCount, keyHeads);
  emitter.forParallel(getAsOpFoldResult(work), [&](Value item) {
    allocateScores();
    Value keyHead = arith::DivUIOp::create(builder, item, emitter.tokenCount);
    Value token = arith::RemUIOp::create(builder, item, emitter.tokenCount);
    forTiles(token, keyHead, [&](const Queries &rows) { emitToken(rows); });
  });
}

/// Splits one token into (key head, block), then combines.
void AttentionEmitter::runByBlocks() {
  int64_t most = cast<MemRefType>(emitter.kvCache.getType()).getDimSize(0);
  Value largest = emitter.allocateShared({heads, most});
  Value sums = emitter.allocateShared({heads, most});
  Value parts =
      emitter.allocateShared({heads, most, int64_t(llvm::alignTo(dim, lanes))});
  Value token = emitter.index(0);
  Value keyCount = keyCountOf(token);
  Value blocks = arith::DivUIOp::create(
      builder, emitter.add(keyCount, keyBlock - 1), emitter.index(keyBlock));
  Value work = emitter.mul(blocks, keyHeads);
  emitter.forParallel(getAsOpFoldResult(work), [&](Value item) {
    allocateScores();
    Value keyHead = arith::DivUIOp::create(builder, item, blocks);
    Value number = arith::RemUIOp::create(builder, item, blocks);
    Value first = emitter.mul(number, keyBlock);
    Value left = arith::SubIOp::create(builder, keyCount, first);
    Value count =
        arith::MinUIOp::create(builder, left, emitter.index(keyBlock));
    forTiles(token, keyHead, [&](const Queries &rows) {
      emitScores(rows, number, count);
      Block block = emitSoftmax(rows, count);
      auto headOf = [&](int64_t row) {
        return emitter.add(rows.firstHead, row);
      };
      for (int64_t row = 0; row < rows.count; ++row) {
        Value place[] = {headOf(row), number};
        memref::StoreOp::create(builder, block.largest[row], largest, place);
        memref::StoreOp::create(builder, block.sums[row], sums, place);
      }
      emitValues(rows, number, count, [&](int64_t row, int64_t at, Value sum) {
        emitter.store(sum, parts, {headOf(row), number, emitter.index(at)});
      });
    });
  });
  emitter.forParallel(builder.getIndexAttr(heads), [&](Value head) {
    clear(token, head);
    SmallVector<Value> final = emitter.forRange(
        emitter.index(0), blocks, 1,
        {emitter.f32(-INFINITY), emitter.f32(0.0f)},
        [&](Value number, ValueRange carried) {
          auto loadAt = [&](Value from) -> Value {
            return memref::LoadOp::create(builder, from,
                                          ValueRange{head, number});
          };
          Weights weights =
              weigh(carried[0], carried[1], loadAt(largest), loadAt(sums));
          for (int64_t at = 0; at < dim; at += lanes) {
            Value column = emitter.add(emitter.mul(head, dim), at);
            Value old = emitter.loadRow(result, token, column, lanesFrom(at));
            Value fresh =
                emitter.load(parts, {head, number, emitter.index(at)});
            emitter.storeRow(combine(old, fresh, weights), result, token,
                             column, lanesFrom(at));
          }
          return SmallVector<Value>{weights.largest, weights.sum};
        });
    divide(token, head, final[1]);
  });
}

void AttentionEmitter::run() {
  storeCache(emitter, op);
  auto type = cast<RankedTensorType>(op.getType());
  result = emitter.allocate(type);
  if (type.getDimSize(0) == 1)
    runByBlocks();
  else
    runOneByOne();
  emitter.bind(op.getResult(), result);
}

void lower(LoopEmitter &emitter, AttentionOp op) {
  AttentionEmitter(emitter, op).run();
}

} // namespace tritc::loops
