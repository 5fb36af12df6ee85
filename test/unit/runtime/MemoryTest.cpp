//===- MemoryTest.cpp -----------------------------------------------------===//

#include "runtime/exec/Memory.h"

#include "gtest/gtest.h"

using namespace tritc;

constexpr char meminfo[] = "MemTotal:       24616412 kB\n"
                           "MemFree:         1042912 kB\n"
                           "MemAvailable:   22101120 kB\n";

TEST(Memory, FieldsAreInKilobytes) {
  EXPECT_EQ(exec::bytesOf(meminfo, "MemAvailable"), 22101120ull * 1024);
  EXPECT_EQ(exec::bytesOf(meminfo, "MemTotal"), 24616412ull * 1024);
}

TEST(Memory, AMissingFieldIsNothing) {
  EXPECT_EQ(exec::bytesOf(meminfo, "SwapFree"), 0u);
  EXPECT_EQ(exec::bytesOf(meminfo, "Mem"), 0u);
  EXPECT_EQ(exec::bytesOf("", "MemFree"), 0u);
  EXPECT_EQ(exec::bytesOf("MemFree", "MemFree"), 0u);
}

TEST(Memory, SomeIsAvailable) {
  EXPECT_GT(exec::availableMemory(), 1u << 20);
  EXPECT_LT(exec::availableMemory(), size_t{1} << 48);
}
