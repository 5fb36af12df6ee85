//===- LowerEmbed.cpp - Rows of a table -----------------------------------===//
#include "passes/loops/Blocked.h"
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// A row of a table, 16 columns at a time: `take(values, column, count)`.
using TakeLanes =
    llvm::function_ref<void(Value values, Value at, int64_t count)>;

static void forFloatRow(LoopEmitter &emitter, Value table, Value id,
                        int64_t width, TakeLanes take) {
  emitter.forLanes(width, [&](Value at, int64_t count) {
    take(emitter.widen(emitter.load(table, {id, at}, count)), at, count);
  });
}

static void forBlockedRow(LoopEmitter &emitter, BlockedTable &table, Value id,
                          TakeLanes take) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Value tileRows = emitter.index(lut::blockedTileRows);
  Value tile = arith::DivUIOp::create(builder, id, tileRows);
  Value row = arith::RemUIOp::create(builder, id, tileRows);
  emitter.forRange(
      emitter.index(0), emitter.index(table.blocks), 1, [&](Value block) {
        SmallVector<Value> words = table.words(tile, block, row);
        auto [slopes, starts] = table.factors(tile, block, row);
        Value start = emitter.mul(block, table.shape.columns);
        for (int64_t group = 0; group < table.shape.groups(); ++group) {
          BlockedTable::Factors own = {
              vector::ExtractOp::create(builder, slopes, group),
              vector::ExtractOp::create(builder, starts, group)};
          take(table.weights(words, group, own),
               emitter.add(start, group * lanes), lanes);
        }
      });
}

/// result[t] = table[ids[t]], exactly, times the scale if there is one.
void lowerEmbed(LoopEmitter &emitter, EmbedOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows ids = emitter.rowsOf(op.getIds());
  Rows result = emitter.allocate(op.getType());
  auto forTokens = [&](llvm::function_ref<void(Value, TakeLanes)> forRow) {
    emitter.forRows([&](Value token) {
      Value id = memref::LoadOp::create(builder, ids.memref, token);
      id = arith::IndexCastOp::create(builder, builder.getIndexType(), id);
      forRow(id, [&](Value values, Value at, int64_t count) {
        if (op.getScale()) {
          Value scale =
              emitter.splat(values.getType(), op.getScale()->convertToFloat());
          values = arith::MulFOp::create(builder, values, scale);
        }
        emitter.storeRow(values, result, token, at, count);
      });
    });
  };
  if (isa<BlockedType>(op.getTable().getType())) {
    BlockedTable table(emitter, op.getTable().getDefiningOp<ParameterOp>());
    forTokens([&](Value id, TakeLanes take) {
      forBlockedRow(emitter, table, id, take);
    });
  } else {
    Value table = emitter.parameter(op.getTable());
    forTokens([&](Value id, TakeLanes take) {
      forFloatRow(emitter, table, id, result.width, take);
    });
  }
  emitter.setResult(result);
}

} // namespace tritc::loops
