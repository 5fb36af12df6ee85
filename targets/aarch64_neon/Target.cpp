//===- Target.cpp - aarch64_neon: table lookups and widening products -----===//
#include "targets/Target.h"
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

/// Bytes of a register.
static constexpr int64_t registerBytes = 16;

/// Codes of even and of odd columns apart (LD2 takes them apart as it loads
/// them), then products of bytes added to words (SMLAL); codes are at most 2,
/// so they are signed bytes as well:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes, for each half of the sums and c the even, then the odd codes, with
/// x the first, then the second activation in all elements
///   %p = smull(%c, %x)
///   %r = arith.addi %acc, %p
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(registerBytes, builder.getI16Type()) ||
      op.getTokens() != 1 || op.getColumns() != 2)
    return {};
  Location loc = op.getLoc();
  constexpr int64_t count = registerBytes / 2;
  auto words = VectorType::get(count, builder.getI16Type());
  auto bytes = VectorType::get(count, builder.getI8Type());
  Value halves[2];
  for (auto [i, sum] : llvm::enumerate(halves)) {
    int64_t first = int64_t(i) * count;
    sum = pick(builder, loc, op.getAccumulator(), first, count);
    for (int64_t odd = 0; odd < 2; ++odd) {
      Value codes = pick(builder, loc, op.getCodes(), odd, registerBytes, 2);
      codes = pick(builder, loc, codes, first, count);
      Value x =
          vector::ExtractOp::create(builder, loc, op.getActivations(), odd);
      x = vector::BroadcastOp::create(builder, loc, bytes, x);
      Value product = intrinsic(builder, loc, "llvm.aarch64.neon.smull.v8i16",
                                words, {codes, x});
      sum = arith::AddIOp::create(builder, loc, sum, product);
    }
  }
  return join(builder, loc, halves[0], halves[1]);
}

static constexpr Kernel::Cost nibbleCosts[] = {{"cortex-a72", 134},
                                               {"cortex-a53", 205},
                                               {"neoverse-n1", 74},
                                               {"neoverse-v2", 37},
                                               {"apple-m1", 50}};
static constexpr Kernel kernels[] = {
    {{lut::PackingSpec::SignedNibble, 32}, nibbleCosts, /*complements=*/true}};

extern const Target aarch64_neon;
const Target aarch64_neon = {
    .name = "aarch64_neon",
    .summary = "64-bit ARM with NEON, that is all of them (ARMv8.0, 2013)",
    .triple = "aarch64-unknown-linux-gnu",
    .cpu = "generic",
    .features = cpu::ASIMD,
    .machine = "pi_4",
    .kernels = kernels,
    .dot = {.sumBits = 16,
            .rows = 16,
            .tokens = 1,
            .columns = 2,
            .rowTile = 32,
            .tokenTile = 4,
            .loadColumns = 2},
    .prefillTokens = 96,
    .prefetchBytes = 1024,
    .lowerLookup = lookupByTbl,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
