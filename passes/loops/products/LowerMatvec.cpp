//===- LowerMatvec.cpp - One token by table lookup ------------------------===//
#include "passes/loops/Lowerings.h"
#include "passes/loops/products/Lookup.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

void lowerMatvec(LoopEmitter &emitter, lut::MatvecOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  auto weight = op.getWeight().getDefiningOp<ParameterOp>();
  Rows result = emitter.allocate(op.getType());
  Rows steps = emitter.rowsOf(op.getSteps());
  Value weights = emitter.parameter(weight);
  Epilogue epilogue(emitter, weight);
  std::unique_ptr<LookupKernel> kernel =
      op.getPacking().getKind() == lut::PackingKind::IndexWords
          ? createWordLookup(emitter, op, weights)
          : createNibbleLookup(emitter, op, weights);
  int64_t tiles = cast<MemRefType>(weights.getType()).getDimSize(0);
  emitter.forParallel(
      lut::Share::Tiles, builder.getIndexAttr(tiles), [&](Value tile) {
        SmallVector<Value> sums = kernel->emitTile(tile);
        Value step =
            memref::LoadOp::create(builder, steps.memref, emitter.index(0));
        Value base = emitter.mul(tile, op.getPacking().getRows());
        for (auto [i, sum] : llvm::enumerate(sums)) {
          Value row = emitter.add(base, int64_t(i) * lanes);
          emitter.storeRow(epilogue.apply(sum, row, step), result,
                           emitter.index(0), row, lanes);
        }
      });
  emitter.setResult(result);
}

} // namespace tritc::loops
