//===- Target.cpp - x86_avx2: byte shuffles and byte dot products ---------===//
#include "targets/Target.h"
#include "targets/Hooks.h"

using namespace mlir;

namespace tritc::targets {

/// The table stands in both 128-bit halves, so vpshufb looks 32 bytes up:
///
///   %r = lut.lookup %table[%i] signed %s
/// becomes
///   %b = vector.shuffle %table, %table [0..15, 0..15]  // vbroadcasti128
///   %p = vpshufb(%b, %i)
///   %r = vpsignb(%p, %s)       // clears where %s is 0, which it never is
static Value lowerLookup(OpBuilder &builder, lut::LookupOp op) {
  auto type = cast<VectorType>(op.getType());
  if (type != VectorType::get(32, builder.getI8Type()) || !op.getSigns() ||
      op.getComplement() || op.getTable().getType().getShape()[0] != 16)
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

/// Four columns of eight rows:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes
///   %p = vpmaddubsw(%codes, %x in every element)  // at most 2 * 127 * 128
///   %r = arith.addi %acc, vpmaddwd(%p, 1)
static Value dotOfFour(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  Location loc = op.getLoc();
  auto words = VectorType::get(16, builder.getI16Type());
  Value all =
      repeat(builder, loc, op.getActivations(), op.getCodes().getType());
  Value pairs = intrinsic(builder, loc, "llvm.x86.avx2.pmadd.ub.sw", words,
                          {op.getCodes(), all});
  Value ones = arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(words, builder.getI16IntegerAttr(1)));
  Value fours =
      intrinsic(builder, loc, "llvm.x86.avx2.pmadd.wd", type, {pairs, ones});
  return arith::AddIOp::create(builder, loc, op.getAccumulator(), fours);
}

/// One pair of columns for all rows:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes
///   %b = vpbroadcastw(%x)
///   %p = vpmaddubsw(%codes, %b)     // never saturates: codes are at most 2
///   %r = arith.addi %acc, %p
static Value lowerDot(OpBuilder &builder, lut::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  if (op.getTokens() != 1 || op.getKind() != lut::Codes::Small)
    return {};
  if (type == VectorType::get(8, builder.getI32Type()) && op.getColumns() == 4)
    return dotOfFour(builder, op);
  if (type != VectorType::get(16, builder.getI16Type()) || op.getColumns() != 2)
    return {};
  Location loc = op.getLoc();
  Value all =
      repeat(builder, loc, op.getActivations(), op.getCodes().getType());
  Value pairs = intrinsic(builder, loc, "llvm.x86.avx2.pmadd.ub.sw", type,
                          {op.getCodes(), all});
  return arith::AddIOp::create(builder, loc, op.getAccumulator(), pairs);
}

static constexpr Kernel::Cost nibbleCosts[] = {{"znver4", 40},
                                               {"haswell", 43},
                                               {"icelake-server", 36},
                                               {"sapphirerapids", 36}};
static constexpr Kernel::Cost codeCosts[] = {
    {"znver4", 44}, {"icelake-server", 49}, {"sapphirerapids", 47}};
static constexpr DotShape four = {.sumBits = 32,
                                  .rows = 8,
                                  .tokens = 1,
                                  .columns = 4,
                                  .rowTile = 16,
                                  .tokenTile = 6,
                                  .loadColumns = 4,
                                  .codes = Codes::Small};
// Tiles of 32 rows take 0.98 to 1.01 of the time, taller ones more:
// ../README.md.
static constexpr Kernel kernels[] = {
    {{lut::PackingSpec::SignedNibble, 64}, nibbleCosts},
    {{lut::PackingSpec::DotCodes, 64, /*dotRows=*/8, /*dotColumns=*/4},
     codeCosts,
     &four}};

extern const Target x86_avx2;
const Target x86_avx2 = {
    .name = "x86_avx2",
    .summary = "x86-64 with AVX2, FMA and F16C (2013 and later)",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features =
        cpu::ssse3 | cpu::sse41 | cpu::avx | cpu::f16c | cpu::fma | cpu::avx2,
    .machine = "epyc_4",
    .kernels = kernels,
    .dot = {.sumBits = 16,
            .rows = 16,
            .tokens = 1,
            .columns = 2,
            .rowTile = 32,
            .tokenTile = 6,
            .loadColumns = 2,
            .codes = Codes::Small},
    .prefillTokens = 96,
    .prefetchBytes = 8192,
    .lowerLookup = lowerLookup,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
