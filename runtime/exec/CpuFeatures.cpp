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

using namespace tritc;
using namespace tritc::exec;

namespace {
enum class State { Absent, Refused, Usable };
} // namespace

static State usableIf(bool isThere) {
  return isThere ? State::Usable : State::Absent;
}

#if defined(__x86_64__)
/// Bits of leaf 7, EDX.
static constexpr unsigned cpuid_amxtile = 24, cpuid_amxint8 = 25;

/// Whether the system saves tiles for this process, which it has to be asked
/// for: each thread's context grows by 8 kB.
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

static State stateOfTiles(unsigned cpuidBit) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d >> cpuidBit & 1))
    return State::Absent;
  return systemGrantsTiles() ? State::Usable : State::Refused;
}
#endif

// A feature of another architecture is never there.
#if defined(__x86_64__)
#define TRITC_STATE_x86_64(ID, NAME) usableIf(__builtin_cpu_supports(NAME) != 0)
#define TRITC_STATE_x86_64_tiles(ID, NAME) stateOfTiles(cpuid_##ID)
#else
#define TRITC_STATE_x86_64(ID, NAME) State::Absent
#define TRITC_STATE_x86_64_tiles(ID, NAME) State::Absent
#endif
#if defined(__aarch64__)
#define TRITC_STATE_aarch64(ID, NAME)                                          \
  usableIf((getauxval(AT_HWCAP) & HWCAP_##ID) != 0)
#define TRITC_STATE_aarch64_2(ID, NAME)                                        \
  usableIf((getauxval(AT_HWCAP2) & HWCAP2_##ID) != 0)
#else
#define TRITC_STATE_aarch64(ID, NAME) State::Absent
#define TRITC_STATE_aarch64_2(ID, NAME) State::Absent
#endif

Features tritc::exec::availableFeatures() {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  Features features;
  uint64_t bit = 1;
  auto addNext = [&](State state) {
    if (state != State::Absent)
      (state == State::Usable ? features.usable : features.refused) |= bit;
    bit <<= 1;
  };
#define TRITC_CPU_FEATURE(ARCH, ID, LLVM_NAME)                                 \
  addNext(TRITC_STATE_##ARCH(ID, LLVM_NAME));
#include "runtime/abi/cpu_features.def"
  return features;
}

base::Failure tritc::exec::checkCpu(const TritcProgram &program,
                                    const Features &available) {
  uint64_t missing = program.requiredFeatures & ~available.usable;
  if (!missing)
    return {};
  uint64_t lacking = missing & ~available.refused;
  char list[120] = "";
  size_t used = 0;
  forEachFeature(lacking ? lacking : missing, [&](const char *name) {
    int wrote = snprintf(list + used, sizeof(list) - used, " %s", name);
    used += static_cast<size_t>(wrote);
    if (used >= sizeof(list))
      used = sizeof(list) - 1;
  });
  return base::fail(
      base::UnsupportedCpu,
      lacking ? "this CPU cannot run code compiled for %s, it lacks:%s"
              : "this system keeps code compiled for %s from running, it "
                "refuses:%s",
      program.targetName, list);
}
