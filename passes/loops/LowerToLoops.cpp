//===- LowerToLoops.cpp - From operations on tensors to loops -------------===//
//
// The source function takes (ids, position, first logit) and returns logits.
// The new one takes buffers: (weights, KV cache, tokens, logits, trace, token
// count, position, first logit). Later passes add scratch memory and threads,
// which completes TritcForward of runtime/abi/Program.h.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/CheckInput.h"
#include "passes/loops/LoopEmitter.h"
#include "passes/loops/LowerBias.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {
#define GEN_PASS_DEF_LOWERTOLOOPS
#include "passes/loops/Passes.h.inc"

static LogicalResult lowerBlock(LoopEmitter &emitter, Block &block);

/// Copies the residual stream to a place of the trace, unless that is null:
///
///   %p = memref.extract_aligned_pointer_as_index %trace
///   scf.if (%p != 0) {
///     scf.forall (%t) in (%tokens) { %trace[%slot, %t] = %rows[%t] }
///         {mapping = [#lut.share<rows>]}
///   }
static void traceRows(LoopEmitter &emitter, const Rows &rows, Value slot) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, emitter.trace);
  Value isWanted = arith::CmpIOp::create(builder, arith::CmpIPredicate::ne,
                                         address, emitter.index(0));
  auto branch = scf::IfOp::create(builder, isWanted, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(branch.thenBlock()->getTerminator());
  emitter.forRows([&](Value token) {
    emitter.forLanes(rows.width, [&](Value at, int64_t count) {
      Value x = emitter.loadRow(rows, token, at, count);
      emitter.store(x, emitter.trace, {slot, token, at}, count);
    });
  });
}

/// Heads write what the function returns; other rows are copied there, from
/// the first wanted one on.
static void lowerReturn(LoopEmitter &emitter, func::ReturnOp op) {
  if (!op.getOperand(0).getDefiningOp<RmsNormOp>())
    return;
  ImplicitLocOpBuilder &builder = emitter.builder;
  Rows rows = emitter.rowsOf(op.getOperand(0));
  Value first =
      emitter.scalar(op->getParentOfType<func::FuncOp>().getArgument(2));
  emitter.forRows([&](Value token) {
    // This token, or none.
    Value lower = arith::MaxUIOp::create(builder, first, token);
    emitter.forRange(lower, emitter.add(token, 1), 1, [&](Value row) {
      emitter.forLanes(rows.width, [&](Value at, int64_t count) {
        emitter.store(emitter.loadRow(rows, row, at, count), emitter.logits,
                      {row, at}, count);
      });
    });
  });
}

/// The carried activations keep their buffer from one iteration to the next.
/// The first of them is the residual stream.
static LogicalResult lowerLoop(LoopEmitter &emitter, scf::ForOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  for (auto [argument, init] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getInitArgs()))
    emitter.bind(argument, emitter.rowsOf(init));
  Value lower = emitter.scalar(op.getLowerBound());
  if (!op.getInitArgs().empty())
    traceRows(emitter, emitter.rowsOf(op.getInitArgs().front()), lower);
  auto loop =
      scf::ForOp::create(builder, lower, emitter.scalar(op.getUpperBound()),
                         emitter.scalar(op.getStep()));
  emitter.bindScalar(op.getInductionVar(), loop.getInductionVar());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(loop.getBody()->getTerminator());
  if (failed(lowerBlock(emitter, *op.getBody())))
    return failure();
  auto yield = cast<scf::YieldOp>(op.getBody()->getTerminator());
  if (!op.getInitArgs().empty())
    traceRows(emitter, emitter.rowsOf(yield.getOperand(0)),
              emitter.add(loop.getInductionVar(), 1));
  for (auto [argument, yielded, result] : llvm::zip_equal(
           op.getRegionIterArgs(), yield.getOperands(), op.getResults())) {
    if (emitter.rowsOf(yielded).memref != emitter.rowsOf(argument).memref)
      return op.emitError("a carried value must be updated in place");
    emitter.bind(result, emitter.rowsOf(argument));
  }
  return success();
}

static LogicalResult lowerOp(LoopEmitter &emitter, Operation &op) {
  emitter.builder.setLoc(op.getLoc());
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<EmbedOp, RmsNormOp, QuantizeOp, RopeOp, AttentionOp, GluOp, HeadOp,
            SplitOp, UnitOp, BiasOp, ByLayerOp, arith::AddFOp, lut::TableOp,
            lut::MatvecOp, lut::MatmulOp>([&](auto typed) {
        lower(emitter, typed);
        return success();
      })
      .Case([&](scf::ForOp loop) { return lowerLoop(emitter, loop); })
      .Case([&](arith::ConstantOp constant) {
        emitter.builder.clone(*constant, emitter.scalarMapping());
        return success();
      })
      .Case([&](func::ReturnOp end) {
        lowerReturn(emitter, end);
        return success();
      })
      // Parameters become views where they are used.
      .Case<ParameterOp, scf::YieldOp>([](auto) { return success(); })
      .Default([](Operation *unknown) {
        return unknown->emitOpError("has no lowering to loops");
      });
}

/// The weight of a product or a head, read whole.
static ParameterOp weightOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, ParameterOp>(op)
      .Case<lut::MatvecOp, lut::MatmulOp>([](auto product) {
        return product.getWeight().template getDefiningOp<ParameterOp>();
      })
      .Case([](HeadOp head) {
        return head.getTable().getDefiningOp<ParameterOp>();
      })
      .Default(ParameterOp());
}

/// What lut.mark calls the work of `op`: its name, or that of its weight.
static std::string kindOf(LoopEmitter &emitter, Operation *op) {
  if (isa<lut::MatvecOp, lut::MatmulOp>(op)) {
    StringRef name = emitter.weightOf(weightOf(op)).getSymName();
    name.consume_front("layers.");
    return name.str();
  }
  if (isa<func::ReturnOp>(op))
    return "states";
  // How much of the cache it reads is not a matter of the position alone.
  if (auto attention = dyn_cast<AttentionOp>(op);
      attention && attention.getWindow())
    return "windowed_attention";
  return op->getName().stripDialect().str();
}

/// Marks the end of each parallel loop between `before` and the insertion
/// point: of each iteration of a loop over tokens, which may be fused, of the
/// whole otherwise.
static void markLoops(LoopEmitter &emitter, Operation *op, Operation *before) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.getInsertionBlock();
  SmallVector<scf::ForallOp> loops;
  for (Operation &made : llvm::make_range(
           before ? std::next(before->getIterator()) : block->begin(),
           builder.getInsertionPoint()))
    if (auto loop = dyn_cast<scf::ForallOp>(made))
      loops.push_back(loop);
  std::string kind = kindOf(emitter, op);
  ParameterOp weight = weightOf(op);
  for (scf::ForallOp loop : loops) {
    if (isOverRows(loop)) {
      // What a product does with each token is to prepare its input.
      builder.setInsertionPoint(loop.getTerminator());
      lut::MarkOp::create(builder, weight ? "quantize" : kind);
      continue;
    }
    builder.setInsertionPointAfter(loop);
    int64_t bytes = 0;
    if (weight) {
      WeightOp declared = emitter.weightOf(weight);
      bytes = declared->getAttrOfType<lut::LayoutAttr>(lut::kLayoutAttr)
                  .getStride() *
              int64_t(declared.getCount().value_or(1));
    }
    lut::MarkOp::create(builder, kind, bytes);
  }
}

static LogicalResult lowerBlock(LoopEmitter &emitter, Block &block) {
  for (Operation &op : block) {
    auto here = emitter.builder.getInsertionPoint();
    bool isFirst = here == emitter.builder.getInsertionBlock()->begin();
    Operation *before = isFirst ? nullptr : &*std::prev(here);
    if (failed(lowerOp(emitter, op)))
      return failure();
    if (!isa<scf::ForOp>(op))
      markLoops(emitter, &op, before);
  }
  return success();
}

/// Columns of the residual stream, as the loop over layers carries it; 1
/// without a loop.
static int64_t residualWidth(func::FuncOp source) {
  for (auto loop : source.getOps<scf::ForOp>())
    if (!loop.getInitArgs().empty())
      return cast<RankedTensorType>(loop.getInitArgs().front().getType())
          .getDimSize(1);
  return 1;
}

static LogicalResult lowerFunction(func::FuncOp source, int64_t imageBytes,
                                   int64_t prefillTokens) {
  ImplicitLocOpBuilder builder(source.getLoc(), source.getContext());
  builder.setInsertionPoint(source);
  auto ids = cast<RankedTensorType>(source.getFunctionType().getInput(0));
  auto logits = cast<RankedTensorType>(source.getFunctionType().getResult(0));
  auto cache = cast<RankedTensorType>(
      source->getAttrOfType<TypeAttr>(kKvCacheAttr).getValue());
  bool isDynamic = ids.isDynamicDim(0);
  int64_t maxTokens = isDynamic ? prefillTokens : ids.getDimSize(0);
  Type index = builder.getIndexType();
  Type inputs[] = {
      MemRefType::get({imageBytes}, builder.getI8Type()),
      kvCacheBuffer(cache),
      MemRefType::get({maxTokens}, builder.getI32Type()),
      MemRefType::get({maxTokens, logits.getDimSize(1)}, builder.getF32Type()),
      MemRefType::get(
          {cache.getDimSize(0) + 1, maxTokens, residualWidth(source)},
          builder.getF32Type()),
      index,
      index,
      index};
  auto target = func::FuncOp::create(builder, source.getName(),
                                     builder.getFunctionType(inputs, {}));
  Block *entry = target.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  func::ReturnOp::create(builder);
  builder.setInsertionPointToStart(entry);

  LoopEmitter emitter(builder, target, maxTokens);
  emitter.weights = entry->getArgument(0);
  emitter.kvCache = entry->getArgument(1);
  emitter.tokens = entry->getArgument(2);
  emitter.logits = entry->getArgument(3);
  emitter.trace = entry->getArgument(4);
  emitter.tokenCount =
      isDynamic ? entry->getArgument(5) : emitter.index(maxTokens);
  builder.setInsertionPoint(entry->getTerminator());
  emitter.bindScalar(source.getArgument(1), entry->getArgument(6));
  emitter.bindScalar(source.getArgument(2), entry->getArgument(7));
  if (failed(lowerBlock(emitter, source.getBody().front())))
    return failure();
  source.erase();
  return success();
}

namespace {
struct LowerToLoops : impl::LowerToLoopsBase<LowerToLoops> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkInput(module)))
      return signalPassFailure();
    auto target = module->getAttrOfType<lut::TargetAttr>(lut::kTargetAttr);
    auto image = module->getAttrOfType<IntegerAttr>(lut::kImageBytesAttr);
    Builder builder(&getContext());
    for (auto function :
         llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
      auto cache = cast<RankedTensorType>(
          function->getAttrOfType<TypeAttr>(kKvCacheAttr).getValue());
      module->setAttr(
          lut::kKvCacheBytesAttr,
          builder.getI64IntegerAttr(kvCacheBuffer(cache).getNumElements() *
                                    cache.getElementTypeBitWidth() / 8));
      module->setAttr(lut::kContextSizeAttr,
                      builder.getI64IntegerAttr(cache.getDimSize(3)));
      if (failed(lowerFunction(function, image.getInt(),
                               target.getPrefillTokens())))
        return signalPassFailure();
    }
    module->setAttr(lut::kMaxTokensAttr,
                    builder.getI64IntegerAttr(target.getPrefillTokens()));
    for (auto weight : llvm::make_early_inc_range(module.getOps<WeightOp>()))
      weight.erase();
  }
};
} // namespace
} // namespace tritc::loops
