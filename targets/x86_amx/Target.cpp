//===- Target.cpp - x86_amx: products of tiles ---------------------------===//
#include "targets/Avx512.h"

using namespace mlir;

namespace tritc::targets {

/// A tile is 16 rows of 64 bytes.
static constexpr int64_t tileRows = 16, tileBytes = 64;

static Type typeOfTile(lut::RegisterType type) {
  unsigned bytes = type.getElementType().getIntOrFloatBitWidth() / 8;
  if (type.getRows() != tileRows || type.getColumns() * bytes != tileBytes)
    return {};
  return LLVM::LLVMX86AMXType::get(type.getContext());
}

/// An argument that says how many rows a tile has, or bytes one of its rows.
static Value size(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getI16IntegerAttr(int16_t(value)));
}

static Value loadTile(OpBuilder &builder, lut::LoadRegisterOp op) {
  Location loc = op.getLoc();
  Place place =
      placeOf(builder, loc, op.getSource(), op.getRow(), op.getColumn());
  return intrinsic(builder, loc, "llvm.x86.tileloadd64.internal",
                   typeOfTile(op.getType()),
                   {size(builder, loc, tileRows), size(builder, loc, tileBytes),
                    place.address, place.stride});
}

static void storeTile(OpBuilder &builder, lut::StoreRegisterOp op, Value tile) {
  Location loc = op.getLoc();
  Place place =
      placeOf(builder, loc, op.getDestination(), op.getRow(), op.getColumn());
  LLVM::CallIntrinsicOp::create(
      builder, loc, builder.getStringAttr("llvm.x86.tilestored64.internal"),
      {size(builder, loc, tileRows), size(builder, loc, tileBytes),
       place.address, place.stride, tile});
}

/// 16 tokens of 64 columns times 16 rows, whose columns stand side by side in
/// fours; the tokens come first, since the sums of a token are a row:
///
///   %r = lut.dot_registers %acc, %codes, %x
/// becomes
///   %r = tdpbsud(%acc, %x, %codes)
static Value multiplyTiles(OpBuilder &builder, lut::DotRegistersOp op,
                           ValueRange tiles) {
  Location loc = op.getLoc();
  return intrinsic(
      builder, loc, "llvm.x86.tdpbsud.internal", typeOfTile(op.getType()),
      {size(builder, loc, tileRows), size(builder, loc, tileBytes),
       size(builder, loc, tileBytes), tiles[0], tiles[2], tiles[1]});
}

static constexpr RegisterHooks tiles = {typeOfTile, loadTile, storeTile,
                                        multiplyTiles};

static constexpr DotShape tileDot = {.sumBits = 32,
                                     .rows = 16,
                                     .tokens = 16,
                                     .columns = 64,
                                     .rowTile = 32,
                                     .tokenTile = 32,
                                     .loadColumns = 64,
                                     .sideColumns = 4,
                                     .chunkColumns = 768};

extern const Target x86_amx;
const Target x86_amx = {
    .name = "x86_amx",
    .summary = "x86-64 with AVX-512 and AMX for bytes (Sapphire Rapids and "
               "later)",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features = avx512::features | cpu::amxtile | cpu::amxint8,
    .machine = "xeon_4",
    .kernels = avx512::kernels,
    .dot = avx512::dot,
    .prefillTokens = 256,
    .prefetchBytes = 16384,
    .lowerLookup = avx512::lowerLookup,
    .lowerDot = avx512::lowerDot,
    .registerDot = &tileDot,
    .registers = &tiles,
    .fallback = "x86_avx512",
};

} // namespace tritc::targets
