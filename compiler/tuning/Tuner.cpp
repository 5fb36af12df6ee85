//===- Tuner.cpp - Which kernel is fastest on this machine ----------------===//
#include "compiler/tuning/Tuner.h"

#include "compiler/support/Error.h"
#include "compiler/tuning/KernelRunner.h"
#include "compiler/tuning/Limits.h"

#include "llvm/Support/FormatVariadic.h"

#include <chrono>

namespace tritc::tuning {

namespace {

/// One kernel, ready to multiply copies of a matrix.
struct Candidate {
  Timing timing;
  std::unique_ptr<KernelRunner> runner;
  double decode = 1e30, prefill = 1e30; ///< best calls so far
};

class Tuner {
public:
  Tuner(const TuningGoal &goal, TuningCache cache)
      : goal(goal), cache(std::move(cache)), cpu(cpuModel()),
        end(Clock::now() + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(goal.seconds))) {}

  llvm::Error measure(const MatrixShape &shape, Tuning &tuning);
  llvm::Error save() const {
    return hasNews ? cache.write() : llvm::Error::success();
  }

private:
  using Clock = std::chrono::steady_clock;

  bool isOver() const { return Clock::now() >= end; }
  Timing timingOf(const Kernel &kernel, const MatrixShape &shape) const {
    return {TRITC_VERSION,  cpu,        goal.threads, goal.target.name.str(),
            nameOf(kernel), shape.rows, shape.columns};
  }
  /// Of one token: where its fallback was timed, that time, so that both choose
  /// the same packings.
  double decodeOf(const Candidate &candidate) const {
    Timing shared = candidate.timing;
    shared.target = goal.target.fallback.str();
    const Timing *known = cache.find(shared);
    return known ? known->decode : candidate.decode;
  }
  void race(std::vector<Candidate> &candidates, int64_t layers);

  const TuningGoal &goal;
  TuningCache cache;
  const std::string cpu;
  const Clock::time_point end;
  std::optional<Limits> limits; ///< once something is measured
  bool hasNews = false;
};

} // namespace

/// Rounds in which each candidate has its turn: what disturbs the machine for a
/// while disturbs all of them. The best call of each counts.
void Tuner::race(std::vector<Candidate> &candidates, int64_t layers) {
  constexpr int rounds = 7;
  for (int round = 0; round < rounds; ++round)
    for (Candidate &candidate : candidates) {
      KernelRunner &runner = *candidate.runner;
      double decode = runner.seconds(1, goal.threads, /*calls=*/2);
      candidate.decode = std::min(candidate.decode, decode / double(layers));
      if (round % 3 != 0) // only for the report, and slow
        continue;
      double tokens = double(runner.maxTokens()) * double(layers);
      double prefill =
          runner.seconds(runner.maxTokens(), goal.threads, /*calls=*/1);
      candidate.prefill = std::min(candidate.prefill, prefill / tokens);
    }
}

llvm::Error Tuner::measure(const MatrixShape &shape, Tuning &tuning) {
  // More than caches hold, and little enough for all kernels at once.
  constexpr int64_t bytesOfAll = int64_t(96) << 20;
  int64_t layers = std::clamp<int64_t>(
      bytesOfAll / std::max<int64_t>(shape.rows * shape.columns / 5, 1), 2, 64);
  Workload workload = ternaryProducts(shape.rows, shape.columns, layers);
  std::vector<Candidate> candidates;
  for (const Kernel &kernel : goal.target.kernels) {
    if (shape.columns > kernel.packing.mostColumns())
      continue;
    Timing timing = timingOf(kernel, shape);
    if (const Timing *known = cache.find(timing)) {
      tuning.timings.push_back(*known);
      continue;
    }
    if (isOver()) {
      ++tuning.missing;
      continue;
    }
    llvm::Expected<std::unique_ptr<KernelRunner>> runner =
        KernelRunner::create(workload, goal.target, &kernel);
    if (!runner)
      return runner.takeError();
    candidates.push_back({timing, std::move(*runner)});
  }
  if (candidates.empty())
    return llvm::Error::success();
  if (!limits) {
    llvm::Expected<Limits> measured = measureLimits(goal.target, goal.threads);
    if (!measured)
      return measured.takeError();
    limits = *measured;
  }
  race(candidates, layers);
  for (Candidate &candidate : candidates) {
    candidate.timing.decode = decodeOf(candidate);
    candidate.timing.prefill = candidate.prefill;
    candidate.timing.bytesPerSecond = limits->bytesPerSecond;
    candidate.timing.dotsPerSecond = limits->dotsPerSecond;
    cache.put(candidate.timing);
    tuning.timings.push_back(candidate.timing);
    hasNews = true;
  }
  return llvm::Error::success();
}

llvm::Expected<Tuning> tune(const TuningGoal &goal,
                            llvm::ArrayRef<MatrixShape> shapes,
                            TuningProgress progress) {
  Tuning tuning;
  std::string complaint;
  Tuner tuner(goal, TuningCache::read(goal.cacheFile, complaint));
  if (!complaint.empty())
    tuning.notes.push_back(complaint);
  for (auto [index, shape] : llvm::enumerate(shapes)) {
    progress(index, shapes.size(),
             llvm::formatv("{0}x{1}", shape.rows, shape.columns).str());
    if (llvm::Error error = tuner.measure(shape, tuning))
      return std::move(error);
  }
  // The result is as good without the file.
  if (llvm::Error error = tuner.save())
    tuning.notes.push_back("the tuning cache is not kept: " +
                           toFailure(std::move(error)).message);
  if (tuning.missing)
    tuning.notes.push_back(
        llvm::formatv("no time was left to tune {0} kernels; predictions "
                      "choose among them",
                      tuning.missing));
  return tuning;
}

} // namespace tritc::tuning
