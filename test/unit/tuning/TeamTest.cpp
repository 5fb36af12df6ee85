//===- TeamTest.cpp - Threads that meet -----------------------------------===//
#include "compiler/tuning/Team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

using namespace tritc::tuning;

namespace {

TEST(Team, NobodyPassesTheBarrierBeforeAllAreThere) {
  constexpr unsigned threads = 5;
  constexpr int rounds = 200;
  std::atomic<unsigned> arrived{0};
  std::atomic<bool> early{false};
  runTeam(threads, [&](unsigned, Barrier &barrier) {
    for (int round = 1; round <= rounds; ++round) {
      arrived.fetch_add(1);
      barrier.wait();
      if (arrived.load() < threads * unsigned(round))
        early.store(true);
      barrier.wait();
    }
  });
  EXPECT_FALSE(early);
  EXPECT_EQ(arrived, threads * unsigned(rounds));
}

TEST(Team, TimeIsThatOfTheSlowest) {
  double seconds = runTeam(3, [](unsigned thread, Barrier &) {
    if (thread == 2)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  EXPECT_GE(seconds, 0.02);
}

} // namespace
