//===- LowerAttention.cpp - Causal attention over the KV cache ------------===//
//
// Keys are taken in pages of 64 whatever the position, the number of threads
// or the phase; a page gives each query head a partial result of its own
// (KeyPage), and partial results are combined in the order of the pages. So
// the result does not depend on how the work is split: for one token into (key
// head, page), combined afterwards; for a prompt into (key head, token),
// combined on the way. All query heads of a key head share each load of the
// cache.
//
// With a window the pages are the same: those that lie before it are left out,
// and so are the keys before it of the first one left.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/CheckInput.h"
#include "passes/loops/Lowerings.h"
#include "passes/loops/Places.h"
#include "passes/loops/attention/KeyPage.h"

#include <cmath>

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

namespace {
/// Lowers one attention; holds what is the same for all its work.
class AttentionEmitter {
public:
  AttentionEmitter(LoopEmitter &emitter, AttentionOp op)
      : emitter(emitter), builder(emitter.builder), op(op), keys(emitter, op),
        places(emitter, op.getPlaces()), dim(op.headDim()),
        heads(op.getHeadCount()), keyHeads(op.getKvHeadCount()),
        floats(emitter.vectorType(builder.getF32Type())) {}

  void run();

private:
  /// The keys that a token sees: from `first` to before `end`, in its pages
  /// from `firstPage` to before `endPage`.
  struct Span {
    Value first; ///< null: 0
    Value end, firstPage, endPage;
  };
  Span spanOf(Value token);
  SeenKeys seenIn(Value token, const Span &span, Value number);
  void forTiles(Value token, Value keyHead,
                llvm::function_ref<void(const Queries &)> body);
  /// Weights of what was combined so far and of a page, and the new largest
  /// score and sum.
  struct Weights {
    Value keep, take, largest, sum;
  };
  Weights weigh(Value largest, Value sum, Value pageLargest, Value pageSum);
  Value combine(Value old, Value fresh, const Weights &weights);
  void clear(Value token, Value head);
  void divide(Value token, Value head, Value sum);
  void emitToken(const Queries &rows);
  void runOneByOne();
  /// [heads, pages], [heads, pages] and [heads, pages, values of a head].
  struct Pages {
    Value largest, sums, parts;
  };
  void combinePages(Value token, const Span &span, const Pages &of);
  void runByPages();

  LoopEmitter &emitter;
  ImplicitLocOpBuilder &builder;
  AttentionOp op;
  KeyPage keys;
  Places places;
  const int64_t dim, heads, keyHeads;
  const VectorType floats;
  Rows result;
};
} // namespace

/// a - b, but 0 where b is larger.
static Value beyond(LoopEmitter &emitter, Value a, Value b) {
  return arith::MaxSIOp::create(emitter.builder,
                                arith::SubIOp::create(emitter.builder, a, b),
                                emitter.index(0));
}

AttentionEmitter::Span AttentionEmitter::spanOf(Value token) {
  Value end = emitter.add(places.position(token), 1);
  Value endPage = arith::DivUIOp::create(builder, emitter.add(end, keyPage - 1),
                                         emitter.index(keyPage));
  if (!op.getWindow())
    return {Value(), end, emitter.index(0), endPage};
  Value first = beyond(emitter, end, emitter.converted(op.getWindow()));
  return {first, end,
          arith::DivUIOp::create(builder, first, emitter.index(keyPage)),
          endPage};
}

/// In the token's page of that number.
SeenKeys AttentionEmitter::seenIn(Value token, const Span &span, Value number) {
  SeenKeys seen;
  seen.page = places.page(token, number);
  Value last = emitter.index(places.pageCount() - 1);
  seen.next = places.page(
      token, arith::MinUIOp::create(builder, emitter.add(number, 1), last));
  Value pageStart = emitter.mul(number, keyPage);
  if (span.first)
    seen.first = beyond(emitter, span.first, pageStart);
  Value left = arith::SubIOp::create(builder, span.end, pageStart);
  seen.end = arith::MinUIOp::create(builder, left, emitter.index(keyPage));
  return seen;
}

/// The query heads of a key head, a few at a time.
void AttentionEmitter::forTiles(
    Value token, Value keyHead,
    llvm::function_ref<void(const Queries &)> body) {
  int64_t sharing = heads / keyHeads;
  Value first = emitter.mul(keyHead, sharing);
  for (int64_t at = 0; at < sharing; at += KeyPage::rowTile)
    body({token, keyHead, emitter.add(first, at),
          std::min(KeyPage::rowTile, sharing - at)});
}

AttentionEmitter::Weights AttentionEmitter::weigh(Value largest, Value sum,
                                                  Value pageLargest,
                                                  Value pageSum) {
  Value m = emitter.max(pageLargest, largest);
  auto weight = [&](Value from) {
    return emitter.expNonPositive(arith::SubFOp::create(builder, from, m));
  };
  Value keep = weight(largest), take = weight(pageLargest);
  Value kept = arith::MulFOp::create(builder, sum, keep);
  Value taken = arith::MulFOp::create(builder, pageSum, take);
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
                     emitter.add(emitter.mul(head, dim), at),
                     keys.lanesFrom(at));
}

void AttentionEmitter::divide(Value token, Value head, Value sum) {
  Value divisor = vector::BroadcastOp::create(builder, floats, sum);
  for (int64_t at = 0; at < dim; at += lanes) {
    Value column = emitter.add(emitter.mul(head, dim), at);
    Value x = emitter.loadRow(result, token, column, keys.lanesFrom(at));
    emitter.storeRow(arith::DivFOp::create(builder, x, divisor), result, token,
                     column, keys.lanesFrom(at));
  }
}

/// All pages of the queries, one after the other.
void AttentionEmitter::emitToken(const Queries &rows) {
  for (int64_t row = 0; row < rows.count; ++row)
    clear(rows.token, emitter.add(rows.firstHead, row));
  SmallVector<Value> start(rows.count, emitter.f32(-INFINITY));
  start.append(rows.count, emitter.f32(0.0f));
  Span span = spanOf(rows.token);
  SmallVector<Value> final = emitter.forRange(
      span.firstPage, span.endPage, 1, start,
      [&](Value number, ValueRange carried) {
        SeenKeys seen = seenIn(rows.token, span, number);
        KeyPage::Softmax page = keys.emitSoftmax(rows, seen);
        SmallVector<Weights> weights;
        SmallVector<Value> next(carried);
        for (int64_t row = 0; row < rows.count; ++row) {
          weights.push_back(weigh(carried[row], carried[rows.count + row],
                                  page.largest[row], page.sums[row]));
          next[row] = weights[row].largest;
          next[rows.count + row] = weights[row].sum;
        }
        keys.emitValues(rows, seen, [&](int64_t row, int64_t at, Value sum) {
          Value column = keys.columnOf(rows, row, at);
          Value old =
              emitter.loadRow(result, rows.token, column, keys.lanesFrom(at));
          emitter.storeRow(combine(old, sum, weights[row]), result, rows.token,
                           column, keys.lanesFrom(at));
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
  emitter.forParallel(
      lut::Share::Heads, getAsOpFoldResult(work), [&](Value item) {
        keys.allocate();
        Value keyHead =
            arith::DivUIOp::create(builder, item, emitter.tokenCount);
        Value token = arith::RemUIOp::create(builder, item, emitter.tokenCount);
        forTiles(token, keyHead, [&](const Queries &rows) { emitToken(rows); });
      });
}

/// Folds what the pages of each head gave, from the first to the last.
void AttentionEmitter::combinePages(Value token, const Span &span,
                                    const Pages &of) {
  emitter.forParallel(
      lut::Share::Heads, builder.getIndexAttr(heads), [&](Value head) {
        clear(token, head);
        SmallVector<Value> final = emitter.forRange(
            span.firstPage, span.endPage, 1,
            {emitter.f32(-INFINITY), emitter.f32(0.0f)},
            [&](Value number, ValueRange carried) {
              auto loadAt = [&](Value from) -> Value {
                return memref::LoadOp::create(builder, from,
                                              ValueRange{head, number});
              };
              Weights weights = weigh(carried[0], carried[1],
                                      loadAt(of.largest), loadAt(of.sums));
              for (int64_t at = 0; at < dim; at += lanes) {
                Value column = emitter.add(emitter.mul(head, dim), at);
                Value old =
                    emitter.loadRow(result, token, column, keys.lanesFrom(at));
                Value fresh =
                    emitter.load(of.parts, {head, number, emitter.index(at)});
                emitter.storeRow(combine(old, fresh, weights), result, token,
                                 column, keys.lanesFrom(at));
              }
              return SmallVector<Value>{weights.largest, weights.sum};
            });
        divide(token, head, final[1]);
      });
}

/// Splits one token into (key head, page), then combines.
void AttentionEmitter::runByPages() {
  int64_t most = places.pageCount();
  Value largest = emitter.allocateShared({heads, most});
  Value sums = emitter.allocateShared({heads, most});
  Value parts =
      emitter.allocateShared({heads, most, int64_t(llvm::alignTo(dim, lanes))});
  Value token = emitter.index(0);
  Span span = spanOf(token);
  Value pages =
      builder.createOrFold<arith::SubIOp>(span.endPage, span.firstPage);
  Value work = emitter.mul(pages, keyHeads);
  emitter.forParallel(
      lut::Share::Heads, getAsOpFoldResult(work), [&](Value item) {
        keys.allocate();
        Value keyHead = arith::DivUIOp::create(builder, item, pages);
        Value number = builder.createOrFold<arith::AddIOp>(
            arith::RemUIOp::create(builder, item, pages), span.firstPage);
        SeenKeys seen = seenIn(token, span, number);
        forTiles(token, keyHead, [&](const Queries &rows) {
          KeyPage::Softmax page = keys.emitSoftmax(rows, seen);
          auto headOf = [&](int64_t row) {
            return emitter.add(rows.firstHead, row);
          };
          for (int64_t row = 0; row < rows.count; ++row) {
            Value place[] = {headOf(row), number};
            memref::StoreOp::create(builder, page.largest[row], largest, place);
            memref::StoreOp::create(builder, page.sums[row], sums, place);
          }
          keys.emitValues(rows, seen, [&](int64_t row, int64_t at, Value sum) {
            emitter.store(sum, parts, {headOf(row), number, emitter.index(at)});
          });
        });
      });
  combinePages(token, span, {largest, sums, parts});
}

void AttentionEmitter::run() {
  keys.storeTokens();
  auto type = cast<ShapedType>(op.getType());
  result = emitter.allocate(type);
  if (type.getDimSize(0) == 1)
    runByPages();
  else
    runOneByOne();
  emitter.setResult(result);
}

void lowerAttention(LoopEmitter &emitter, AttentionOp op) {
  AttentionEmitter(emitter, op).run();
}

} // namespace tritc::loops
