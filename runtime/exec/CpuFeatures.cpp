//===- CpuFeatures.cpp - Can this CPU run the compiled code? --------------===//

#include "runtime/exec/CpuFeatures.h"

#include <cstring>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

using namespace tritc::exec;

// A feature of another architecture is never there.
#if defined(__x86_64__)
#define TRITC_HAS_x86_64(ID, NAME) (__builtin_cpu_supports(NAME) != 0)
#else
#define TRITC_HAS_x86_64(ID, NAME) false
#endif
#if defined(__aarch64__)
#define TRITC_HAS_aarch64(ID, NAME) ((getauxval(AT_HWCAP) & HWCAP_##ID) != 0)
#define TRITC_HAS_aarch64_2(ID, NAME)                                          \
  ((getauxval(AT_HWCAP2) & HWCAP2_##ID) != 0)
#else
#define TRITC_HAS_aarch64(ID, NAME) false
#define TRITC_HAS_aarch64_2(ID, NAME) false
#endif

uint64_t tritc::exec::availableFeatures() {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  uint64_t bits = 0;
  uint64_t bit = 0;
#define TRITC_CPU_FEATURE(ARCH, ID, LLVM_NAME)                                 \
  bits |= uint64_t{TRITC_HAS_##ARCH(ID, LLVM_NAME)} << bit++;
#include "runtime/abi/cpu_features.def"
  return bits;
}

Failure tritc::exec::checkCpu(const TritcProgram &program, uint64_t available) {
  uint64_t missing = program.requiredFeatures & ~available;
  if (!missing)
    return {};
  char list[120] = "";
  size_t used = 0;
  forEachFeature(missing, [&](const char *name) {
    int wrote = snprintf(list + used, sizeof(list) - used, " %s", name);
    used += static_cast<size_t>(wrote);
    if (used >= sizeof(list))
      used = sizeof(list) - 1;
  });
  return fail(UnsupportedCpu,
              "this CPU cannot run code compiled for %s, it lacks:%s",
              program.targetName, list);
}
