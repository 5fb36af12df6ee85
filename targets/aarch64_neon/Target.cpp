//===- Target.cpp - aarch64_neon: table lookups and widening products -----===//
#include "targets/Target.h"

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tritc::targets {

/// Bytes of a register.
static constexpr int64_t registerBytes = 16;

static Value intrinsic(OpBuilder &builder, Location loc, StringRef name,
                       Type type, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, type,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

static Value splat(OpBuilder &builder, Location loc, VectorType type,
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
  SmallVector<int64_t> mask;
  for (int64_t i = 0; i < 2 * count; ++i)
    mask.push_back(i);
  return vector::ShuffleOp::create(builder, loc, low, high, mask);
}

/// TBL looks 16 bytes up, so each half of the vector is one; the sign becomes
/// a factor, since multiplying by it and adding the product to a sum are one
/// instruction (MLA), where negating by a mask and adding are three:
///
///   %r = lut.lookup %table[%i] signed %s
/// becomes, for i and s each half of the vector,
///   %l = tbl1(%table, %i)
///   %m = arith.shrsi %s, 7
///   %f = arith.ori %m, 1          // -1 or 1
///   %r = arith.muli %l, %f
static Value lowerLookup(OpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type.getNumElements() != 2 * registerBytes)
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
    Value factor = arith::ShRSIOp::create(builder, loc, signs,
                                          splat(builder, loc, half, 7));
    factor = arith::OrIOp::create(builder, loc, factor,
                                  splat(builder, loc, half, 1));
    result = arith::MulIOp::create(builder, loc, looked, factor);
  }
  return join(builder, loc, halves[0], halves[1]);
}

/// Codes and activations of even and of odd columns apart (LD2 takes codes
/// apart as it loads them), then products of bytes added to words (SMLAL);
/// codes are at most 2, so they are signed bytes as well:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes, for each half of the sums and c, a the even, then the odd bytes
///   %p = smull(%c, %a)
///   %r = arith.addi %acc, %p
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type.getNumElements() != registerBytes)
    return {};
  Location loc = op.getLoc();
  constexpr int64_t count = registerBytes / 2;
  auto words = VectorType::get(count, builder.getI16Type());
  Value halves[2];
  for (auto [i, sum] : llvm::enumerate(halves)) {
    int64_t first = int64_t(i) * count;
    sum = pick(builder, loc, op.getAccumulator(), first, count);
    for (int64_t odd = 0; odd < 2; ++odd) {
      auto ofHalf = [&](Value bytes) {
        Value column = pick(builder, loc, bytes, odd, registerBytes, 2);
        return pick(builder, loc, column, first, count);
      };
      Value product =
          intrinsic(builder, loc, "llvm.aarch64.neon.smull.v8i16", words,
                    {ofHalf(op.getCodes()), ofHalf(op.getActivations())});
      sum = arith::AddIOp::create(builder, loc, sum, product);
    }
  }
  return join(builder, loc, halves[0], halves[1]);
}

extern const Target aarch64_neon;
const Target aarch64_neon = {
    .name = "aarch64_neon",
    .summary = "64-bit ARM with NEON, that is all of them (ARMv8.0, 2013)",
    .triple = "aarch64-unknown-linux-gnu",
    .cpu = "generic",
    .features = cpu::ASIMD,
    .packing = {lut::PackingSpec::SignedNibble, 32},
    .prefillTokens = 96,
    .tokenTile = 4,
    .prefetchBytes = 1024,
    .lowerLookup = lowerLookup,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
