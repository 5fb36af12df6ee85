//===- Avx2.h - What targets with vectors of 256 bits share ---------------===//
#pragma once

#include "targets/Hooks.h"
#include "targets/Target.h"

namespace tritc::targets::avx2 {

inline constexpr uint64_t features =
    cpu::ssse3 | cpu::sse41 | cpu::avx | cpu::f16c | cpu::fma | cpu::avx2;

inline constexpr Kernel::Cost nibbleCosts[] = {{"znver4", 40},
                                               {"haswell", 43},
                                               {"alderlake", 36},
                                               {"icelake-server", 36},
                                               {"sapphirerapids", 36}};
/// Of lowerLookup. Tiles of 32 rows take 0.98 to 1.01 of the time, taller ones
/// more: README.md.
inline constexpr Kernel nibbles = {{lut::PackingSpec::SignedNibble, 64},
                                   nibbleCosts};

/// The table stands in both 128-bit halves, so vpshufb looks 32 bytes up:
///
///   %r = lut.lookup %table[%i] signed %s
/// becomes
///   %b = vector.shuffle %table, %table [0..15, 0..15]  // vbroadcasti128
///   %p = vpshufb(%b, %i)
///   %r = vpsignb(%p, %s)       // clears where %s is 0, which it never is
mlir::Value lowerLookup(mlir::OpBuilder &builder, lut::LookupOp op);

} // namespace tritc::targets::avx2
