//===- TopologyTest.cpp ---------------------------------------------------===//

#include "runtime/exec/Topology.h"

#include "gtest/gtest.h"

#include <sched.h>

using namespace tritc;

/// firstAllowed with the CPUs of `mask` allowed.
static int64_t first(const char *list, uint64_t mask) {
  return exec::firstAllowed(
      list,
      [](uint32_t cpu, void *bits) {
        return cpu < 64 && (*static_cast<uint64_t *>(bits) >> cpu & 1) != 0;
      },
      &mask);
}

TEST(Topology, ReadsSiblingLists) {
  EXPECT_EQ(first("0\n", ~0ull), 0);
  EXPECT_EQ(first("3,35\n", ~0ull), 3);
  EXPECT_EQ(first("2-3\n", ~0ull), 2);
}

TEST(Topology, SkipsSiblingsThatAreNotAllowed) {
  EXPECT_EQ(first("3,35\n", 1ull << 35), 35);
  EXPECT_EQ(first("2-5,9\n", 1ull << 9), 9);
  EXPECT_EQ(first("2-5\n", 1ull << 4), 4);
}

TEST(Topology, SaysNoneForWhatIsNoList) {
  for (const char *list : {"", "\n", "x", "1-", "-1", "1;2", "99999999999"})
    EXPECT_EQ(first(list, 0), -1) << list;
}

TEST(Topology, CountsNoMoreCoresThanAllowedCpus) {
  EXPECT_GE(exec::physicalCores(), 1u);
  EXPECT_LE(exec::physicalCores(), exec::allowedCpus());
}

TEST(Topology, RespectsAffinity) {
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &before)) {
      CPU_SET(cpu, &one);
      break;
    }
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(exec::allowedCpus(), 1u);
  EXPECT_EQ(exec::physicalCores(), 1u);
  sched_setaffinity(0, sizeof(before), &before);
}
