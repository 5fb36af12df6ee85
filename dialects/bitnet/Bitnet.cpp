//===- Bitnet.cpp - Dialect, types and attributes -------------------------===//
#include "dialects/bitnet/Bitnet.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tritc::bitnet;

#include "dialects/bitnet/BitnetDialect.cpp.inc"
#include "dialects/bitnet/BitnetEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/bitnet/BitnetTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/bitnet/BitnetAttrs.cpp.inc"

void BitnetDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/bitnet/BitnetTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/bitnet/BitnetAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/bitnet/BitnetOps.cpp.inc"
      >();
}

Type TernaryType::parse(AsmParser &parser) {
  SmallVector<int64_t, 2> dims;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() ||
      parser.parseDimensionList(dims, /*allowDynamic=*/false,
                                /*withTrailingX=*/false) ||
      parser.parseGreater())
    return {};
  if (dims.size() != 2) {
    parser.emitError(loc, "a ternary matrix has two dimensions, found ")
        << dims.size();
    return {};
  }
  return parser.getChecked<TernaryType>(loc, parser.getContext(), dims[0],
                                        dims[1]);
}

void TernaryType::print(AsmPrinter &printer) const {
  printer << "<" << getRows() << "x" << getCols() << ">";
}

LogicalResult
TernaryType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    int64_t rows, int64_t cols) {
  // ternary_c1
  if (rows < 1 || cols < 1)
    return emitError() << "expected dimensions of at least 1, found " << rows
                       << "x" << cols;
  return success();
}

Attribute RopeTableAttr::parse(AsmParser &parser, Type) {
  double theta = 0;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword("theta") ||
      parser.parseEqual() || parser.parseFloat(theta) || parser.parseGreater())
    return {};
  return parser.getChecked<RopeTableAttr>(loc, parser.getContext(),
                                          llvm::APFloat(theta));
}

void RopeTableAttr::print(AsmPrinter &printer) const {
  printer << "<theta = ";
  printer.printFloat(getTheta());
  printer << ">";
}

LogicalResult
RopeTableAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                      llvm::APFloat theta) {
  // rope_table_c1
  if (theta.isFinite() && !theta.isNegative() && !theta.isZero())
    return success();
  SmallString<16> text;
  theta.toString(text);
  return emitError() << "expected a positive finite theta, found " << text;
}
