//===- BindFunction.cpp - The buffers that a function works on ------------===//
#include "passes/loops/BindFunction.h"

#include "passes/loops/CheckInput.h"
#include "passes/loops/RowBuffers.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// Columns of the residual stream, as the loop over layers carries it; 1
/// without a loop.
static int64_t residualWidth(func::FuncOp source) {
  for (auto loop : source.getOps<scf::ForOp>())
    if (!loop.getInitArgs().empty())
      return cast<RankedTensorType>(loop.getInitArgs().front().getType())
          .getDimSize(1);
  return 1;
}

namespace {
/// The arguments of the bound function, in their order.
struct Buffers {
  Value weights, cache, tokens, places, logits, trace, count, first;
};

class Binder {
public:
  Binder(func::FuncOp function, int64_t imageBytes, lut::TargetAttr target);

  void run();

private:
  Value tensorOf(Value buffer, RankedTensorType type, bool isWritable);
  void bindResult();
  void bindSum(arith::AddFOp op);
  void bindCarried(scf::ForOp loop);

  func::FuncOp function;
  ImplicitLocOpBuilder builder;
  const RankedTensorType ids, places, result;
  Buffers buffers;
  OpFoldResult tokens;
};
} // namespace

Binder::Binder(func::FuncOp function, int64_t imageBytes,
               lut::TargetAttr target)
    : function(function), builder(function.getLoc(), function.getContext()),
      ids(cast<RankedTensorType>(function.getArgumentTypes()[0])),
      places(cast<RankedTensorType>(function.getArgumentTypes()[1])),
      result(cast<RankedTensorType>(function.getResultTypes()[0])) {
  auto cache = cast<RankedTensorType>(
      function->getAttrOfType<TypeAttr>(kKvCacheAttr).getValue());
  function->removeAttr(kKvCacheAttr);
  int64_t maxTokens = maxTokensOf(ids, target);
  Type index = builder.getIndexType(), f32 = builder.getF32Type();
  Type types[] = {
      MemRefType::get({imageBytes}, builder.getI8Type()),
      kvCacheBuffer(cache),
      MemRefType::get({maxTokens}, builder.getI32Type()),
      MemRefType::get({maxTokens, places.getDimSize(1)}, builder.getI32Type()),
      MemRefType::get({maxTokens, result.getDimSize(1)}, f32),
      MemRefType::get(
          {cache.getDimSize(0) + 1, maxTokens, residualWidth(function)}, f32),
      index,
      index};
  Block &entry = function.getBody().front();
  SmallVector<Value> made;
  for (Type type : types)
    made.push_back(entry.addArgument(type, function.getLoc()));
  buffers = {made[0], made[1], made[2], made[3],
             made[4], made[5], made[6], made[7]};
  tokens = ids.isDynamicDim(0) ? OpFoldResult(buffers.count)
                               : builder.getIndexAttr(ids.getDimSize(0));
  builder.setInsertionPointToStart(&entry);
  entry.getArgument(0).replaceAllUsesWith(
      tensorOf(buffers.tokens, ids, /*isWritable=*/false));
  entry.getArgument(1).replaceAllUsesWith(
      tensorOf(buffers.places, places, /*isWritable=*/false));
  entry.getArgument(2).replaceAllUsesWith(buffers.first);
  entry.eraseArguments(0, 3);
  function.setType(builder.getFunctionType(types, {}));
}

/// The rows of a buffer of the caller's that a call has.
Value Binder::tensorOf(Value buffer, RankedTensorType type, bool isWritable) {
  int64_t width = type.getRank() == 2 ? type.getDimSize(1) : 1;
  Value view = viewOf(builder, builder.getLoc(), {buffer, 0, width},
                      rowsType(type), tokens);
  return bufferization::ToTensorOp::create(builder, type, view,
                                           /*restrict=*/true, isWritable);
}

/// Logits go where the caller wants them; the last norm of a model without a
/// head is copied there.
void Binder::bindResult() {
  auto end = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  Value returned = end.getOperand(0);
  Operation *last = returned.getDefiningOp();
  Value logits = tensorOf(buffers.logits, result, /*isWritable=*/true);
  if (auto head = dyn_cast<HeadOp>(last)) {
    head.getIntoMutable().assign(logits);
  } else if (auto unit = dyn_cast<UnitOp>(last)) {
    unit.getIntoMutable().assign(logits);
  } else {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(end);
    StatesOp::create(builder, returned, buffers.first, logits);
  }
  end->eraseOperands(0, 1);
}

/// Whether `op` is the last to read `operand`. Pieces of a split share a
/// buffer, and a value from outside a loop is read again by the next iteration.
static bool isLastUse(arith::AddFOp op, Value operand) {
  return operand.getParentBlock() == op->getBlock() &&
         !operand.getDefiningOp<SplitOp>() &&
         llvm::all_of(operand.getUsers(), [&](Operation *user) {
           return user == op ||
                  (user->getBlock() == op->getBlock() &&
                   user->isBeforeInBlock(op) && !isa<SplitOp>(user));
         });
}

/// The value in whose place `value` is computed, if all goes well.
static Value originOf(Value value) {
  while (auto sum = value.getDefiningOp<AddOp>()) {
    if (!sum.getInto())
      break;
    value = sum.getInto();
  }
  return value;
}

/// %z = arith.addf %x, %y
/// // becomes
/// %z = bitnet.add %x, %y into %x
///
/// or into %y, where that is what a loop carries or %x is read again; into a
/// new buffer if both are.
void Binder::bindSum(arith::AddFOp op) {
  Value into;
  for (Value operand : {op.getLhs(), op.getRhs()})
    if (isLastUse(op, operand) &&
        (!into || (isa<BlockArgument>(originOf(operand)) &&
                   !isa<BlockArgument>(originOf(into)))))
      into = operand;
  builder.setInsertionPoint(op);
  builder.setLoc(op.getLoc());
  Value sum =
      AddOp::create(builder, op.getType(), op.getLhs(), op.getRhs(), into);
  op.replaceAllUsesWith(sum);
  op.erase();
}

/// What a loop carries keeps its place, by a copy if need be; the first of it
/// is the residual stream, which is traced before and after each layer.
void Binder::bindCarried(scf::ForOp loop) {
  if (loop.getInitArgs().empty())
    return;
  builder.setLoc(loop.getLoc());
  builder.setInsertionPoint(loop);
  TraceOp::create(builder, loop.getInitArgs().front(), buffers.trace,
                  loop.getLowerBound());
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  builder.setInsertionPoint(yield);
  Value next = builder.createOrFold<arith::AddIOp>(
      loop.getInductionVar(), arith::ConstantIndexOp::create(builder, 1));
  TraceOp::create(builder, yield.getOperand(0), buffers.trace, next);
  SmallVector<std::pair<Value, OpOperand *>> moved;
  for (auto [carried, operand] :
       llvm::zip_equal(loop.getRegionIterArgs(), yield->getOpOperands()))
    if (originOf(operand.get()) != carried)
      moved.push_back({carried, &operand});
  // What lies in the place of something that is carried is kept first.
  for (auto [carried, operand] : moved)
    if (Value value = operand->get(); isa<BlockArgument>(originOf(value)) ||
                                      originOf(value).getDefiningOp<SplitOp>())
      operand->set(CopyOp::create(builder, value, /*into=*/Value()));
  for (auto [carried, operand] : moved) {
    Value value = operand->get();
    operand->set(bufferization::MaterializeInDestinationOp::create(
                     builder, value.getType(), value, carried)
                     .getResult());
  }
}

void Binder::run() {
  bindResult();
  function.walk(
      [&](ParameterOp op) { op.getSectionMutable().assign(buffers.weights); });
  function.walk(
      [&](AttentionOp op) { op.getCacheMutable().assign(buffers.cache); });
  SmallVector<arith::AddFOp> sums;
  function.walk([&](arith::AddFOp op) { sums.push_back(op); });
  for (arith::AddFOp op : sums)
    bindSum(op);
  SmallVector<scf::ForOp> loops;
  function.walk([&](scf::ForOp loop) { loops.push_back(loop); });
  for (scf::ForOp loop : loops)
    bindCarried(loop);
}

void bindFunction(func::FuncOp function, int64_t imageBytes,
                  lut::TargetAttr target) {
  Binder(function, imageBytes, target).run();
}

} // namespace tritc::loops
