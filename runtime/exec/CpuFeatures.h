//===- CpuFeatures.h - Can this CPU run the compiled code? ----------------===//
#pragma once

#include "runtime/abi/Program.h"
#include "runtime/base/Failure.h"

namespace tritc::exec {

/// Bits of cpu_features.def.
struct Features {
  uint64_t usable = 0;  ///< here and now
  uint64_t refused = 0; ///< the CPU has them, the system keeps them from us
};

/// Those of this CPU; asks the system for what it has to grant.
Features availableFeatures();

/// Calls `visit(name)` for every feature of `bits`; a bit that the list does
/// not know is visited as "unknown".
template <typename Visit>
void forEachFeature(uint64_t bits, Visit &&visit) {
  static constexpr const char *names[] = {
#define TRITC_CPU_FEATURE(ARCH, ID, LLVM_NAME) LLVM_NAME,
#include "runtime/abi/cpu_features.def"
  };
  constexpr uint64_t known = sizeof(names) / sizeof(names[0]);
  for (uint64_t bit = 0; bit < 64; ++bit)
    if (bits >> bit & 1)
      visit(bit < known ? names[bit] : "unknown");
}

/// UnsupportedCpu with every feature by name that the CPU lacks, or if it lacks
/// none, that the system refuses; or nothing. Runs before any compiled code;
/// the runtime itself needs the baseline only.
base::Failure checkCpu(const TritcProgram &program, const Features &available);

} // namespace tritc::exec
