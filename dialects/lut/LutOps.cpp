//===- LutOps.cpp - Verifiers and folders ---------------------------------===//
#include "dialects/bitnet/Verify.h"
#include "dialects/lut/Lut.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace tritc::lut;
using tritc::bitnet::expectEqual;

#define GET_OP_CLASSES
#include "dialects/lut/LutOps.cpp.inc"

static int64_t dim(Value value, unsigned index) {
  return cast<ShapedType>(value.getType()).getDimSize(index);
}

/// table_c1, matvec_c4
static LogicalResult expectLookupPacking(Operation *op, PackingAttr packing) {
  if (packing.getKind() == PackingKind::SignedNibble)
    return success();
  return op->emitOpError() << "expected a packing that is looked up, found "
                           << packing;
}

LogicalResult TableOp::verify() {
  // table_c1, table_c3, table_c2
  return failure(
      failed(expectLookupPacking(*this, getPacking())) ||
      failed(expectEqual(*this, "number of tokens", dim(getActivations(), 0),
                         dim(getResult(), 0))) ||
      failed(expectEqual(*this, "bytes of table",
                         tableBytes(dim(getActivations(), 1)),
                         dim(getResult(), 1))));
}

LogicalResult MatvecOp::verify() {
  auto weight = getWeight().getType();
  // matvec_c4, matvec_c1, matvec_c2, matvec_c3
  if (failed(expectLookupPacking(*this, getPacking())))
    return failure();
  for (Value value : {getTables(), getSteps(), getResult()})
    if (failed(expectEqual(*this, "number of tokens", 1, dim(value, 0))))
      return failure();
  return failure(
      failed(expectEqual(*this, "bytes of table", tableBytes(weight.getCols()),
                         dim(getTables(), 1))) ||
      failed(expectEqual(*this, "width of the result", weight.getRows(),
                         dim(getResult(), 1))));
}

LogicalResult MatmulOp::verify() {
  auto weight = getWeight().getType();
  // matmul_c4
  if (getTokenTile() < 1)
    return emitOpError() << "expected a positive token tile, found "
                         << getTokenTile();
  // matmul_c3
  for (Value value : {getSteps(), getResult()})
    if (failed(expectEqual(*this, "number of tokens", dim(getActivations(), 0),
                           dim(value, 0))))
      return failure();
  // matmul_c1, matmul_c2
  return failure(
      failed(expectEqual(*this, "width of the activations", weight.getCols(),
                         dim(getActivations(), 1))) ||
      failed(expectEqual(*this, "width of the result", weight.getRows(),
                         dim(getResult(), 1))));
}

LogicalResult LookupOp::verify() {
  // lookup_c1
  if (failed(
          expectEqual(*this, "entries of the table", 16, dim(getTable(), 0))))
    return failure();
  // lookup_c2
  for (Value value : {getSigns(), getResult()})
    if (failed(
            expectEqual(*this, "length", dim(getIndices(), 0), dim(value, 0))))
      return failure();
  return success();
}

OpFoldResult LookupOp::fold(FoldAdaptor adaptor) {
  // A table of zeros yields zeros.
  auto table = dyn_cast_or_null<DenseElementsAttr>(adaptor.getTable());
  if (table && table.isSplat() && table.getSplatValue<APInt>().isZero())
    return DenseElementsAttr::get(cast<ShapedType>(getType()), APInt(8, 0));
  return {};
}

LogicalResult DotOp::verify() {
  // dot_c1
  for (Value value : {getCodes(), getActivations()})
    if (failed(expectEqual(*this, "bytes", 2 * dim(getAccumulator(), 0),
                           dim(value, 0))))
      return failure();
  return success();
}

LogicalResult MarkOp::verify() {
  // mark_c1
  if (getKind().empty())
    return emitOpError() << "expected a kind with a name";
  // mark_c2
  if (auto bytes = static_cast<int64_t>(getBytes()); bytes < 0)
    return emitOpError() << "expected bytes from 0 on, found " << bytes;
  return success();
}
