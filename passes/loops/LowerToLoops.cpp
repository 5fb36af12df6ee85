//===- LowerToLoops.cpp - From operations on buffers to loops -------------===//
//
// One conversion pattern per operation; what each emits is in the file of the
// operation's name. What is legal afterwards is said in one place.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/CheckInput.h"
#include "passes/loops/Lowerings.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {
#define GEN_PASS_DEF_LOWERTOLOOPS
#include "passes/loops/Passes.h.inc"

//===----------------------------------------------------------------------===//
// Marks
//===----------------------------------------------------------------------===//

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
  // How much of the cache it reads is not a matter of the position alone.
  if (auto attention = dyn_cast<AttentionOp>(op);
      attention && attention.getWindow())
    return "windowed_attention";
  return op->getName().stripDialect().str();
}

/// Marks the end of each parallel loop between `before` and `op`: of each
/// iteration of a loop over tokens, which may be fused, of the whole otherwise.
static void markLoops(LoopEmitter &emitter, Operation *op, Operation *before) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<scf::ForallOp> loops;
  for (Operation &made : llvm::make_range(
           before ? std::next(before->getIterator()) : op->getBlock()->begin(),
           op->getIterator()))
    if (auto loop = dyn_cast<scf::ForallOp>(made))
      loops.push_back(loop);
  ParameterOp weight = weightOf(op);
  for (scf::ForallOp loop : loops) {
    std::string kind = kindOf(emitter, op);
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

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

/// Whether all that is a tensor has become a buffer of neighbouring elements.
static bool isOnBuffers(Operation *op) {
  auto isBuffer = [](Type type) {
    auto buffer = dyn_cast<MemRefType>(type);
    return !isa<TensorType>(type) && (!buffer || buffer.isLastDimUnitStride());
  };
  return llvm::all_of(op->getOperandTypes(), isBuffer) &&
         llvm::all_of(op->getResultTypes(), isBuffer);
}

namespace {
/// %y = bitnet.rms_norm %x, %w epsilon 1.0e-5
/// // becomes
/// scf.forall (%t) in (%tokens) {
///   ... vector loads, math, vector stores ...
/// } {mapping = [#lut.share<rows>]}
template <typename OpTy, void (*lower)(LoopEmitter &, OpTy)>
struct LoopPattern final : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpConversionPattern<OpTy>::OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isOnBuffers(op))
      return rewriter.notifyMatchFailure(op, "expected buffers");
    if (!op->template getParentOfType<FunctionOpInterface>())
      return rewriter.notifyMatchFailure(op, "expected a function around it");
    Operation *before = op->getPrevNode();
    ImplicitLocOpBuilder builder(op.getLoc(), rewriter);
    LoopEmitter emitter(builder, rewriter, op);
    lower(emitter, op);
    markLoops(emitter, op, before);
    rewriter.replaceOp(op, emitter.getResults());
    return success();
  }
};
} // namespace

/// The operation that a lowering takes.
template <typename OpTy>
static OpTy opOf(void (*lower)(LoopEmitter &, OpTy));

template <auto... lower>
static void addPatterns(RewritePatternSet &set) {
  set.add<LoopPattern<decltype(opOf(lower)), lower>...>(set.getContext());
}

/// What is left is loops, vectors and buffers; and parameters that are no
/// buffers, whose readers know where they lie.
static void setLegality(ConversionTarget &target) {
  target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  target.addIllegalDialect<BitnetDialect>();
  target.addLegalOp<WeightOp>();
  target.addDynamicallyLegalOp<ParameterOp>([](ParameterOp op) {
    return !isa<ShapedType>(op.getResult().getType());
  });
  target.addIllegalOp<lut::TableOp, lut::MatvecOp, lut::MatmulOp>();
}

/// Views that nobody looks through, and parameters that all know.
static void eraseUnused(ModuleOp module) {
  SmallVector<Operation *> views;
  module.walk([&](Operation *op) {
    if (isa<memref::SubViewOp, memref::CastOp, memref::DimOp, ParameterOp>(op))
      views.push_back(op);
  });
  for (Operation *op : llvm::reverse(views))
    if (op->use_empty())
      op->erase();
}

namespace {
struct LowerToLoops : impl::LowerToLoopsBase<LowerToLoops> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkBuffers(module)))
      return signalPassFailure();
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    addPatterns<lowerAdd, lowerAttention, lowerBias, lowerByLayer, lowerCopy,
                lowerEmbed, lowerGlu, lowerHead, lowerParameter, lowerQuantize,
                lowerRmsNorm, lowerRope, lowerStates, lowerTrace, lowerUnit,
                lowerMatmul, lowerMatvec, lowerTable>(patterns);
    ConversionTarget target(*context);
    setLegality(target);
    if (failed(applyPartialConversion(module, target, std::move(patterns))))
      return signalPassFailure();
    eraseUnused(module);
    for (auto weight : llvm::make_early_inc_range(module.getOps<WeightOp>()))
      weight.erase();
  }
};
} // namespace
} // namespace tritc::loops
