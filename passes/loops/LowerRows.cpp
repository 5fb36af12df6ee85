//===- LowerRows.cpp - Operations that work on each token's row alone -----===//
#include "passes/loops/Blocked.h"
#include "passes/loops/LoopEmitter.h"
#include "passes/loops/Quantize.h"

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
void lower(LoopEmitter &emitter, EmbedOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  auto parameter = op.getTable().getDefiningOp<ParameterOp>();
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  auto forTokens = [&](llvm::function_ref<void(Value, TakeLanes)> forRow) {
    emitter.forRows([&](Value token) {
      Value id = memref::LoadOp::create(builder, emitter.tokens, token);
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
  if (isa<BlockedType>(parameter.getType())) {
    BlockedTable table(emitter, parameter);
    forTokens([&](Value id, TakeLanes take) {
      forBlockedRow(emitter, table, id, take);
    });
  } else {
    Value table = emitter.parameter(parameter);
    forTokens([&](Value id, TakeLanes take) {
      forFloatRow(emitter, table, id, result.width, take);
    });
  }
  emitter.bind(op.getResult(), result);
}

/// m = max(max|x|, 1e-5); q = rne(x * (127 / m)); step = m / 127. Columns
/// beyond the width are zero up to the padding, for kernels that read whole
/// blocks.
void lower(LoopEmitter &emitter, QuantizeOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows input = emitter.rowsOf(op.getInput());
  Rows bytes =
      emitter.allocate(cast<RankedTensorType>(op.getQuantized().getType()));
  Rows steps =
      emitter.allocate(cast<RankedTensorType>(op.getSteps().getType()));
  int64_t paddedWidth = llvm::alignTo(input.width, byteRowMultiple);
  emitter.forRows([&](Value token) {
    Value step =
        quantizeRow(emitter, input, token, bytes, {127, -128, paddedWidth});
    memref::StoreOp::create(builder, step, steps.memref, token);
  });
  emitter.bind(op.getQuantized(), bytes);
  emitter.bind(op.getSteps(), steps);
}

/// x * logistic(t) by e = exp(-|t|), which cannot overflow:
///   (t < 0 ? x * e : x) / (1 + e)
static Value timesLogistic(LoopEmitter &emitter, Value x, Value t) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Type type = x.getType();
  Value size = math::AbsFOp::create(builder, t);
  Value e = emitter.expNonPositive(arith::NegFOp::create(builder, size));
  Value isNegative = arith::CmpFOp::create(builder, arith::CmpFPredicate::OLT,
                                           t, emitter.splat(type, 0.0));
  Value scaled = arith::MulFOp::create(builder, x, e);
  Value above = arith::SelectOp::create(builder, isNegative, scaled, x);
  Value below = arith::AddFOp::create(builder, e, emitter.splat(type, 1.0));
  return arith::DivFOp::create(builder, above, below);
}

/// activation(x), lane by lane.
static Value activate(LoopEmitter &emitter, Activation activation, Value x) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Type type = x.getType();
  switch (activation) {
  case Activation::ReluSquared: {
    Value positive = emitter.max(x, emitter.splat(type, 0.0));
    return arith::MulFOp::create(builder, positive, positive);
  }
  case Activation::Silu:
    return timesLogistic(emitter, x, x);
  case Activation::GeluTanh: {
    // 2u = x * (a + b * x^2), a = 2 * sqrt(2 / pi), b = 0.044715 * a.
    Value squared = arith::MulFOp::create(builder, x, x);
    Value inner = emitter.fma(squared, emitter.splat(type, 0.0713548162726009),
                              emitter.splat(type, 1.5957691216057308));
    return timesLogistic(emitter, x, arith::MulFOp::create(builder, x, inner));
  }
  }
  llvm_unreachable("all activations are named");
}

/// activation(gate) * up.
void lower(LoopEmitter &emitter, GluOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows gate = emitter.rowsOf(op.getGate()), up = emitter.rowsOf(op.getUp());
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  emitter.forRows([&](Value token) {
    emitter.forLanes(result.width, [&](Value at, int64_t count) {
      Value g = emitter.loadRow(gate, token, at, count);
      Value u = emitter.loadRow(up, token, at, count);
      Value y = activate(emitter, op.getActivation(), g);
      y = arith::MulFOp::create(builder, y, u);
      emitter.storeRow(y, result, token, at, count);
    });
  });
  emitter.bind(op.getResult(), result);
}

/// Whether `op` is the last to read its left operand, whose buffer it can then
/// overwrite. Pieces of a split share a buffer, and a value from outside a loop
/// is read again by the next iteration.
static bool isLastUseOfLhs(arith::AddFOp op) {
  Value lhs = op.getLhs();
  return lhs.getParentBlock() == op->getBlock() &&
         !lhs.getDefiningOp<SplitOp>() &&
         llvm::all_of(lhs.getUsers(), [&](Operation *user) {
           return user == op ||
                  (user->getBlock() == op->getBlock() &&
                   user->isBeforeInBlock(op) && !isa<SplitOp>(user));
         });
}

/// The residual stream is updated in place: its old value has no later use.
void lower(LoopEmitter &emitter, arith::AddFOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows lhs = emitter.rowsOf(op.getLhs()), rhs = emitter.rowsOf(op.getRhs());
  Rows result = isLastUseOfLhs(op)
                    ? lhs
                    : emitter.allocate(cast<RankedTensorType>(op.getType()));
  emitter.forRows([&](Value token) {
    emitter.forLanes(result.width, [&](Value at, int64_t count) {
      Value x = emitter.loadRow(lhs, token, at, count);
      Value y = emitter.loadRow(rhs, token, at, count);
      emitter.storeRow(arith::AddFOp::create(builder, x, y), result, token, at,
                       count);
    });
  });
  emitter.bind(op.getResult(), result);
}

/// Pieces are columns of the same buffer.
void lower(LoopEmitter &emitter, SplitOp op) {
  Rows input = emitter.rowsOf(op.getInput());
  int64_t column = input.column;
  for (Value piece : op.getPieces()) {
    int64_t width = cast<RankedTensorType>(piece.getType()).getDimSize(1);
    emitter.bind(piece, {input.memref, column, width});
    column += width;
  }
}

/// out[j] = x[j] cos - x[j + d/2] sin, out[j + d/2] = x[j + d/2] cos + x[j] sin
/// for j < d/2, with row `position + t` of the table.
void lower(LoopEmitter &emitter, RopeOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Value table = emitter.parameter(op.getTable().getDefiningOp<ParameterOp>());
  Rows input = emitter.rowsOf(op.getInput());
  Rows result = emitter.allocate(cast<RankedTensorType>(op.getType()));
  int64_t half = cast<MemRefType>(table.getType()).getDimSize(2);
  Value start = emitter.scalar(op.getPosition());
  emitter.forRows([&](Value token) {
    Value position = arith::AddIOp::create(builder, start, token);
    emitter.forRange(
        emitter.index(0), emitter.index(input.width), 2 * half,
        [&](Value head) {
          emitter.forLanes(half, [&](Value at, int64_t count) {
            Value cosine =
                emitter.load(table, {position, emitter.index(0), at}, count);
            Value sine =
                emitter.load(table, {position, emitter.index(1), at}, count);
            Value low = arith::AddIOp::create(builder, head, at);
            Value high = emitter.add(low, half);
            Value x = emitter.loadRow(input, token, low, count);
            Value y = emitter.loadRow(input, token, high, count);
            auto times = [&](Value a, Value b) -> Value {
              return arith::MulFOp::create(builder, a, b);
            };
            Value newLow = arith::SubFOp::create(builder, times(x, cosine),
                                                 times(y, sine));
            Value newHigh = arith::AddFOp::create(builder, times(y, cosine),
                                                  times(x, sine));
            emitter.storeRow(newLow, result, token, low, count);
            emitter.storeRow(newHigh, result, token, high, count);
          });
        });
  });
  emitter.bind(op.getResult(), result);
}

} // namespace tritc::loops
