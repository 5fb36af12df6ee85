//===- Target.cpp - aarch64_i8mm: SMMLA -----------------===//
#include "targets/Target.h"
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

/// Two tokens times two rows, eight columns each; the tokens first, since the
/// sums of a token are next to each other:
///
///   %r = lut.dot %acc, %codes, %x {tokens = 2}
/// becomes
///   %r = smmla(%acc, %x, %codes)
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(4, builder.getI32Type()) || op.getTokens() != 2 ||
      op.getKind() == lut::Codes::Unsigned || op.getColumns() != 8)
    return {};
  return intrinsic(builder, op.getLoc(), "llvm.aarch64.neon.smmla.v4i32.v16i8",
                   type,
                   {op.getAccumulator(), op.getActivations(), op.getCodes()});
}

static constexpr Kernel::Cost tritCosts[] = {
    {"neoverse-v2", 38}, {"neoverse-n1", 125}, {"apple-m1", 51}};
static constexpr Kernel::Cost codeCosts[] = {
    {"neoverse-v2", 28}, {"neoverse-n1", 57}, {"apple-m1", 38}};
static constexpr Kernel kernels[] = {
    {{lut::PackingSpec::TritBytes, 20, /*dotRows=*/2, /*dotColumns=*/8},
     tritCosts},
    {{lut::PackingSpec::DotCodes, 32, /*dotRows=*/2, /*dotColumns=*/8},
     codeCosts}};

extern const Target aarch64_i8mm;
const Target aarch64_i8mm = {
    .name = "aarch64_i8mm",
    .summary = "64-bit ARM with matrix products of bytes (ARMv8.6, optional "
               "from 8.2 on)",
    .triple = "aarch64-unknown-linux-gnu",
    .cpu = "generic",
    .features = cpu::ASIMD | cpu::ASIMDDP | cpu::I8MM,
    .machine = "graviton_4",
    .kernels = kernels,
    .dot = {.sumBits = 32,
            .rows = 2,
            .tokens = 2,
            .columns = 8,
            .rowTile = 8,
            .tokenTile = 10,
            .loadColumns = 16},
    .prefillTokens = 96,
    .prefetchBytes = 1024,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
