//===- BitnetBias.cpp - What is added behind a product --------------------===//
#include "dialects/bitnet/BitnetBias.h"

#include "dialects/bitnet/Verify.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace tritc::bitnet;

#define GET_OP_CLASSES
#include "dialects/bitnet/BitnetBias.cpp.inc"

LogicalResult BiasOp::verify() {
  // bias_c1
  return expectEqual(*this, "width of the bias",
                     cast<ShapedType>(getInput().getType()).getDimSize(1),
                     cast<ShapedType>(getBias().getType()).getDimSize(0));
}
