//===- Limits.cpp - What this machine can do at most ----------------------===//
#include "compiler/tuning/Limits.h"

#include "compiler/codegen/AnonymousMemory.h"
#include "compiler/codegen/LoadedObject.h"
#include "compiler/tuning/LimitLoops.h"
#include "compiler/tuning/SmallProgram.h"
#include "compiler/tuning/Team.h"

#include "compiler/support/Error.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cstring>

namespace tritc::tuning {

using codegen::AnonymousMemory;

namespace {
/// Two loops in this process, and memory for them.
class Loops {
public:
  static llvm::Expected<Loops> create(const Target &target,
                                      const std::string &decode,
                                      const std::string &prefill) {
    llvm::Expected<std::string> object = compileLoops(decode + prefill, target);
    if (!object)
      return object.takeError();
    llvm::Expected<codegen::LoadedObject> code =
        codegen::LoadedObject::load(*object, &Barrier::waitAt);
    if (!code)
      return code.takeError();
    return Loops(std::move(*code));
  }

  /// Seconds of the best of some runs. Every thread has `count` and begins at
  /// thread * count.
  double seconds(TritcForward loop, const uint8_t *bytes, unsigned threads,
                 int64_t count, int64_t distance, int runs) {
    std::vector<float> out(threads * 4096);
    std::vector<uint8_t> scratch(65536);
    double best = 1e30;
    for (int run = 0; run < runs; ++run)
      best = std::min(
          best, runTeam(threads, [&](unsigned thread, Barrier &barrier) {
            loop(bytes, scratch.data(), nullptr, nullptr, nullptr, out.data(),
                 nullptr, count, distance, thread, threads, &barrier);
          }));
    return best;
  }

  TritcForward first() const { return code.program().decode; }
  TritcForward second() const { return code.program().prefill; }

private:
  explicit Loops(codegen::LoadedObject code) : code(std::move(code)) {}
  codegen::LoadedObject code;
};
} // namespace

static llvm::Expected<double> measureBandwidth(const Target &target,
                                               unsigned threads) {
  llvm::Expected<Loops> one =
      Loops::create(target, readFunction("decode", 1, /*prefetches=*/false),
                    readFunction("prefill", 1, /*prefetches=*/true));
  if (!one)
    return one.takeError();
  llvm::Expected<Loops> four =
      Loops::create(target, readFunction("decode", 4, /*prefetches=*/false),
                    readFunction("prefill", 4, /*prefetches=*/true));
  if (!four)
    return four.takeError();
  // More than any cache of one core's share holds.
  const int64_t share = int64_t(256) << 20 >> (threads > 1 ? 1 : 0);
  AnonymousMemory memory(uint64_t(share) * threads + 65536,
                         AnonymousMemory::Pages::Huge);
  if (!memory.isThere())
    return makeError(ExitCode::Internal, "no memory to measure bandwidth with");
  auto *bytes = memory.as<uint8_t>();
  // Written by its reader: pages of its own, on its own node.
  runTeam(threads, [&](unsigned thread, Barrier &) {
    std::memset(bytes + thread * share, int(thread) + 1, size_t(share));
  });
  double best = 1e30;
  constexpr int runs = 3;
  for (Loops *loops : {&*one, &*four}) {
    best = std::min(best, loops->seconds(loops->first(), bytes, threads, share,
                                         /*distance=*/0, runs));
    for (int64_t distance : {512, 1024, 4096, 8192, 16384})
      best = std::min(best, loops->seconds(loops->second(), bytes, threads,
                                           share, distance, runs));
  }
  return double(share) * threads / best;
}

llvm::Expected<Limits> measureLimits(const Target &target, unsigned threads) {
  const DotShape &dot = target.registerDot ? *target.registerDot : target.dot;
  // A register of f32 is as wide as one of codes.
  int64_t lanes =
      std::clamp<int64_t>(target.dot.rows * target.dot.columns / 4, 4, 16);
  llvm::Expected<Loops> loops = Loops::create(
      target, dotFunction("decode", dot), fmaFunction("prefill", lanes));
  if (!loops)
    return loops.takeError();
  llvm::Expected<double> bandwidth = measureBandwidth(target, threads);
  if (!bandwidth)
    return bandwidth.takeError();

  AnonymousMemory codes(1 << 20);
  constexpr int64_t rounds = 1 << 20;
  constexpr int runs = 5;
  auto perSecond = [&](TritcForward loop, int64_t products) {
    double seconds = loops->seconds(loop, codes.as<uint8_t>(), threads, rounds,
                                    /*distance=*/0, runs);
    return double(rounds) * double(products) * threads / seconds;
  };
  return Limits{*bandwidth, perSecond(loops->first(), dotsOfRound(dot)),
                perSecond(loops->second(), fmasOfRound(lanes))};
}

} // namespace tritc::tuning
