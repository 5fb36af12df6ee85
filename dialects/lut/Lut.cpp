//===- Lut.cpp - Dialect and attributes -----------------------------------===//
#include "dialects/lut/Lut.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tritc;
using namespace tritc::lut;

#include "dialects/lut/LutDialect.cpp.inc"
#include "dialects/lut/LutEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/lut/LutTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/lut/LutAttrs.cpp.inc"

void LutDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/lut/LutTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/lut/LutAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/lut/LutOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

Type RegisterType::parse(AsmParser &parser) {
  SmallVector<int64_t, 2> dims;
  Type element;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() ||
      parser.parseDimensionList(dims, /*allowDynamic=*/false) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  if (dims.size() != 2) {
    parser.emitError(loc, "a register has two dimensions, found ")
        << dims.size();
    return {};
  }
  return parser.getChecked<RegisterType>(loc, parser.getContext(), dims[0],
                                         dims[1], element);
}

void RegisterType::print(AsmPrinter &printer) const {
  printer << "<" << getRows() << "x" << getColumns() << "x" << getElementType()
          << ">";
}

LogicalResult
RegisterType::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                     int64_t rows, int64_t columns, Type element) {
  // register_c1
  if (rows < 1 || columns < 1)
    return emitError() << "expected dimensions from 1 on, found " << rows
                       << " x " << columns;
  // register_c2
  if (!element.isInteger(8) && !element.isInteger(32))
    return emitError() << "expected integers of 8 or 32 bits, found "
                       << element;
  return success();
}

//===----------------------------------------------------------------------===//
// Packings
//===----------------------------------------------------------------------===//

// The enumerations of ODS and of Packing.h name the same kinds in one order.
static_assert(int(PackingKind::Codes) == PackingSpec::Codes);
static_assert(int(PackingKind::SignedNibble) == PackingSpec::SignedNibble);
static_assert(int(PackingKind::IndexWords) == PackingSpec::IndexWords);
static_assert(int(PackingKind::DotCodes) == PackingSpec::DotCodes);
static_assert(int(PackingKind::TritBytes) == PackingSpec::TritBytes);

PackingSpec PackingAttr::spec() const {
  return {PackingSpec::Kind(getKind()), getRows(), getDotRows(),
          getDotColumns()};
}

std::optional<TableShape> tritc::lut::tableShape(const PackingSpec &spec) {
  switch (spec.kind) {
  case PackingSpec::SignedNibble:
    return TableShape{blockColumns, 32};
  case PackingSpec::IndexWords:
    return TableShape{wordBlockColumns, 64};
  case PackingSpec::Codes:
  case PackingSpec::DotCodes:
  case PackingSpec::TritBytes:
    return {};
  }
  return {};
}

bool PackingAttr::isLookedUp() const { return tableShape(spec()).has_value(); }

LogicalResult
PackingAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    PackingKind kind, int64_t rows, int64_t dotRows,
                    int64_t dotColumns) {
  // packing_c1
  if (kind == PackingKind::Codes && rows != 1)
    return emitError() << "expected 1 row per tile for codes, found " << rows;
  PackingSpec spec{PackingSpec::Kind(kind), rows, dotRows, dotColumns};
  // packing_c2
  if (!hasValidDots(spec))
    return emitError() << "expected dot_rows and dot_columns, which divide 16, "
                          "for dot products alone, found "
                       << dotRows << " and " << dotColumns;
  if (invalidReason(spec))
    return emitError() << "expected rows to be a positive multiple of "
                       << spec.rowMultiple() << ", found " << rows;
  return success();
}

//===----------------------------------------------------------------------===//
// Other attributes
//===----------------------------------------------------------------------===//

// Threads have one number, and a loop that is shared out one dimension.
int64_t ShareAttr::getMappingId() const { return 0; }
bool ShareAttr::isLinearMapping() const { return true; }
int64_t ShareAttr::getRelativeIndex() const { return 0; }

std::optional<PackingSpec> LayoutAttr::spec() const {
  return getPacking() ? std::optional(getPacking().spec()) : std::nullopt;
}

LogicalResult
LayoutAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   int64_t offset, int64_t stride, PackingAttr) {
  // layout_c1
  for (int64_t bytes : {offset, stride})
    if (bytes < 0 || bytes % alignment != 0)
      return emitError() << "expected non-negative multiples of 64, found "
                         << bytes;
  return success();
}

LogicalResult
KernelAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   PackingAttr, int64_t cycles, Sign, DotShapeAttr) {
  // kernel_c1
  if (cycles < 1)
    return emitError() << "expected positive cycles, found " << cycles;
  return success();
}

LogicalResult
MachineAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    int64_t cores, int64_t mhz, int64_t bandwidth) {
  // machine_c1
  if (cores < 1 || mhz < 1 || bandwidth < 1)
    return emitError() << "expected positive numbers, found cores = " << cores
                       << ", mhz = " << mhz << ", bandwidth = " << bandwidth;
  return success();
}

LogicalResult
DotShapeAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                     int64_t sumBits, int64_t rows, int64_t tokens,
                     int64_t columns, int64_t rowTile, int64_t tokenTile,
                     int64_t loadColumns, Codes, int64_t sideColumns,
                     int64_t chunkColumns) {
  // dot_shape_c1
  if ((sumBits != 16 && sumBits != 32) || rows < 1 || tokens < 1 || columns < 1)
    return emitError() << "expected 16 or 32 bits and positive numbers, found "
                          "sum_bits = "
                       << sumBits << ", rows = " << rows
                       << ", tokens = " << tokens << ", columns = " << columns;
  // dot_shape_c2
  auto isMultiple = [](int64_t value, int64_t factor) {
    return value > 0 && value % factor == 0;
  };
  if (!isMultiple(rowTile, rows) || !isMultiple(tokenTile, tokens) ||
      !isMultiple(loadColumns, columns))
    return emitError() << "expected multiples of rows, tokens and columns, "
                          "found row_tile = "
                       << rowTile << ", token_tile = " << tokenTile
                       << ", load_columns = " << loadColumns;
  // dot_shape_c3
  bool isOfBlocks = sideColumns != 0;
  if (isOfBlocks && (sideColumns < 0 || chunkColumns < 1 || sumBits != 32 ||
                     rows % 16 != 0 || columns % sideColumns != 0))
    return emitError() << "expected blocks of sums of 32 bits, of multiples of "
                          "16 rows and of side_columns, found sum_bits = "
                       << sumBits << ", rows = " << rows
                       << ", columns = " << columns
                       << ", side_columns = " << sideColumns
                       << ", chunk_columns = " << chunkColumns;
  // dot_shape_c4
  constexpr int64_t most = 4096;
  if (rowTile > most || tokenTile > most || loadColumns > most)
    return emitError() << "expected at most " << most
                       << ", since tiles are unrolled, found row_tile = "
                       << rowTile << ", token_tile = " << tokenTile
                       << ", load_columns = " << loadColumns;
  return success();
}

LogicalResult
TimingAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   int64_t rows, int64_t columns, PackingAttr, int64_t decode,
                   int64_t) {
  // timing_c1
  if (rows < 1 || columns < 1 || decode < 1)
    return emitError() << "expected positive numbers, found rows = " << rows
                       << ", columns = " << columns << ", decode = " << decode;
  return success();
}

LogicalResult
TargetAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   ArrayRef<KernelAttr> kernels, MachineAttr, DotShapeAttr dot,
                   DotShapeAttr blocks, int64_t prefillTokens,
                   int64_t prefetchBytes, ArrayRef<TimingAttr>) {
  // target_c1
  if (kernels.empty() || prefillTokens < 1 || prefetchBytes < 0)
    return emitError() << "expected a kernel and positive numbers, found "
                       << kernels.size()
                       << " kernels, prefill_tokens = " << prefillTokens
                       << ", prefetch_bytes = " << prefetchBytes;
  // target_c2
  if (dot.getSideColumns() != 0 || (blocks && blocks.getSideColumns() == 0))
    return emitError() << "expected side_columns in blocks alone, found " << dot
                       << " and " << blocks;
  return success();
}

KernelAttr TargetAttr::kernelOf(PackingAttr packing) const {
  const KernelAttr *found = llvm::find_if(getKernels(), [&](KernelAttr kernel) {
    return kernel.getPacking() == packing;
  });
  return found == getKernels().end() ? KernelAttr() : *found;
}

TargetAttr TargetAttr::withKernels(ArrayRef<KernelAttr> kernels) const {
  return get(getContext(), kernels, getMachine(), getDot(), getBlocks(),
             getPrefillTokens(), getPrefetchBytes(), getTimings());
}

TargetAttr TargetAttr::withTimings(ArrayRef<TimingAttr> timings) const {
  return get(getContext(), getKernels(), getMachine(), getDot(), getBlocks(),
             getPrefillTokens(), getPrefetchBytes(), timings);
}

TimingAttr TargetAttr::timingOf(KernelAttr kernel, int64_t rows,
                                int64_t columns) const {
  const TimingAttr *found = llvm::find_if(getTimings(), [&](TimingAttr timing) {
    return timing.getRows() == rows && timing.getColumns() == columns &&
           timing.getPacking() == kernel.getPacking();
  });
  return found == getTimings().end() ? TimingAttr() : *found;
}

DotShapeAttr TargetAttr::dotOf(KernelAttr kernel, bool oneToken) const {
  if (!oneToken && getBlocks())
    return getBlocks();
  return kernel.getDot() ? kernel.getDot() : getDot();
}

FailureOr<TargetAttr> tritc::lut::targetOf(Operation *module) {
  if (auto target = module->getAttrOfType<TargetAttr>(kTargetAttr))
    return target;
  return module->emitError() << "expected the attribute " << kTargetAttr;
}

//===----------------------------------------------------------------------===//
// Attributes of operations of other dialects
//===----------------------------------------------------------------------===//

static LogicalResult verifyLayout(Operation *op, Attribute value) {
  auto weight = dyn_cast<bitnet::WeightOp>(op);
  auto layout = dyn_cast<LayoutAttr>(value);
  if (!weight || !layout)
    return op->emitError()
           << "expected a #lut.layout of a bitnet.weight, found " << value;
  bool isTernary = isa<bitnet::TernaryType>(weight.getType());
  if (isTernary && !layout.getPacking())
    return op->emitError("expected a layout with a packing");
  if (!isTernary && layout.getPacking())
    return op->emitError() << "expected a layout without a packing, found "
                           << layout;
  return success();
}

LogicalResult LutDialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attribute) {
  StringRef name = attribute.getName();
  Attribute value = attribute.getValue();
  if (name == kLayoutAttr)
    return verifyLayout(op, value);
  if (name == kTargetAttr && !(isa<ModuleOp>(op) && isa<TargetAttr>(value)))
    return op->emitError() << "expected a #lut.target of a module, found "
                           << value;
  for (StringRef bytes : {kImageBytesAttr, kScratchBytesAttr, kKvCacheBytesAttr,
                          kMaxTokensAttr, kContextSizeAttr})
    if (auto number = dyn_cast<IntegerAttr>(value);
        name == bytes && (!number || number.getInt() < 0))
      return op->emitError() << "expected a number from 0 on as " << name
                             << ", found " << value;
  return success();
}
