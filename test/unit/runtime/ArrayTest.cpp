//===- ArrayTest.cpp ------------------------------------------------------===//

#include "runtime/base/Array.h"

#include "gtest/gtest.h"

#include <numeric>

using namespace tritc;

TEST(Array, KeepsWhatIsPushedWhileItGrows) {
  base::Array<int> array;
  for (int i = 0; i < 1000; ++i)
    array.push(i);
  ASSERT_EQ(array.size(), 1000u);
  for (int i = 0; i < 1000; ++i)
    ASSERT_EQ(array[i], i);
}

TEST(Array, AppendsItself) {
  base::Array<int> array;
  for (int i = 0; i < 16; ++i)
    array.push(i); // full: the next append moves the elements
  array.append(array.data() + 4, 12);
  ASSERT_EQ(array.size(), 28u);
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(array[16 + i], 4 + i);
}

TEST(Array, FillsWhatResizeAddsWithZeros) {
  base::Array<int> array;
  array.push(7);
  array.clear();
  array.resize(3);
  EXPECT_EQ(array[0], 0);
  EXPECT_EQ(array[2], 0);
}

TEST(Array, AdoptsWhatWasWrittenBehindItsEnd) {
  base::Array<char> array;
  array.append("a");
  array.reserve(3);
  memcpy(array.data() + 1, "bc", 2);
  array.adopt(2);
  EXPECT_EQ(array.view(), "abc");
}

TEST(Array, LeavesNothingBehindWhenMoved) {
  base::Array<char> from;
  from.append("text");
  base::Array<char> to = static_cast<base::Array<char> &&>(from);
  EXPECT_EQ(to.view(), "text");
  EXPECT_TRUE(from.empty());
  EXPECT_EQ(from.capacity(), 0u);
}

TEST(Array, DoesNotGrowWithinWhatWasReserved) {
  base::Array<int> array;
  array.reserve(100);
  const int *before = array.data();
  for (int i = 0; i < 100; ++i)
    array.push(i);
  EXPECT_EQ(array.data(), before);
}

TEST(ArrayDeathTest, EndsInOneLineWithoutMemory) {
  base::Array<uint64_t> array;
  EXPECT_EXIT(array.reserve(SIZE_MAX / 8), testing::ExitedWithCode(70),
              "^error: out of memory [^\n]*\n$");
}
