//===- CpuFeatures.cpp - Can this CPU run the compiled code? --------------===//

#include "runtime/exec/CpuFeatures.h"

#include <cstring>
#if defined(__aarch64__)
#include <sys/auxv.h>
#else
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace tritc::exec;

#if defined(__x86_64__)
/// Bits of leaf 7, EDX.
static constexpr unsigned cpuid_amxtile = 24, cpuid_amxint8 = 25;

/// Whether the CPU knows tiles, and the system saves them for this process,
/// which it has to be asked for: each thread's context grows by 8 kB.
static bool systemGrantsTiles() {
  constexpr unsigned savesRegisters = 1u << 27; // leaf 1, ECX
  constexpr unsigned tileStates = 3u << 17;     // XCR0: configuration and data
  constexpr long requestPermission = 0x1023, tileData = 18; // asm/prctl.h
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & savesRegisters))
    return false;
  unsigned low = 0, high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & tileStates) == tileStates &&
         syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
}

static bool hasTiles(unsigned cpuidBit) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> cpuidBit & 1) &&
         systemGrantsTiles();
}
#endif

// A feature of another architecture is never there.
#if defined(__x86_64__)
#define TRITC_HAS_x86_64(ID, NAME) (__builtin_cpu_supports(NAME) != 0)
#define TRITC_HAS_x86_64_tiles(ID, NAME) hasTiles(cpuid_##ID)
#else
#define TRITC_HAS_x86_64(ID, NAME) false
#define TRITC_HAS_x86_64_tiles(ID, NAME) false
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
