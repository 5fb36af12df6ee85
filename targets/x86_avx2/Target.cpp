//===- Target.cpp - x86_avx2: byte shuffles and byte dot products ---------===//
#include "targets/Target.h"

#include "dialects/lut/Lut.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tritc::targets {

static Value intrinsic(OpBuilder &builder, Location loc, StringRef name,
                       Type type, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(builder, loc, type,
                                       builder.getStringAttr(name), operands)
      .getResult(0);
}

/// The table stands in both 128-bit halves, so vpshufb looks 32 bytes up:
///
///   %r = lut.lookup %table[%i] signed %s
/// becomes
///   %b = vector.shuffle %table, %table [0..15, 0..15]  // vbroadcasti128
///   %p = vpshufb(%b, %i)
///   %r = vpsignb(%p, %s)       // clears where %s is 0, which it never is
static Value lowerLookup(OpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type.getNumElements() != 32)
    return {};
  Location loc = op.getLoc();
  SmallVector<int64_t> twice;
  for (int64_t i = 0; i < 32; ++i)
    twice.push_back(i % 16);
  Value table = vector::ShuffleOp::create(builder, loc, op.getTable(),
                                          op.getTable(), twice);
  Value looked = intrinsic(builder, loc, "llvm.x86.avx2.pshuf.b", type,
                           {table, op.getIndices()});
  return intrinsic(builder, loc, "llvm.x86.avx2.psign.b", type,
                   {looked, op.getSigns()});
}

///   %r = lut.dot %acc, %codes, %x
/// becomes
///   %p = vpmaddubsw(%codes, %x)     // never saturates: codes are at most 2
///   %r = arith.addi %acc, %p
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type.getNumElements() != 16)
    return {};
  Value pairs = intrinsic(builder, op.getLoc(), "llvm.x86.avx2.pmadd.ub.sw",
                          type, {op.getCodes(), op.getActivations()});
  return arith::AddIOp::create(builder, op.getLoc(), op.getAccumulator(),
                               pairs);
}

extern const Target x86_avx2;
const Target x86_avx2 = {
    .name = "x86_avx2",
    .summary = "x86-64 with AVX2, FMA and F16C (2013 and later)",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features =
        cpu::ssse3 | cpu::sse41 | cpu::avx | cpu::f16c | cpu::fma | cpu::avx2,
    .packing = {lut::PackingSpec::SignedNibble, 64},
    .prefillTokens = 96,
    .tokenTile = 6,
    .prefetchBytes = 8192,
    .lowerLookup = lowerLookup,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
