//===- PlaceBuffers.cpp - One scratch area for all buffers ----------------===//
//
// How long a buffer lives is read from all that reads or writes it, through
// whatever views; what hands it on in a way that cannot be followed is an
// error.
//
//===----------------------------------------------------------------------===//
#include "passes/loops/Passes.h"

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tritc::loops {
#define GEN_PASS_DEF_PLACEBUFFERS
#include "passes/loops/Passes.h.inc"

/// Cache lines are not shared between buffers, so neither between threads.
static constexpr int64_t bufferAlignment = 64;

namespace {
/// A buffer, the steps [first, last] that use it, and its place.
struct Buffer {
  memref::AllocOp alloc;
  int64_t bytes;
  int64_t first, last;
  int64_t offset = -1;

  bool overlapsInTime(const Buffer &other) const {
    return first <= other.last && other.first <= last;
  }
};

/// Numbers the steps of a function. A parallel loop is one step, since its
/// iterations run in any order; a sequential loop spans those of its body.
class Steps {
public:
  explicit Steps(func::FuncOp function) { number(function.getBody().front()); }

  /// The span of steps in which `user`, as seen from `scope`, runs.
  std::pair<int64_t, int64_t> spanOf(Operation *user, Block *scope) const {
    // A use inside a loop that the buffer outlives may recur until it ends.
    Operation *outermost = scope->findAncestorOpInBlock(*user);
    return spans.lookup(outermost);
  }

private:
  void number(Block &block) {
    for (Operation &op : block) {
      int64_t first = next++;
      if (auto loop = dyn_cast<scf::ForOp>(op))
        number(*loop.getBody());
      spans[&op] = {first, next - 1};
    }
  }

  int64_t next = 0;
  DenseMap<Operation *, std::pair<int64_t, int64_t>> spans;
};
} // namespace

/// Why a buffer cannot become a part of the scratch area; empty if it can.
static StringRef unplaceable(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      type.getMemorySpace())
    return "expected a static shape, row after row";
  if (!type.getElementType().isIntOrFloat() ||
      type.getElementTypeBitWidth() % 8 != 0)
    return "expected elements of whole bytes";
  if (alloc.getAlignment().value_or(1) > uint64_t(bufferAlignment))
    return "expected no larger alignment than that of a cache line";
  return {};
}

/// Whether `op` does no more with a buffer than to read it, to write it, or to
/// hand it to views and regions, which BufferViewFlowAnalysis follows.
static bool isFollowed(Operation *op, Value buffer) {
  if (isa<memref::ExtractAlignedPointerAsIndexOp, func::ReturnOp>(op))
    return false;
  if (isa<RegionBranchOpInterface, RegionBranchTerminatorOpInterface,
          memref::PrefetchOp>(op))
    return true;
  if (auto store = dyn_cast<memref::StoreOp>(op);
      store && store.getValue() == buffer)
    return false;
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  return effects && !effects.getEffectOnValue<MemoryEffects::Free>(buffer);
}

/// The innermost block that holds all accesses, directly or nested: a buffer
/// that is only used inside one sequential loop lives within an iteration,
/// provided that it is written there before it is read.
static Block *commonScope(ArrayRef<Operation *> accesses) {
  Block *scope = nullptr;
  for (Operation *user : accesses) {
    // Parallel loops are atomic: climb out of them first.
    Operation *op = user;
    while (auto loop = op->getParentOfType<scf::ForallOp>())
      op = loop;
    Block *block = op->getBlock();
    // Leave inner sequential loops of single uses to the function's level.
    while (scope && !scope->findAncestorOpInBlock(*op) && scope != block)
      scope = scope->getParentOp()->getBlock();
    if (!scope)
      scope = block;
  }
  return scope;
}

/// All that reads or writes a buffer, through whatever views; views themselves
/// touch nothing.
static FailureOr<SmallVector<Operation *>>
accessesOf(memref::AllocOp alloc, const BufferViewFlowAnalysis &views) {
  SmallVector<Operation *> accesses;
  for (Value alias : views.resolve(alloc))
    for (Operation *user : alias.getUsers()) {
      if (!isFollowed(user, alias)) {
        auto diagnostic =
            alloc.emitOpError("has a use that cannot be followed");
        diagnostic.attachNote(user->getLoc()) << "used here";
        return failure();
      }
      if (!isa<ViewLikeOpInterface>(user) || !isMemoryEffectFree(user))
        accesses.push_back(user);
    }
  return accesses;
}

static FailureOr<SmallVector<Buffer>> collect(func::FuncOp function) {
  Steps steps(function);
  BufferViewFlowAnalysis views(function);
  SmallVector<Buffer> buffers;
  WalkResult walked = function.walk([&](memref::AllocOp alloc) {
    if (StringRef reason = unplaceable(alloc); !reason.empty()) {
      alloc.emitOpError() << reason << ", found " << alloc.getType();
      return WalkResult::interrupt();
    }
    auto accesses = accessesOf(alloc, views);
    if (failed(accesses))
      return WalkResult::interrupt();
    MemRefType type = alloc.getType();
    Buffer buffer{alloc,
                  type.getNumElements() * type.getElementTypeBitWidth() / 8,
                  INT64_MAX, INT64_MIN};
    Block *scope = commonScope(*accesses);
    for (Operation *user : *accesses) {
      auto [first, last] = steps.spanOf(user, scope);
      buffer.first = std::min(buffer.first, first);
      buffer.last = std::max(buffer.last, last);
    }
    buffers.push_back(buffer);
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  return buffers;
}

/// First fit, large buffers first. Returns the bytes needed.
static int64_t place(MutableArrayRef<Buffer> buffers) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : buffers)
    order.push_back(&buffer);
  // Ties in program order: the pointers point into one array.
  llvm::sort(order, [](const Buffer *a, const Buffer *b) {
    return a->bytes != b->bytes ? a->bytes > b->bytes : a < b;
  });
  int64_t total = bufferAlignment;
  SmallVector<Buffer *> placed;
  for (Buffer *buffer : order) {
    int64_t offset = 0;
    for (const Buffer *other : placed)
      if (other->overlapsInTime(*buffer) &&
          offset < other->offset + other->bytes &&
          other->offset < offset + buffer->bytes)
        offset = llvm::alignTo(other->offset + other->bytes, bufferAlignment);
    buffer->offset = offset;
    placed.push_back(buffer);
    llvm::sort(placed, [](const Buffer *a, const Buffer *b) {
      return a->offset < b->offset;
    });
    total = std::max<int64_t>(
        total, llvm::alignTo(offset + buffer->bytes, bufferAlignment));
  }
  return total;
}

/// The scratch memory is the second argument.
static FailureOr<int64_t> placeBuffers(func::FuncOp function) {
  FailureOr<SmallVector<Buffer>> buffers = collect(function);
  if (failed(buffers))
    return failure();
  if (function.getNumArguments() == 0)
    return function.emitOpError(
        "expected an argument in front of scratch memory, found none");
  int64_t bytes = place(*buffers);
  OpBuilder builder(function.getContext());
  Location loc = function.getLoc();
  auto type = MemRefType::get({bytes}, builder.getI8Type());
  (void)function.insertArgument(1, type, {}, loc);
  Value scratch = function.getArgument(1);
  for (Buffer &buffer : *buffers) {
    builder.setInsertionPoint(buffer.alloc);
    Value offset = arith::ConstantIndexOp::create(builder, loc, buffer.offset);
    Value view = memref::ViewOp::create(builder, loc, buffer.alloc.getType(),
                                        scratch, offset, ValueRange());
    buffer.alloc.replaceAllUsesWith(view);
    buffer.alloc.erase();
  }
  return bytes;
}

namespace {
struct PlaceBuffers : impl::PlaceBuffersBase<PlaceBuffers> {
  void runOnOperation() override {
    int64_t largest = 0;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      FailureOr<int64_t> bytes = placeBuffers(function);
      if (failed(bytes))
        return signalPassFailure();
      largest = std::max(largest, *bytes);
    }
    getOperation()->setAttr(lut::kScratchBytesAttr,
                            Builder(&getContext()).getI64IntegerAttr(largest));
  }
};
} // namespace
} // namespace tritc::loops
