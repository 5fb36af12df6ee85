//===- SplitThreads.cpp - Give each thread its share ----------------------===//
#include "passes/loops/Passes.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace tritc::loops {
#define GEN_PASS_DEF_SPLITTHREADS
#include "passes/loops/Passes.h.inc"

/// Provided by the runtime, see runtime/abi/Program.h.
static constexpr llvm::StringLiteral kBarrier = "tritc_barrier";

static void declareBarrier(ModuleOp module) {
  if (module.lookupSymbol(kBarrier))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto barrier = func::FuncOp::create(builder, module.getLoc(), kBarrier,
                                      builder.getFunctionType({pointer}, {}));
  barrier.setPrivate();
}

namespace {
/// The arguments that tell a thread who it is.
struct ThreadArguments {
  Value thread, threads, barrier;
};
} // namespace

static ThreadArguments addArguments(func::FuncOp function) {
  Builder builder(function.getContext());
  Type index = builder.getIndexType();
  Type pointer = LLVM::LLVMPointerType::get(function.getContext());
  for (Type type : {index, index, pointer})
    (void)function.insertArgument(function.getNumArguments(), type, {},
                                  function.getLoc());
  auto arguments = function.getArguments().take_back(3);
  return {arguments[0], arguments[1], arguments[2]};
}

static LogicalResult split(scf::ForallOp forall,
                           const ThreadArguments &arguments) {
  if (forall.getRank() != 1 || !forall.isNormalized() ||
      forall->getNumResults() != 0)
    return forall.emitError(
        "expected one dimension from 0 in steps of 1, no results");
  ImplicitLocOpBuilder builder(forall.getLoc(), forall);
  Value count = getValueOrCreateConstantIndexOp(
      builder, forall.getLoc(), forall.getMixedUpperBound().front());
  Value one = arith::ConstantIndexOp::create(builder, 1);
  auto boundary = [&](Value thread) -> Value {
    Value product = arith::MulIOp::create(builder, count, thread);
    return arith::DivUIOp::create(builder, product, arguments.threads);
  };
  Value lower = boundary(arguments.thread);
  Value upper = boundary(arith::AddIOp::create(builder, arguments.thread, one));
  auto loop = scf::ForOp::create(builder, lower, upper, one);
  forall.getBody()->getTerminator()->erase();
  loop.getBody()->getOperations().splice(
      loop.getBody()->getTerminator()->getIterator(),
      forall.getBody()->getOperations());
  forall.getInductionVar(0).replaceAllUsesWith(loop.getInductionVar());
  func::CallOp::create(builder, kBarrier, TypeRange(), arguments.barrier);
  forall.erase();
  return success();
}

namespace {
struct SplitThreads : impl::SplitThreadsBase<SplitThreads> {
  void runOnOperation() override {
    declareBarrier(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      ThreadArguments arguments = addArguments(function);
      SmallVector<scf::ForallOp> loops;
      function.walk([&](scf::ForallOp loop) { loops.push_back(loop); });
      for (scf::ForallOp loop : loops)
        if (failed(split(loop, arguments)))
          return signalPassFailure();
      Block &entry = function.getBody().front();
      function.walk([&](memref::AllocaOp alloca) {
        alloca->moveBefore(&entry, entry.begin());
      });
    }
  }
};
} // namespace
} // namespace tritc::loops
