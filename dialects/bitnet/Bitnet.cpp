//===- Bitnet.cpp - Dialect, types and attributes -------------------------===//
#include "dialects/bitnet/Bitnet.h"

#include "dialects/lut/layouts/BlockedRows.h"
#include "dialects/lut/layouts/ScaledRows.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tritc;
using namespace tritc::bitnet;

#include "dialects/bitnet/BitnetDialect.cpp.inc"
#include "dialects/bitnet/BitnetEnums.cpp.inc"
#include "dialects/bitnet/BitnetTypeInterfaces.cpp.inc"

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

/// `<` N `x` K `x` `i`bits `>`: what ScaledType and BlockedType look like.
template <typename MatrixType>
static Type parseIntegers(AsmParser &parser, StringRef name) {
  SmallVector<int64_t, 2> dims;
  IntegerType element;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() ||
      parser.parseDimensionList(dims, /*allowDynamic=*/false) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  if (dims.size() != 2) {
    parser.emitError(loc, "a ")
        << name << " matrix has two dimensions, found " << dims.size();
    return {};
  }
  return parser.getChecked<MatrixType>(loc, parser.getContext(), dims[0],
                                       dims[1], int64_t(element.getWidth()));
}

template <typename MatrixType>
static void printIntegers(AsmPrinter &printer, MatrixType type) {
  printer << "<" << type.getRows() << "x" << type.getCols() << "xi"
          << type.getBits() << ">";
}

/// scaled_c1, scaled_c2, blocked_c1, blocked_c2
static LogicalResult
verifyIntegers(llvm::function_ref<InFlightDiagnostic()> emitError, int64_t rows,
               int64_t cols, int64_t bits) {
  if (rows < 1 || cols < 1)
    return emitError() << "expected dimensions of at least 1, found " << rows
                       << "x" << cols;
  if (bits != 6 && bits != 8)
    return emitError() << "expected integers of 6 or 8 bits, found " << bits;
  return success();
}

Type ScaledType::parse(AsmParser &parser) {
  return parseIntegers<ScaledType>(parser, "scaled");
}

void ScaledType::print(AsmPrinter &printer) const {
  printIntegers(printer, *this);
}

LogicalResult
ScaledType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   int64_t rows, int64_t cols, int64_t bits) {
  if (failed(verifyIntegers(emitError, rows, cols, bits)))
    return failure();
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

Type BlockedType::parse(AsmParser &parser) {
  return parseIntegers<BlockedType>(parser, "blocked");
}

void BlockedType::print(AsmPrinter &printer) const {
  printIntegers(printer, *this);
}

LogicalResult
BlockedType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    int64_t rows, int64_t cols, int64_t bits) {
  if (failed(verifyIntegers(emitError, rows, cols, bits)))
    return failure();
  // blocked_c3
  int64_t block = bits == 6 ? 256 : 64;
  if (cols % block != 0)
    return emitError() << "expected a multiple of " << block
                       << " columns, found " << cols;
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

//===----------------------------------------------------------------------===//
// How matrices are stored
//===----------------------------------------------------------------------===//

lut::Tiles
TernaryType::getTiles(std::optional<lut::PackingSpec> packing) const {
  return lut::packedTiles(*packing, getRows(), getCols());
}

lut::Tiles ScaledType::getTiles(std::optional<lut::PackingSpec>) const {
  return lut::scaledTiles(getBits(), getRows(), getCols());
}

lut::Tiles BlockedType::getTiles(std::optional<lut::PackingSpec>) const {
  return lut::blockedTiles(getBits(), getRows(), getCols());
}

//===----------------------------------------------------------------------===//
// Attributes of functions
//===----------------------------------------------------------------------===//

LogicalResult
BitnetDialect::verifyOperationAttribute(Operation *op,
                                        NamedAttribute attribute) {
  if (attribute.getName() != kKvCacheAttr)
    return success();
  auto type = dyn_cast<TypeAttr>(attribute.getValue());
  auto cache = type ? dyn_cast<RankedTensorType>(type.getValue()) : nullptr;
  if (cache && cache.hasStaticShape() && cache.getRank() == 5 &&
      cache.getDimSize(2) == 2 &&
      (cache.getElementType().isF16() || cache.getElementType().isInteger(8)))
    return success();
  return op->emitError()
         << "expected a cache [layers, KV heads, 2, context, head_dim] of f16 "
            "or i8, found "
         << attribute.getValue();
}
