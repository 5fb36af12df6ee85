//===- Bench.cpp - Micro-benchmarks of every kernel of every target -------===//
#include "tools/kernel-bench/Bench.h"

#include "targets/Registry.h"

#include "llvm/Support/Threading.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>

namespace tritc::bench {

//===----------------------------------------------------------------------===//
// What is made once
//===----------------------------------------------------------------------===//

/// The limits of this machine, measured when a benchmark of the target first
/// asks.
static const tuning::Limits *limitsOf(const Target &target, unsigned threads,
                                      std::string &complaint) {
  static std::map<std::pair<const Target *, unsigned>, tuning::Limits> known;
  auto [found, isNew] = known.try_emplace({&target, threads});
  if (!isNew)
    return &found->second;
  llvm::Expected<tuning::Limits> limits =
      tuning::measureLimits(target, threads);
  if (!limits) {
    complaint = llvm::toString(limits.takeError());
    known.erase(found);
    return nullptr;
  }
  found->second = *limits;
  return &found->second;
}

/// The runner of `what`, kept until another is asked for: benchmarks that
/// differ in their number of threads are neighbours.
static tuning::KernelRunner *runnerOf(const Case &what,
                                      std::string &complaint) {
  static std::unique_ptr<tuning::KernelRunner> last;
  static std::string lastName;
  std::string name = what.target->name.str() + what.name;
  if (last && lastName == name)
    return last.get();
  last.reset(); // before the next one takes as much memory
  llvm::Expected<std::unique_ptr<tuning::KernelRunner>> runner =
      tuning::KernelRunner::create(what.workload, *what.target, what.kernel);
  if (!runner) {
    complaint = llvm::toString(runner.takeError());
    return nullptr;
  }
  last = std::move(*runner);
  lastName = name;
  return last.get();
}

int64_t layersOf(int64_t bytes) {
  constexpr int64_t cacheBytes = int64_t(192) << 20, mostLayers = 40;
  return std::clamp<int64_t>(cacheBytes / std::max<int64_t>(bytes, 1), 2,
                             mostLayers);
}

//===----------------------------------------------------------------------===//
// Running and reporting
//===----------------------------------------------------------------------===//

/// The amounts of the mean call, per second, and their shares of the limits.
static void report(benchmark::State &state, const Case::Amount &amount,
                   double seconds, const tuning::Limits &limits) {
  auto put = [&](const char *name, double value) {
    if (value > 0)
      state.counters[name] = value;
  };
  put("GB/s", amount.bytes / seconds / 1e9);
  put("Gweights/s", amount.weights / seconds / 1e9);
  put("GMAC/s", (amount.dots + amount.fmas) / seconds / 1e9);
  put("of_bandwidth", amount.bytes / seconds / limits.bytesPerSecond);
  put("of_dot_peak", amount.dots / seconds / limits.dotsPerSecond);
  put("of_fma_peak", amount.fmas / seconds / limits.fmasPerSecond);
}

/// Of a benchmark that could have run.
static bool hasFailed = false;

static void fail(benchmark::State &state, const std::string &complaint) {
  hasFailed = true;
  state.SkipWithError(complaint.c_str());
}

static void run(benchmark::State &state, const Case &what, unsigned threads) {
  std::string complaint;
  tuning::KernelRunner *runner = runnerOf(what, complaint);
  const tuning::Limits *limits =
      runner ? limitsOf(*what.target, threads, complaint) : nullptr;
  if (!limits)
    return fail(state, complaint);
  int64_t tokens = what.isDecode ? 1 : runner->maxTokens();
  double seconds = 0;
  for (auto _ : state) {
    double once = runner->seconds(tokens, threads, /*calls=*/1);
    state.SetIterationTime(once);
    seconds += once;
  }
  report(state, what.amount(*runner, tokens),
         seconds / double(state.iterations()), *limits);
}

/// The limits themselves, so that shares can be turned into speeds.
static void reportLimits(benchmark::State &state, const Target &target,
                         unsigned threads) {
  std::string complaint;
  const tuning::Limits *limits = limitsOf(target, threads, complaint);
  if (!limits)
    return fail(state, complaint);
  for (auto _ : state)
    state.SetIterationTime(1e-9);
  state.counters["bandwidth_GB/s"] = limits->bytesPerSecond / 1e9;
  state.counters["dot_peak_GMAC/s"] = limits->dotsPerSecond / 1e9;
  state.counters["fma_peak_GMAC/s"] = limits->fmasPerSecond / 1e9;
}

static std::vector<unsigned> threadCounts() {
  unsigned all = llvm::hardware_concurrency().compute_thread_count();
  return all > 1 ? std::vector<unsigned>{1, all} : std::vector<unsigned>{1};
}

/// Registers one benchmark per number of threads; a single one that is skipped
/// where this machine cannot run the target.
static void
addFor(const Target &target, llvm::StringRef name,
       const std::function<void(benchmark::State &, unsigned)> &body) {
  std::string start = (target.name + "/" + name).str();
  if (!runsHere(target)) {
    benchmark::RegisterBenchmark(start.c_str(), [](benchmark::State &state) {
      state.SkipWithError("skipped: this machine cannot run it");
    });
    return;
  }
  for (unsigned threads : threadCounts())
    benchmark::RegisterBenchmark(
        (start + "/threads:" + std::to_string(threads)).c_str(),
        [=](benchmark::State &state) { body(state, threads); })
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
}

void add(const Case &what) {
  addFor(*what.target, what.name,
         [=](benchmark::State &state, unsigned threads) {
           run(state, what, threads);
         });
}

static void addLimits() {
  for (const Target *target : allTargets())
    addFor(*target, "limits", [=](benchmark::State &state, unsigned threads) {
      reportLimits(state, *target, threads);
    });
}

} // namespace tritc::bench

int main(int argc, char **argv) {
  tritc::bench::addLimits();
  tritc::bench::addTernary();
  tritc::bench::addHeads();
  tritc::bench::addAttention();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  return tritc::bench::hasFailed ? 1 : 0;
}
