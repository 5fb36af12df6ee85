//===- Avx512.h - What targets with AVX-512 share -------------------------===//
//
// Kernels of one token, so that programs for all of these targets read one
// image of weights.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "targets/Hooks.h"
#include "targets/Target.h"

namespace tritc::targets::avx512 {

inline constexpr uint64_t features =
    cpu::ssse3 | cpu::sse41 | cpu::avx | cpu::f16c | cpu::fma | cpu::avx2 |
    cpu::avx512f | cpu::avx512bw | cpu::avx512dq | cpu::avx512vl |
    cpu::avx512vbmi2 | cpu::avx512vnni;

// Measured by kernel-bench for znver4, whose model in LLVM has other costs (15,
// 42 and 35); llvm-mca's for the others.
inline constexpr Kernel::Cost wordCosts[] = {
    {"znver4", 24}, {"icelake-server", 23}, {"sapphirerapids", 22}};
inline constexpr Kernel::Cost tritCosts[] = {
    {"znver4", 32}, {"icelake-server", 22}, {"sapphirerapids", 28}};
inline constexpr Kernel::Cost codeCosts[] = {
    {"znver4", 19}, {"icelake-server", 20}, {"sapphirerapids", 20}};
// Other heights of tiles gain less than 3 %, or lose up to 73 %: ../README.md.
inline constexpr Kernel kernels[] = {
    {{lut::PackingSpec::TritBytes, 80, /*dotRows=*/16, /*dotColumns=*/4},
     tritCosts},
    {{lut::PackingSpec::IndexWords, 128}, wordCosts},
    {{lut::PackingSpec::DotCodes, 64, /*dotRows=*/16, /*dotColumns=*/4},
     codeCosts}};

/// Of lowerDot.
inline constexpr DotShape dot = {.sumBits = 32,
                                 .rows = 16,
                                 .tokens = 1,
                                 .columns = 4,
                                 .rowTile = 64,
                                 .tokenTile = 6,
                                 .loadColumns = 4,
                                 .codes = Codes::Unsigned};

/// A table of 32 words is one register, and so are 32 indices, of which VPERMW
/// reads the low five bits:
///
///   %r = lut.lookup %table[%i]
/// becomes, for i or i and 31
///   %r = vpermw(%i, %table)
mlir::Value lowerLookup(mlir::OpBuilder &builder, lut::LookupOp op);

/// Four columns of sixteen rows:
///
///   %r = lut.dot %acc, %codes, %x
/// becomes
///   %r = vpdpbusd(%acc, %codes, %x in every element)
mlir::Value lowerDot(mlir::OpBuilder &builder, lut::DotOp op);

} // namespace tritc::targets::avx512
