//===- Registry.cpp - All targets -----------------------------------------===//
#include "targets/Registry.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace llvm;

namespace tritc {

// Each folder defines one constant of its own name; the list comes from
// targets/CMakeLists.txt.
namespace targets {
#define TRITC_TARGET(name) extern const Target name;
#include "targets/TargetList.def"
#undef TRITC_TARGET
} // namespace targets

ArrayRef<const Target *> allTargets() {
  static const Target *const list[] = {
#define TRITC_TARGET(name) &targets::name,
#include "targets/TargetList.def"
#undef TRITC_TARGET
  };
  return list;
}

const Target &specification() { return *allTargets().front(); }

const Target *lookupTarget(StringRef name) {
  for (const Target *target : allTargets())
    if (target->name == name)
      return target;
  return nullptr;
}

ArrayRef<Machine> allMachines() {
  static constexpr Machine list[] = {
#define TRITC_MACHINE(ID, CPU, CORES, GHZ, ONE_CORE_GBS, ALL_CORES_GBS)        \
  {#ID,                                                                        \
   CPU,                                                                        \
   CORES,                                                                      \
   int64_t(GHZ * 1000 + 0.5),                                                  \
   int64_t(ONE_CORE_GBS * 1000 + 0.5),                                         \
   int64_t(ALL_CORES_GBS * 1000 + 0.5)},
#include "targets/Machines.def"
  };
  return list;
}

const Machine *lookupMachine(StringRef name) {
  const Machine *found = find_if(allMachines(), [&](const Machine &machine) {
    return machine.name == name;
  });
  return found == allMachines().end() ? nullptr : found;
}

int64_t Machine::bandwidth(int64_t count) const {
  return count >= cores ? allCores : std::min(allCores, count * oneCore);
}

int64_t Kernel::cyclesOn(StringRef cpu) const {
  for (const Cost &cost : costs)
    if (cost.cpu == cpu)
      return cost.cycles;
  return costs.front().cycles;
}

static constexpr StringLiteral featureNames[] = {
#define TRITC_CPU_FEATURE(arch, id, llvmName) llvmName,
#include "runtime/abi/cpu_features.def"
};

static SmallVector<StringRef> namesOf(uint64_t features) {
  SmallVector<StringRef> names;
  for (auto [index, name] : enumerate(featureNames))
    if (features >> index & 1)
      names.push_back(name);
  return names;
}

bool isForThisArchitecture(const Target &target) {
  Triple host(sys::getDefaultTargetTriple());
  return Triple(target.triple).getArch() == host.getArch();
}

/// Of LLVM's features, those that this process may use.
static StringMap<bool> featuresHere() {
  StringMap<bool> features = sys::getHostCPUFeatures();
#if defined(__x86_64__) && defined(__linux__)
  // Linux saves tiles only for a process that has asked for it.
  constexpr long requestPermission = 0x1023, tileData = 18; // asm/prctl.h
  if (features.lookup("amx-tile") &&
      syscall(SYS_arch_prctl, requestPermission, tileData) != 0)
    features["amx-tile"] = false;
#endif
  return features;
}

bool runsHere(const Target &target) {
  static const StringMap<bool> hostFeatures = featuresHere();
  return isForThisArchitecture(target) &&
         all_of(namesOf(target.features),
                [](StringRef name) { return hostFeatures.lookup(name); });
}

const Target &nativeTarget() {
  const Target *best = nullptr;
  for (const Target *target : allTargets())
    if (runsHere(*target))
      best = target;
  return best ? *best : specification();
}

std::string featureString(const Target &target) {
  std::string result;
  for (StringRef name : namesOf(target.features))
    result += (result.empty() ? "+" : ",+") + name.str();
  return result;
}

} // namespace tritc
