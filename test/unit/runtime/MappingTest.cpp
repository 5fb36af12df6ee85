//===- MappingTest.cpp ----------------------------------------------------===//

#include "runtime/exec/Mapping.h"

#include "gtest/gtest.h"

using namespace tritc;

TEST(Mapping, AlignsLargeOnesForHugePages) {
  exec::Mapping mapping;
  ASSERT_TRUE(mapping.allocate(5 << 20));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(mapping.data()) % (2 << 20), 0u);
  mapping.data()[0] = 1;
  mapping.data()[(5 << 20) - 1] = 1;
}

TEST(Mapping, StartsZeroed) {
  exec::Mapping mapping;
  ASSERT_TRUE(mapping.allocate(10000));
  for (size_t i = 0; i < 10000; ++i)
    ASSERT_EQ(mapping.data()[i], 0);
}

TEST(Mapping, AcceptsNothing) {
  exec::Mapping mapping;
  EXPECT_TRUE(mapping.allocate(0));
  EXPECT_EQ(mapping.size(), 0u);
}

TEST(Mapping, RefusesMoreThanThereIs) {
  exec::Mapping mapping;
  EXPECT_FALSE(mapping.allocate(SIZE_MAX));
  EXPECT_FALSE(mapping.allocate(size_t{1} << 60));
}

TEST(Arena, SeparatesBuffersByPages) {
  exec::Arena arena;
  size_t first = arena.place(100);
  size_t second = arena.place(5000);
  size_t third = arena.place(1);
  ASSERT_TRUE(arena.map());
  EXPECT_EQ(arena.at(first) - arena.at(0), 0);
  EXPECT_EQ(arena.at(second) - arena.at(first), 4096);
  EXPECT_EQ(arena.at(third) - arena.at(second), 8192);
}

TEST(Arena, RefusesSizesThatWouldWrapAround) {
  exec::Arena arena;
  arena.place(SIZE_MAX - 100);
  arena.place(4096);
  EXPECT_FALSE(arena.map());
}
