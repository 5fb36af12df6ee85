//===- LowerTrace.cpp - The residual stream, for comparison ---------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Copies the residual stream to a place of the trace, unless that is null:
///
///   %p = memref.extract_aligned_pointer_as_index %trace
///   scf.if (%p != 0) {
///     scf.forall (%t) in (%tokens) { %trace[%slot, %t] = %rows[%t] }
///         {mapping = [#lut.share<rows>]}
void lowerTrace(LoopEmitter &emitter, TraceOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows rows = emitter.rowsOf(op.getInput());
  Value trace = emitter.converted(op.getTrace());
  Value slot = emitter.converted(op.getSlot());
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, trace);
  Value isWanted = arith::CmpIOp::create(builder, arith::CmpIPredicate::ne,
                                         address, emitter.index(0));
  auto branch = scf::IfOp::create(builder, isWanted, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(branch.thenBlock()->getTerminator());
  emitter.forRows([&](Value token) {
    emitter.forLanes(rows.width, [&](Value at, int64_t count) {
      Value x = emitter.loadRow(rows, token, at, count);
      emitter.store(x, trace, {slot, token, at}, count);
    });
  });
}

} // namespace tritc::loops
