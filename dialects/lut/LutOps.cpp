//===- LutOps.cpp - Verifiers ---------------------------------------------===//
#include "dialects/bitnet/Verify.h"
#include "dialects/lut/Lut.h"

#include "mlir/IR/Builders.h"
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
  if (packing.isLookedUp())
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
      failed(expectEqual(
          *this, "bytes of table",
          tableShape(getPacking().spec())->bytes(dim(getActivations(), 1)),
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
  return failure(failed(expectEqual(
                     *this, "bytes of table",
                     tableShape(getPacking().spec())->bytes(weight.getCols()),
                     dim(getTables(), 1))) ||
                 failed(expectEqual(*this, "width of the result",
                                    weight.getRows(), dim(getResult(), 1))));
}

LogicalResult MatmulOp::verify() {
  auto weight = getWeight().getType();
  // matmul_c4
  DotShapeAttr dot = getDot();
  PackingSpec spec = getPacking().spec();
  // Blocks take codes, whatever the packing.
  int64_t columns =
      dot.getSideColumns() ? dot.getSideColumns() : dot.getColumns();
  bool needsAllBytes = spec.kind == PackingSpec::TritBytes;
  if (spec.dotRows != 0 &&
      (dot.getSumBits() != 32 || dot.getRows() != spec.dotRows ||
       columns != spec.dotColumns ||
       (needsAllBytes && dot.getSideColumns() == 0 &&
        dot.getCodes() == Codes::Small)))
    return emitOpError() << "expected dot products of " << getPacking()
                         << ", found " << dot;
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
  int64_t entries = dim(getTable(), 0);
  if (entries != 16 && entries != 32)
    return emitOpError() << "expected a table of 16 or 32 entries, found "
                         << entries;
  SmallVector<Value> same = {getIndices(), getResult()};
  if (getSigns())
    same.push_back(getSigns());
  for (Value value : same) {
    // lookup_c2
    if (failed(
            expectEqual(*this, "length", dim(getResult(), 0), dim(value, 0))))
      return failure();
    // lookup_c3
    if (getElementTypeOrSelf(value) != getElementTypeOrSelf(getTable()))
      return emitOpError() << "expected elements of the table's type, found "
                           << value.getType();
  }
  return success();
}

int64_t DotOp::getRows() { return dim(getAccumulator(), 0) / getTokens(); }

int64_t DotOp::getColumns() { return dim(getCodes(), 0) / getRows(); }

LogicalResult DotOp::verify() {
  int64_t sums = dim(getAccumulator(), 0), tokens = getTokens();
  // dot_c1
  if (tokens < 1 || sums % tokens != 0)
    return emitOpError() << "expected a multiple of " << tokens
                         << " sums, found " << sums;
  // dot_c2
  int64_t codes = dim(getCodes(), 0);
  if (codes % getRows() != 0)
    return emitOpError() << "expected whole columns of " << getRows()
                         << " rows, found " << codes << " codes";
  return expectEqual(*this, "activations", tokens * getColumns(),
                     dim(getActivations(), 0));
}

/// load_register_c1, store_register_c1
static LogicalResult expectRowsOf(Operation *op, Value buffer,
                                  RegisterType value) {
  auto type = cast<MemRefType>(buffer.getType());
  if (type.getElementType() == value.getElementType() &&
      type.getLayout().isIdentity() && !type.isDynamicDim(1))
    return success();
  return op->emitOpError() << "expected rows of " << value.getElementType()
                           << ", one behind the other, found " << type;
}

LogicalResult LoadRegisterOp::verify() {
  return expectRowsOf(*this, getSource(), getType());
}

LogicalResult StoreRegisterOp::verify() {
  return expectRowsOf(*this, getDestination(), getValue().getType());
}

int64_t DotRegistersOp::getSideColumns() {
  return getCodes().getType().getColumns() /
         getAccumulator().getType().getColumns();
}

LogicalResult DotRegistersOp::verify() {
  RegisterType sums = getType(), codes = getCodes().getType(),
               activations = getActivations().getType();
  // dot_registers_c1
  if (!sums.getElementType().isInteger(32) ||
      !codes.getElementType().isInteger(8) ||
      !activations.getElementType().isInteger(8))
    return emitOpError() << "expected sums of i32 and factors of i8, found "
                         << sums << ", " << codes << " and " << activations;
  // dot_registers_c2
  if (failed(
          expectEqual(*this, "tokens", sums.getRows(), activations.getRows())))
    return failure();
  // dot_registers_c3
  int64_t side = getSideColumns();
  if (side * sums.getColumns() != codes.getColumns() ||
      side * codes.getRows() != activations.getColumns())
    return emitOpError() << "expected codes of " << sums.getColumns()
                         << " rows and " << activations.getColumns()
                         << " columns, found " << codes;
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
