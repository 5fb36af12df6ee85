//===- Target.cpp - x86_avxvnni: byte products of 256 bits ----------------===//
#include "targets/Avx2.h"

using namespace mlir;

namespace tritc::targets {

/// Four columns of eight rows:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes
///   %r = vpdpbusd(%acc, %codes, %x in every element)
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(8, builder.getI32Type()) || op.getTokens() != 1 ||
      op.getKind() == lut::Codes::Signed || op.getColumns() != 4)
    return {};
  Value all = repeat(builder, op.getLoc(), op.getActivations(),
                     op.getCodes().getType());
  return intrinsic(builder, op.getLoc(), "llvm.x86.avx512.vpdpbusd.256", type,
                   {op.getAccumulator(), op.getCodes(), all});
}

static constexpr Kernel::Cost tritCosts[] = {{"alderlake", 39},
                                             {"sapphirerapids", 39}};
static constexpr Kernel::Cost codeCosts[] = {{"alderlake", 21},
                                             {"sapphirerapids", 21}};
static constexpr Kernel kernels[] = {
    {{lut::PackingSpec::TritBytes, 80, /*dotRows=*/8, /*dotColumns=*/4},
     tritCosts},
    avx2::nibbles,
    {{lut::PackingSpec::DotCodes, 64, /*dotRows=*/8, /*dotColumns=*/4},
     codeCosts}};

extern const Target x86_avxvnni;
const Target x86_avxvnni = {
    .name = "x86_avxvnni",
    .summary = "x86-64 with AVX2 and AVX-VNNI (Intel since 2021, Zen 5)",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features = avx2::features | cpu::avxvnni,
    .machine = "core_12",
    .kernels = kernels,
    .dot = {.sumBits = 32,
            .rows = 8,
            .tokens = 1,
            .columns = 4,
            .rowTile = 16,
            .tokenTile = 6,
            .loadColumns = 4,
            .codes = Codes::Unsigned},
    .prefillTokens = 96,
    .prefetchBytes = 8192,
    .lowerLookup = avx2::lowerLookup,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
