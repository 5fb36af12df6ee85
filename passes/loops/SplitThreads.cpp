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
  // The mark of the loop stands before the barrier, and what the barrier took
  // gets a mark of its own.
  auto mark = dyn_cast_or_null<lut::MarkOp>(forall->getNextNode());
  if (mark)
    builder.setInsertionPointAfter(mark);
  func::CallOp::create(builder, kBarrier, TypeRange(), arguments.barrier);
  if (mark)
    lut::MarkOp::create(builder, "barrier");
  forall.erase();
  return success();
}

namespace {
/// Turns marks into calls of whoever profiles.
class Marks {
public:
  explicit Marks(ModuleOp module) : module(module) {}

  void lower(lut::MarkOp mark, const ThreadArguments &arguments);
  /// Writes the kinds of work into the module.
  void finish();

private:
  int64_t numberOf(lut::MarkOp mark);
  void declareHook();

  ModuleOp module;
  llvm::MapVector<StringRef, int64_t> bytes; ///< read per call, by kind
};
} // namespace

int64_t Marks::numberOf(lut::MarkOp mark) {
  auto [found, isNew] = bytes.insert({mark.getKind(), mark.getBytes()});
  found->second = std::max<int64_t>(found->second, mark.getBytes());
  return found - bytes.begin();
}

void Marks::declareHook() {
  if (module.lookupSymbol(lut::kMarkHook))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  auto pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto hook = LLVM::GlobalOp::create(
      builder, module.getLoc(), pointer, /*isConstant=*/false,
      LLVM::Linkage::External, lut::kMarkHook, Attribute());
  builder.createBlock(&hook.getInitializerRegion());
  Value null = LLVM::ZeroOp::create(builder, module.getLoc(), pointer);
  LLVM::ReturnOp::create(builder, module.getLoc(), null);
}

void Marks::lower(lut::MarkOp mark, const ThreadArguments &arguments) {
  declareHook();
  ImplicitLocOpBuilder builder(mark.getLoc(), mark);
  auto pointer = LLVM::LLVMPointerType::get(module.getContext());
  Value address = LLVM::AddressOfOp::create(builder, pointer, lut::kMarkHook);
  Value hook = LLVM::LoadOp::create(builder, pointer, address);
  Value null = LLVM::ZeroOp::create(builder, pointer);
  Value isSet =
      LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, hook, null);
  int64_t number = numberOf(mark);
  scf::IfOp::create(builder, isSet, [&](OpBuilder &inner, Location loc) {
    Type i64 = inner.getI64Type();
    Value thread =
        arith::IndexCastOp::create(inner, loc, i64, arguments.thread);
    Value kind =
        arith::ConstantOp::create(inner, loc, inner.getI64IntegerAttr(number));
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(inner.getContext()), {i64, i64});
    LLVM::CallOp::create(inner, loc, type, ValueRange{hook, thread, kind});
    scf::YieldOp::create(inner, loc);
  });
  mark.erase();
}

void Marks::finish() {
  if (bytes.empty())
    return;
  Builder builder(module.getContext());
  SmallVector<StringRef> names;
  SmallVector<int64_t> counts;
  for (auto [name, count] : bytes) {
    names.push_back(name);
    counts.push_back(count);
  }
  module->setAttr(lut::kWorkNamesAttr, builder.getStrArrayAttr(names));
  module->setAttr(lut::kWorkBytesAttr, builder.getDenseI64ArrayAttr(counts));
}

/// Moves the buffers that bodies of loops allocate on the stack to the
/// function's entry, where each thread has its own. One loop follows another,
/// so buffers of one type serve all of them.
static void shareStackBuffers(func::FuncOp function,
                              ArrayRef<scf::ForallOp> loops) {
  Block &entry = function.getBody().front();
  llvm::MapVector<Type, SmallVector<memref::AllocaOp>> buffers;
  for (scf::ForallOp loop : loops) {
    llvm::SmallDenseMap<Type, size_t> used;
    SmallVector<memref::AllocaOp> all;
    loop.walk([&](memref::AllocaOp own) { all.push_back(own); });
    for (memref::AllocaOp own : all) {
      SmallVector<memref::AllocaOp> &same = buffers[own.getType()];
      size_t index = used[own.getType()]++;
      if (index < same.size() &&
          same[index].getAlignment() == own.getAlignment()) {
        own.replaceAllUsesWith(same[index].getResult());
        own.erase();
        continue;
      }
      own->moveBefore(&entry, entry.begin());
      same.push_back(own);
    }
  }
}

namespace {
struct SplitThreads : impl::SplitThreadsBase<SplitThreads> {
  void runOnOperation() override {
    declareBarrier(getOperation());
    Marks marks(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      ThreadArguments arguments = addArguments(function);
      SmallVector<scf::ForallOp> loops;
      function.walk([&](scf::ForallOp loop) { loops.push_back(loop); });
      shareStackBuffers(function, loops);
      for (scf::ForallOp loop : loops)
        if (failed(split(loop, arguments)))
          return signalPassFailure();
      function.walk([&](lut::MarkOp mark) { marks.lower(mark, arguments); });
    }
    marks.finish();
  }
};
} // namespace
} // namespace tritc::loops
