//===- LowerByLayer.cpp - Numbers that belong to layers -------------------===//
#include "passes/loops/Lowerings.h"

using namespace mlir;
using namespace tritc::bitnet;

namespace tritc::loops {

/// The list as a constant of the module; equal lists are one.
static memref::GlobalOp constantList(ModuleOp module, ArrayRef<int64_t> list) {
  OpBuilder builder(module.getContext()); // inserts nothing by itself
  int64_t size = static_cast<int64_t>(list.size());
  Type i64 = builder.getI64Type();
  Attribute contents =
      DenseElementsAttr::get(RankedTensorType::get({size}, i64), list);
  for (auto global : module.getOps<memref::GlobalOp>())
    if (global.getInitialValueAttr() == contents)
      return global;
  auto global = memref::GlobalOp::create(
      builder, module.getLoc(), "by_layer", builder.getStringAttr("private"),
      MemRefType::get({size}, i64), contents, /*constant=*/true,
      /*alignment=*/IntegerAttr());
  SymbolTable(module).insert(global, module.getBody()->begin());
  return global;
}

/// list[layer], of a constant list.
void lowerByLayer(LoopEmitter &emitter, ByLayerOp op) {
  ImplicitLocOpBuilder &builder = emitter.builder;
  memref::GlobalOp list =
      constantList(op->getParentOfType<ModuleOp>(), op.getNumbers());
  Value address =
      memref::GetGlobalOp::create(builder, list.getType(), list.getSymName());
  Value number = memref::LoadOp::create(builder, address,
                                        emitter.converted(op.getLayer()));
  Value index =
      arith::IndexCastOp::create(builder, builder.getIndexType(), number);
  emitter.setResult(index);
}

} // namespace tritc::loops
