//===- Lut.cpp - Dialect and attributes -----------------------------------===//
#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tritc::lut;

#include "dialects/lut/LutDialect.cpp.inc"
#include "dialects/lut/LutEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/lut/LutAttrs.cpp.inc"

void LutDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/lut/LutAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/lut/LutOps.cpp.inc"
      >();
}

Operation *LutDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                           Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

PackingSpec PackingAttr::spec() const {
  return {getKind() == PackingKind::Codes ? PackingSpec::Codes
                                          : PackingSpec::SignedNibble,
          getRows()};
}

LogicalResult
PackingAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    PackingKind kind, int64_t rows) {
  // packing_c1
  if (kind == PackingKind::Codes && rows != 1)
    return emitError() << "expected 1 row per tile for codes, found " << rows;
  if (kind == PackingKind::SignedNibble && (rows < 1 || rows % vectorRows != 0))
    return emitError() << "expected rows to be a positive multiple of "
                       << vectorRows << ", found " << rows;
  return success();
}

LogicalResult
LayoutAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   int64_t offset, int64_t stride, PackingAttr) {
  // layout_c1
  for (int64_t bytes : {offset, stride})
    if (bytes < 0 || bytes % 64 != 0)
      return emitError() << "expected non-negative multiples of 64, found "
                         << bytes;
  return success();
}

LogicalResult
TargetAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   PackingAttr, int64_t prefillTokens, int64_t tokenTile,
                   int64_t prefetchBytes) {
  // target_c1
  if (prefillTokens < 1 || tokenTile < 1 || prefetchBytes < 0)
    return emitError() << "expected positive numbers, found prefill_tokens = "
                       << prefillTokens << ", token_tile = " << tokenTile
                       << ", prefetch_bytes = " << prefetchBytes;
  return success();
}

FailureOr<TargetAttr> tritc::lut::targetOf(Operation *module) {
  if (auto target = module->getAttrOfType<TargetAttr>(kTargetAttr))
    return target;
  return module->emitError() << "expected the attribute " << kTargetAttr;
}
