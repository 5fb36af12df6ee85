//===- Target.cpp - aarch64_dotprod: SDOT ---------------===//
#include "targets/Target.h"
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

/// Four columns of four rows, all with one token's activations, which SDOT
/// takes out of a register by their number:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes
///   %r = sdot(%acc, %codes, %x in every element)
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(4, builder.getI32Type()) || op.getTokens() != 1 ||
      op.getKind() == lut::Codes::Unsigned || op.getColumns() != 4)
    return {};
  Value all = repeat(builder, op.getLoc(), op.getActivations(),
                     op.getCodes().getType());
  return intrinsic(builder, op.getLoc(), "llvm.aarch64.neon.sdot.v4i32.v16i8",
                   type, {op.getAccumulator(), op.getCodes(), all});
}

static constexpr Kernel::Cost tritCosts[] = {
    {"neoverse-n1", 125}, {"neoverse-v2", 35}, {"apple-m1", 46}};
static constexpr Kernel::Cost codeCosts[] = {
    {"neoverse-n1", 55}, {"neoverse-v2", 27}, {"apple-m1", 37}};
static constexpr Kernel kernels[] = {
    {{lut::PackingSpec::TritBytes, 40, /*dotRows=*/4, /*dotColumns=*/4},
     tritCosts},
    {{lut::PackingSpec::DotCodes, 64, /*dotRows=*/4, /*dotColumns=*/4},
     codeCosts}};

extern const Target aarch64_dotprod;
const Target aarch64_dotprod = {
    .name = "aarch64_dotprod",
    .summary = "64-bit ARM with dot products (ARMv8.4, optional from 8.2 on)",
    .triple = "aarch64-unknown-linux-gnu",
    .cpu = "generic",
    .features = cpu::ASIMD | cpu::ASIMDDP,
    .machine = "pi_5",
    .kernels = kernels,
    .dot = {.sumBits = 32,
            .rows = 4,
            .tokens = 1,
            .columns = 4,
            .rowTile = 16,
            .tokenTile = 6,
            .loadColumns = 16},
    .prefillTokens = 96,
    .prefetchBytes = 1024,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
