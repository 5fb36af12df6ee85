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

Type ScaledType::parse(AsmParser &parser) {
  SmallVector<int64_t, 2> dims;
  IntegerType element;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() ||
      parser.parseDimensionList(dims, /*allowDynamic=*/false) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  if (dims.size() != 2) {
    parser.emitError(loc, "a scaled matrix has two dimensions, found ")
        << dims.size();
    return {};
  }
  return parser.getChecked<ScaledType>(loc, parser.getContext(), dims[0],
                                       dims[1], int64_t(element.getWidth()));
}

void ScaledType::print(AsmPrinter &printer) const {
  printer << "<" << getRows() << "x" << getCols() << "xi" << getBits() << ">";
}

LogicalResult
ScaledType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   int64_t rows, int64_t cols, int64_t bits) {
  // scaled_c1
  if (rows < 1 || cols < 1)
    return emitError() << "expected dimensions of at least 1, found " << rows
                       << "x" << cols;
  // scaled_c2
  if (bits != 6 && bits != 8)
    return emitError() << "expected integers of 6 or 8 bits, found " << bits;
  // scaled_c3
  constexpr int64_t mostColumns = int64_t(INT32_MAX) / (127 * 127);
  if (cols > mostColumns)
    return emitError() << "expected at most " << mostColumns
                       << " columns, found " << cols;
  return success();
}

int64_t ScaledType::activationLimit() const {
  return std::min<int64_t>(INT16_MAX, INT32_MAX / (127 * getCols()));
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
