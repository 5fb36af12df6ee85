//===- LowerGlu.cpp - The gated activation --------------------------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

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
void lowerGlu(LoopEmitter &emitter, GluOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows gate = emitter.rowsOf(op.getGate()), up = emitter.rowsOf(op.getUp());
  Rows result = emitter.allocate(op.getType());
  emitter.forRows([&](Value token) {
    emitter.forLanes(result.width, [&](Value at, int64_t count) {
      Value g = emitter.loadRow(gate, token, at, count);
      Value u = emitter.loadRow(up, token, at, count);
      Value y = activate(emitter, op.getActivation(), g);
      y = arith::MulFOp::create(builder, y, u);
      emitter.storeRow(y, result, token, at, count);
    });
  });
  emitter.setResult(result);
}

} // namespace tritc::loops
