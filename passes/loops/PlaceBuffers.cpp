//===- PlaceBuffers.cpp - One scratch area for all buffers ----------------===//
#include "passes/loops/Passes.h"

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

/// The innermost block that holds all uses, directly or nested: a buffer that
/// is only used inside one sequential loop lives within an iteration, provided
/// that it is written there before it is read.
static Block *commonScope(memref::AllocOp alloc) {
  Block *scope = nullptr;
  for (Operation *user : alloc->getUsers()) {
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

static SmallVector<Buffer> collect(func::FuncOp function) {
  Steps steps(function);
  SmallVector<Buffer> buffers;
  function.walk([&](memref::AllocOp alloc) {
    MemRefType type = alloc.getType();
    Buffer buffer{alloc,
                  type.getNumElements() * type.getElementTypeBitWidth() / 8,
                  INT64_MAX, INT64_MIN};
    Block *scope = commonScope(alloc);
    for (Operation *user : alloc->getUsers()) {
      auto [first, last] = steps.spanOf(user, scope);
      buffer.first = std::min(buffer.first, first);
      buffer.last = std::max(buffer.last, last);
    }
    buffers.push_back(buffer);
  });
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

static int64_t placeBuffers(func::FuncOp function) {
  SmallVector<Buffer> buffers = collect(function);
  int64_t bytes = place(buffers);
  OpBuilder builder(function.getContext());
  Location loc = function.getLoc();
  auto type = MemRefType::get({bytes}, builder.getI8Type());
  (void)function.insertArgument(1, type, {}, loc);
  Value scratch = function.getArgument(1);
  for (Buffer &buffer : buffers) {
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
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal())
        largest = std::max(largest, placeBuffers(function));
    getOperation()->setAttr(lut::kScratchBytesAttr,
                            Builder(&getContext()).getI64IntegerAttr(largest));
  }
};
} // namespace
} // namespace tritc::loops
