//===- Random.cpp - Reproducible random numbers ---------------------------===//

#include "runtime/sample/Random.h"

#include <sys/random.h>
#include <time.h>

uint64_t tritc::sample::randomSeed() {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
    return seed;
  // Early in boot the kernel may have none to give.
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000007u +
         static_cast<uint64_t>(now.tv_nsec);
}
