//===- LowerHead.cpp - Logits ---------------------------------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/heads/HeadTokens.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Rows of the table that share each load of a token's activations.
static constexpr int64_t rowTile = 4;

/// Dot products of rows `ids` with `count` tokens from `token` on, 16 lanes
/// each, in column order: those of the first token come first.
static SmallVector<Value> emitDots(LoopEmitter &emitter, const Rows &input,
                                   Value token, int64_t tokens, Value table,
                                   ArrayRef<Value> ids) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  VectorType type = emitter.vectorType(builder.getF32Type());
  auto step = [&](Value at, int64_t count, ValueRange sums) {
    SmallVector<Value> weights = llvm::map_to_vector(ids, [&](Value id) {
      return emitter.widen(emitter.load(table, {id, at}, count));
    });
    SmallVector<Value> next(sums);
    for (int64_t t = 0; t < tokens; ++t) {
      Value x = emitter.loadRow(input, emitter.add(token, t), at, count);
      for (auto [row, weight] : llvm::enumerate(weights)) {
        Value &sum = next[t * rowTile + row];
        sum = emitter.fma(weight, x, sum);
      }
    }
    return next;
  };
  SmallVector<Value> sums(tokens * rowTile, emitter.splat(type, 0.0));
  int64_t whole = input.width / lanes * lanes;
  sums = emitter.forRange(emitter.index(0), emitter.index(whole), lanes, sums,
                          [&](Value at, ValueRange carried) {
                            // The tile is read row by row, the memory behind it
                            // in order: fetch the same columns of the next
                            // tile. Into L2: two tiles and the activations do
                            // not fit L1, and fetching there took 1.5 times as
                            // long. 16 columns are half a line, so each line is
                            // asked for twice, but 32 at a time spill and took
                            // 6 % longer, tiles of 2 rows 20 %, fetching ahead
                            // in the same row 3 to 20 %.
                            for (Value id : ids)
                              memref::PrefetchOp::create(
                                  builder, table,
                                  ValueRange{emitter.add(id, rowTile), at},
                                  /*isWrite=*/false, /*localityHint=*/2,
                                  /*isDataCache=*/true);
                            return step(at, lanes, carried);
                          });
  if (whole < input.width)
    sums = step(emitter.index(whole), input.width - whole, sums);
  return sums;
}

/// logits[t][v] = x[t] . table[v] for t >= first: f32 products of the exact
/// weights, summed in 16 lanes and a tree.
void lowerHead(LoopEmitter &emitter, HeadOp op) {
  if (isa<ScaledType>(op.getTable().getType()))
    return lowerScaledHead(emitter, op);
  if (isa<BlockedType>(op.getTable().getType()))
    return lowerBlockedHead(emitter, op);
  ImplicitLocOpBuilder &builder = emitter.builder;
  Value table = emitter.parameter(op.getTable());
  Rows input = emitter.rowsOf(op.getInput());
  Rows logits = emitter.place(op.getInto(), op.getType());
  int64_t vocabulary = cast<MemRefType>(table.getType()).getDimSize(0);
  int64_t tiles = llvm::divideCeil(vocabulary, rowTile);
  const int64_t tokens = headTokens(emitter, rowTile * lanes * 32);
  emitter.forParallel(
      lut::Share::Tiles, builder.getIndexAttr(tiles), [&](Value tile) {
        // The last tile repeats its last row where the vocabulary ends.
        Value base = emitter.mul(tile, rowTile);
        SmallVector<Value> ids;
        for (int64_t row = 0; row < rowTile; ++row)
          ids.push_back(arith::MinUIOp::create(builder, emitter.add(base, row),
                                               emitter.index(vocabulary - 1)));
        forHeadTokens(emitter, op, tokens, [&](Value token, int64_t count) {
          SmallVector<Value> sums =
              emitDots(emitter, input, token, count, table, ids);
          for (int64_t t = 0; t < count; ++t)
            for (auto [row, id] : llvm::enumerate(ids))
              memref::StoreOp::create(
                  builder, emitter.sumTree(sums[t * rowTile + row]),
                  logits.memref, ValueRange{emitter.add(token, t), id});
        });
      });
  emitter.setResult(logits);
}

} // namespace tritc::loops
