//===- MemoryTest.cpp -----------------------------------------------------===//

#include "runtime/exec/Memory.h"

#include "gtest/gtest.h"

#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/utsname.h>

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

/// 64 MB of memory that has been written, with huge pages or without.
struct WrittenMemory {
  static constexpr size_t bytes = size_t{64} << 20, aligned = size_t{2} << 20;

  explicit WrittenMemory(int advice)
      : base(mmap(nullptr, bytes + aligned, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    auto address = reinterpret_cast<uintptr_t>(base);
    start = static_cast<uint8_t *>(base) + -address % aligned;
    madvise(start, bytes, advice);
    memset(start, 1, bytes);
  }
  ~WrittenMemory() { munmap(base, bytes + aligned); }

  void *base;
  uint8_t *start;
};

/// Whether the kernel answers PAGEMAP_SCAN: Linux 6.7.
static bool saysWhatIsHuge() {
  utsname names;
  uname(&names);
  char *end;
  long major = strtol(names.release, &end, 10);
  return major > 6 || (major == 6 && strtol(end + 1, nullptr, 10) >= 7);
}

TEST(Memory, HugePagesAreSeen) {
  if (!exec::grantsHugePages() || !saysWhatIsHuge())
    GTEST_SKIP() << "no huge pages here, or nobody says where they are";
  WrittenMemory memory(MADV_HUGEPAGE);
  EXPECT_TRUE(exec::liesInHugePages(memory.start, memory.bytes));
}

TEST(Memory, SmallPagesAreNotHuge) {
  WrittenMemory memory(MADV_NOHUGEPAGE);
  EXPECT_FALSE(exec::liesInHugePages(memory.start, memory.bytes));
  EXPECT_FALSE(exec::liesInHugePages(memory.start, 0));
}
