//===- Target.cpp - x86_avx2: byte shuffles and byte dot products ---------===//
#include "targets/Avx2.h"

using namespace mlir;

namespace tritc::targets {

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
static constexpr Kernel kernels[] = {
    avx2::nibbles,
    {{lut::PackingSpec::DotCodes, 64, /*dotRows=*/8, /*dotColumns=*/4},
     codeCosts,
     &four}};

extern const Target x86_avx2;
const Target x86_avx2 = {
    .name = "x86_avx2",
    .summary = "x86-64 with AVX2, FMA and F16C (2013 and later)",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features = avx2::features,
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
    .lowerLookup = avx2::lowerLookup,
    .lowerDot = lowerDot,
};

} // namespace tritc::targets
