//===- Bufferize.cpp - From tensors to buffers ----------------------------===//
//
// The source function takes (ids, places, first logit) and returns logits.
// Bound, it takes buffers: (weights, KV cache, tokens, places, logits, trace,
// token count, first logit). Later passes add scratch memory and threads,
// which completes TritcForward of runtime/abi/Program.h.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/BindFunction.h"
#include "passes/loops/CheckInput.h"
#include "passes/loops/RowBuffers.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/Bufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {
#define GEN_PASS_DEF_BUFFERIZE
#include "passes/loops/Passes.h.inc"

static bufferization::OneShotBufferizationOptions options() {
  bufferization::OneShotBufferizationOptions options;
  options.unknownTypeConverterFn = [](TensorType type, Attribute,
                                      const auto &) -> BaseMemRefType {
    return rowsType(type);
  };
  options.memCpyFn = [](OpBuilder &builder, Location loc, Value from,
                        Value to) {
    CopyOp::create(builder, loc, from, to);
    return success();
  };
  return options;
}

/// Copies that the analysis asks for, into buffers like all others:
///
///   %y = bufferization.alloc_tensor() copy(%x)
///   // becomes
///   %y = bitnet.copy %x
static void ownCopies(func::FuncOp function) {
  SmallVector<bufferization::AllocTensorOp> copies;
  function.walk([&](bufferization::AllocTensorOp op) {
    if (op.getCopy())
      copies.push_back(op);
  });
  for (bufferization::AllocTensorOp op : copies) {
    OpBuilder builder(op);
    op.replaceAllUsesWith(
        CopyOp::create(builder, op.getLoc(), op.getCopy(), Value())
            .getResult());
    op.erase();
  }
}

/// What a loop hands on unchanged need not be carried:
///
///   scf.for ... iter_args(%h = %x) { ...; scf.yield %h }
///   // becomes
///   scf.for ... { ... %x ... }
static void dropCarriedBuffers(scf::ForOp loop) {
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  if (loop.getInitArgs().empty() ||
      !llvm::equal(yield.getOperands(), loop.getRegionIterArgs()))
    return;
  for (auto [init, inside, after] : llvm::zip_equal(
           loop.getInitArgs(), loop.getRegionIterArgs(), loop.getResults())) {
    inside.replaceAllUsesWith(init);
    after.replaceAllUsesWith(init);
  }
  OpBuilder builder(loop);
  auto plain = scf::ForOp::create(builder, loop.getLoc(), loop.getLowerBound(),
                                  loop.getUpperBound(), loop.getStep());
  loop.getInductionVar().replaceAllUsesWith(plain.getInductionVar());
  yield.erase();
  plain.getBody()->getOperations().splice(
      plain.getBody()->getTerminator()->getIterator(),
      loop.getBody()->getOperations());
  loop.erase();
}

namespace {
struct Bufferize : impl::BufferizeBase<Bufferize> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkInput(module)))
      return signalPassFailure();
    for (auto function : module.getOps<func::FuncOp>())
      if (failed(bufferize(function)))
        return signalPassFailure();
    auto target = module->getAttrOfType<lut::TargetAttr>(lut::kTargetAttr);
    module->setAttr(
        lut::kMaxTokensAttr,
        Builder(&getContext()).getI64IntegerAttr(target.getPrefillTokens()));
  }

private:
  LogicalResult bufferize(func::FuncOp function);
};
} // namespace

LogicalResult Bufferize::bufferize(func::FuncOp function) {
  ModuleOp module = getOperation();
  auto target = module->getAttrOfType<lut::TargetAttr>(lut::kTargetAttr);
  auto image = module->getAttrOfType<IntegerAttr>(lut::kImageBytesAttr);
  auto cache = cast<RankedTensorType>(
      function->getAttrOfType<TypeAttr>(kKvCacheAttr).getValue());
  Builder builder(&getContext());
  module->setAttr(
      lut::kKvCacheBytesAttr,
      builder.getI64IntegerAttr(kvCacheBuffer(cache).getNumElements() *
                                cache.getElementTypeBitWidth() / 8));
  module->setAttr(lut::kContextSizeAttr,
                  builder.getI64IntegerAttr(cache.getDimSize(3)));
  bindFunction(function, image.getInt(), target);
  bufferization::BufferizationState state;
  if (failed(bufferization::insertTensorCopies(function, options(), state)))
    return failure();
  ownCopies(function);
  if (failed(bufferization::bufferizeOp(function, options(), state)))
    return failure();
  SmallVector<scf::ForOp> loops;
  function.walk([&](scf::ForOp loop) { loops.push_back(loop); });
  llvm::for_each(loops, dropCarriedBuffers);
  function.walk([&](CopyOp) { ++copies; });
  return success();
}

} // namespace tritc::loops
