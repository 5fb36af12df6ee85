//===- ThreadPoolTest.cpp -------------------------------------------------===//

#include "runtime/exec/ThreadPool.h"
#include "runtime/abi/Program.h"

#include "gtest/gtest.h"

#include <chrono>
#include <signal.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace tritc;

class ThreadPoolSizes : public testing::TestWithParam<uint32_t> {
protected:
  void SetUp() override { pool.start(GetParam()); }
  exec::ThreadPool pool;
};

TEST_P(ThreadPoolSizes, RunsEveryThreadOnce) {
  std::vector<int> counts(GetParam());
  for (int job = 0; job < 1000; ++job)
    pool.run([&](uint32_t thread) { ++counts[thread]; });
  EXPECT_EQ(counts, std::vector<int>(GetParam(), 1000));
}

/// Plain, unsynchronised data: the barrier alone must order it. Each round a
/// thread writes its own place and reads its neighbour's of the round before.
TEST_P(ThreadPoolSizes, OrdersMemoryAtBarriers) {
  uint32_t threads = GetParam();
  std::vector<uint64_t> places(threads * 16, 0);
  std::vector<uint64_t> mistakes(threads, 0);
  constexpr uint64_t rounds = 5000;
  pool.run([&](uint32_t thread) {
    uint32_t neighbour = (thread + 1) % threads;
    for (uint64_t round = 1; round <= rounds; ++round) {
      places[thread * 16] = round;
      tritc_barrier(pool.barrier());
      mistakes[thread] += places[neighbour * 16] != round;
      tritc_barrier(pool.barrier());
    }
  });
  EXPECT_EQ(mistakes, std::vector<uint64_t>(threads, 0));
}

TEST_P(ThreadPoolSizes, LeavesAJobAtTheBarrierWhereItIsCancelled) {
  uint32_t threads = GetParam();
  std::vector<int> reached(threads, 0);
  std::atomic<bool> cancelled{false};
  auto job = [&](uint32_t thread) {
    for (int barrier = 1; barrier <= 10; ++barrier) {
      if (barrier == 4 && thread + 1 == threads)
        cancelled = true;
      tritc_barrier(pool.barrier());
      reached[thread] = barrier;
    }
  };
  EXPECT_FALSE(pool.run(job, &cancelled));
  // Whoever arrives last looks: at the fourth barrier, or one before it.
  EXPECT_EQ(reached, std::vector<int>(threads, reached[0]));
  EXPECT_LE(reached[0], 3);
  cancelled = false;
  EXPECT_TRUE(pool.run(job, nullptr));
  EXPECT_EQ(reached, std::vector<int>(threads, 10));
}

TEST_P(ThreadPoolSizes, FinishesAJobThatIsNotCancelled) {
  std::atomic<bool> cancelled{false};
  std::atomic<uint32_t> count{0};
  auto job = [&](uint32_t) {
    tritc_barrier(pool.barrier());
    ++count;
  };
  for (int round = 0; round < 100; ++round)
    EXPECT_TRUE(pool.run(job, &cancelled));
  EXPECT_EQ(count, 100 * GetParam());
}

TEST_P(ThreadPoolSizes, WaitsForTheSlowest) {
  std::vector<uint32_t> done(GetParam(), 0);
  pool.run([&](uint32_t thread) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5 * thread));
    done[thread] = 1;
  });
  EXPECT_EQ(done, std::vector<uint32_t>(GetParam(), 1));
}

TEST_P(ThreadPoolSizes, WakesAfterSleep) {
  for (int job = 0; job < 3; ++job) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    std::atomic<uint32_t> count{0};
    pool.run([&](uint32_t) { ++count; });
    EXPECT_EQ(count, GetParam());
  }
}

TEST_P(ThreadPoolSizes, StartsAgainAfterStop) {
  pool.stop();
  EXPECT_EQ(pool.size(), 1u);
  pool.start(GetParam());
  std::atomic<uint32_t> count{0};
  pool.run([&](uint32_t) { ++count; });
  EXPECT_EQ(count, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolSizes,
                         testing::Values(1, 2, 3, 5, 16));

TEST(ThreadPool, KeepsSignalsOnTheCaller) {
  exec::ThreadPool pool;
  pool.start(3);
  std::atomic<uint32_t> blocked{0};
  pool.run([&](uint32_t thread) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked += sigismember(&mask, SIGINT) == (thread != 0);
  });
  EXPECT_EQ(blocked, 3u);
}

/// Exits with 0 if a pool works that found no room for 200 stacks of a
/// megabyte.
[[noreturn]] static void runWithoutRoom() {
  exec::ThreadPool pool;
  rlimit limit = {64u << 20, 64u << 20};
  if (setrlimit(RLIMIT_AS, &limit))
    _exit(1);
  pool.start(200);
  if (pool.size() >= 200)
    _exit(2);
  std::atomic<uint32_t> count{0};
  for (int job = 0; job < 3; ++job)
    pool.run([&](uint32_t) {
      ++count;
      tritc_barrier(pool.barrier());
    });
  _exit(count == 3 * pool.size() ? 0 : 3);
}

TEST(ThreadPool, RunsOnTheThreadsThatThereAre) {
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "AddressSanitizer needs more address space than the limit";
#endif
  EXPECT_EXIT(runWithoutRoom(), testing::ExitedWithCode(0),
              "^note: runs on [0-9]+ of 200 threads: cannot start more: .*\n$");
}
