//===- SpecializePhases.cpp - One function per phase of a run -------------===//
#include "passes/model/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace tritc::model {
#define GEN_PASS_DEF_SPECIALIZEPHASES
#include "passes/model/Passes.h.inc"

/// tensor<?x...> with one token.
static Type oneToken(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || tensor.getRank() == 0 || !tensor.isDynamicDim(0))
    return type;
  SmallVector<int64_t> shape(tensor.getShape());
  shape[0] = 1;
  return RankedTensorType::get(shape, tensor.getElementType());
}

static void setOneToken(func::FuncOp function) {
  function.walk([](Operation *op) {
    for (Value result : op->getResults())
      result.setType(oneToken(result.getType()));
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Value argument : block.getArguments())
          argument.setType(oneToken(argument.getType()));
  });
  FunctionType type = function.getFunctionType();
  auto convert = [](ArrayRef<Type> types) {
    return llvm::map_to_vector(types, oneToken);
  };
  function.setType(FunctionType::get(function.getContext(),
                                     convert(type.getInputs()),
                                     convert(type.getResults())));
}

namespace {
struct SpecializePhases : impl::SpecializePhasesBase<SpecializePhases> {
  void runOnOperation() override {
    auto forward = getOperation().lookupSymbol<func::FuncOp>("forward");
    if (!forward) {
      getOperation().emitError("no function @forward to specialize");
      return signalPassFailure();
    }
    OpBuilder builder(forward);
    auto decode = cast<func::FuncOp>(builder.clone(*forward));
    decode.setName("decode");
    setOneToken(decode);
    forward.setName("prefill");
  }
};
} // namespace
} // namespace tritc::model
