//===- ThisMachine.cpp - What code a test can execute here ----------------===//
#include "test/unit/targets/ThisMachine.h"

#include "targets/Registry.h"
#include "test/unit/targets/EmulatedTiles.h"

#include "llvm/Support/ErrorHandling.h"

#include <cstdlib>

namespace tritc::targets::test {

/// All features that tests may use.
static uint64_t allowedFeatures() {
  const char *name = std::getenv("TRITC_TEST_TARGET");
  if (!name || !*name)
    return ~uint64_t(0);
  const Target *target = lookupTarget(name);
  if (!target)
    llvm::report_fatal_error("TRITC_TEST_TARGET: no target of that name",
                             /*GenCrashDiag=*/false);
  return target->features;
}

static bool hasAll(const Target &target) {
  static const uint64_t allowed = allowedFeatures();
  return (target.features & ~allowed) == 0 && runsHere(target);
}

bool executes(const Target &target) {
  constexpr uint64_t ofTiles = cpu::amxtile | cpu::amxint8;
  Target rest = target;
  rest.features &= ~ofTiles;
  return hasAll(target) ||
         (rest.features != target.features && hasAll(rest) && emulateTiles());
}

Target plainHost() {
  Target host = specification();
  for (const Target *target : allTargets())
    if (hasAll(*target))
      host.features = target->features;
  return host;
}

} // namespace tritc::targets::test
