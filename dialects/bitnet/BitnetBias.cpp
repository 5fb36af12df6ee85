//===- BitnetBias.cpp - What is added behind a product --------------------===//
#include "dialects/bitnet/Bitnet.h"
#include "dialects/bitnet/Verify.h"

using namespace mlir;
using namespace tritc::bitnet;

LogicalResult BiasOp::verify() {
  // bias_c1
  return expectEqual(*this, "width of the bias",
                     cast<ShapedType>(getInput().getType()).getDimSize(1),
                     cast<ShapedType>(getBias().getType()).getDimSize(0));
}
