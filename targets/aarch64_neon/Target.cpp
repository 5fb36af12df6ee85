//===- Target.cpp - aarch64_neon: table lookups and widening products -----===//
#include "targets/Target.h"
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

/// Bytes of a register.
static constexpr int64_t registerBytes = 16;

/// `value` in every element of a vector of bytes.
static Value splatBytes(OpBuilder &builder, Location loc, VectorType type,
                        int64_t value) {
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, APInt(8, value)));
}

/// `count` elements of `vector`: first, first + step, ...
static Value pick(OpBuilder &builder, Location loc, Value vector, int64_t first,
                  int64_t count, int64_t step = 1) {
  SmallVector<int64_t> mask;
  for (int64_t i = 0; i < count; ++i)
    mask.push_back(first + i * step);
  return vector::ShuffleOp::create(builder, loc, vector, vector, mask);
}

/// `low`, then `high`.
static Value join(OpBuilder &builder, Location loc, Value low, Value high) {
  int64_t count = cast<VectorType>(low.getType()).getNumElements();
  auto mask = llvm::to_vector(llvm::seq<int64_t>(0, 2 * count));
  return vector::ShuffleOp::create(builder, loc, low, high, mask);
}

/// TBL looks 16 bytes up, so each half of the vector is one. A complement is a
/// distance from 0 or 255, which UABA adds to a sum in the same instruction. A
/// factor of 1 or -1 negates, which MLA adds:
///
///   %r = lut.lookup %table[%i] signed %s
/// becomes, for i and s each half of the vector,
///   %l = tbl1(%table, %i)
/// and, to complement,
///   %r = uabd(%l, %s)
/// or, to negate,
///   %m = arith.shrsi %s, 7
///   %f = arith.ori %m, 1          // -1 or 1
///   %r = arith.muli %l, %f
static Value lowerLookup(OpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(2 * registerBytes, builder.getI8Type()) ||
      !op.getSigns() || op.getTable().getType().getShape()[0] != registerBytes)
    return {};
  Location loc = op.getLoc();
  auto half = VectorType::get(registerBytes, builder.getI8Type());
  Value halves[2];
  for (auto [i, result] : llvm::enumerate(halves)) {
    int64_t first = int64_t(i) * registerBytes;
    Value indices = pick(builder, loc, op.getIndices(), first, registerBytes);
    Value signs = pick(builder, loc, op.getSigns(), first, registerBytes);
    Value looked = intrinsic(builder, loc, "llvm.aarch64.neon.tbl1.v16i8", half,
                             {op.getTable(), indices});
    if (op.getComplement()) {
      result = intrinsic(builder, loc, "llvm.aarch64.neon.uabd.v16i8", half,
                         {looked, signs});
      continue;
    }
    Value factor = arith::ShRSIOp::create(builder, loc, signs,
                                          splatBytes(builder, loc, half, 7));
    factor = arith::OrIOp::create(builder, loc, factor,
                                  splatBytes(builder, loc, half, 1));
    result = arith::MulIOp::create(builder, loc, looked, factor);
  }
  return join(builder, loc, halves[0], halves[1]);
}

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
                                               {"cortex-a53", 213},
                                               {"neoverse-n1", 74},
                                               {"neoverse-v2", 37},
                                               {"apple-m1", 49}};
static constexpr Kernel kernels[] = {
    {.packing = {lut::PackingSpec::SignedNibble, 32},
     .costs = nibbleCosts,
     .complements = true}};

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
    .lowerLookup = lowerLookup,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
