//===- Target.cpp - x86_avx512: word shuffles and byte dot products -------===//
#include "targets/Target.h"
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

/// A table of 32 words is one register, and so are 32 indices, of which VPERMW
/// reads the low five bits:
///
///   %r = lut.lookup %table[%i]
/// becomes, for i or i and 31
///   %r = vpermw(%i, %table)
static Value lowerLookup(OpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(32, builder.getI16Type()) || op.getSigns() ||
      op.getTable().getType() != type)
    return {};
  Value indices = op.getIndices();
  if (auto masked = indices.getDefiningOp<arith::AndIOp>())
    if (auto mask = masked.getRhs().getDefiningOp<arith::ConstantOp>();
        mask && mask.getValue() ==
                    DenseElementsAttr::get(type, builder.getI16IntegerAttr(31)))
      indices = masked.getLhs();
  return intrinsic(builder, op.getLoc(), "llvm.x86.avx512.permvar.hi.512", type,
                   {op.getTable(), indices});
}

/// Four columns of sixteen rows:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes
///   %r = vpdpbusd(%acc, %codes, %x in every element)
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(16, builder.getI32Type()) ||
      op.getTokens() != 1 || op.getSignedCodes() || op.getColumns() != 4)
    return {};
  Value all = repeat(builder, op.getLoc(), op.getActivations(),
                     op.getCodes().getType());
  return intrinsic(builder, op.getLoc(), "llvm.x86.avx512.vpdpbusd.512", type,
                   {op.getAccumulator(), op.getCodes(), all});
}

static constexpr Kernel::Cost wordCosts[] = {{"znver4", 24},
                                             {"icelake-server", 23}};
static constexpr Kernel::Cost tritCosts[] = {{"znver4", 32}};
static constexpr Kernel::Cost codeCosts[] = {{"znver4", 19}};
static constexpr Kernel kernels[] = {
    {{lut::PackingSpec::TritBytes, 80, /*dotRows=*/16, /*dotColumns=*/4},
     tritCosts},
    {{lut::PackingSpec::IndexWords, 128}, wordCosts},
    {{lut::PackingSpec::DotCodes, 64, /*dotRows=*/16, /*dotColumns=*/4},
     codeCosts}};

extern const Target x86_avx512;
const Target x86_avx512 = {
    .name = "x86_avx512",
    .summary = "x86-64 with AVX-512, VBMI2 and VNNI (2019 and later)",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features = cpu::ssse3 | cpu::sse41 | cpu::avx | cpu::f16c | cpu::fma |
                cpu::avx2 | cpu::avx512f | cpu::avx512bw | cpu::avx512dq |
                cpu::avx512vl | cpu::avx512vbmi2 | cpu::avx512vnni,
    .machine = "epyc_4",
    .kernels = kernels,
    .dot = {.sumBits = 32,
            .rows = 16,
            .tokens = 1,
            .columns = 4,
            .rowTile = 64,
            .tokenTile = 6,
            .loadColumns = 4,
            .codes = Codes::Unsigned},
    .prefillTokens = 96,
    .prefetchBytes = 16384,
    .lowerLookup = lowerLookup,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
