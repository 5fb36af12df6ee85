//===- WorkProfile.cpp - Where the time of a token goes -------------------===//

#include "runtime/chat/WorkProfile.h"
#include "runtime/exec/Clock.h"
#include "runtime/sample/Sampler.h"

#include <cmath>

using namespace tritc;
using namespace tritc::chat;

/// Seconds of the run, and of choosing a token after each of its steps.
struct Times {
  double whole;
  double sampling;
};

/// As `run`, with a token chosen from all logits that are made.
static Times runSampled(exec::Engine &engine, const ProfiledRun &what,
                        const Settings &settings, Bandwidth &bandwidth) {
  sample::Sampler sampler(engine.vocabSize(), 1);
  Times times = {0, 0};
  size_t step = what.oneByOne ? 1 : what.ids.size();
  for (size_t at = 0; at < what.ids.size(); at += step) {
    double start = exec::monotonicSeconds();
    engine.forward(what.ids.subspan(at, step), what.depth + at, step - 1,
                   nullptr, [&](size_t, std::span<const float> logits) {
                     double before = exec::monotonicSeconds();
                     sampler.accept(sampler.choose(logits, settings));
                     times.sampling += exec::monotonicSeconds() - before;
                   });
    double spent = exec::monotonicSeconds() - start;
    times.whole += spent;
    bandwidth.passed(spent);
  }
  return times;
}

/// Bytes of the KV cache that attention reads in the run: token i reads all
/// rows up to its own, tokens of one block together.
static double cacheBytes(const TritcProgram &program,
                         const exec::Engine &engine, const ProfiledRun &what) {
  size_t block = what.oneByOne ? 1 : engine.blockSize();
  double rows = 0;
  for (size_t at = 0; at < what.ids.size(); at += block)
    rows +=
        static_cast<double>(what.depth + std::min(at + block, what.ids.size()));
  return rows * static_cast<double>(program.kvCacheBytes) /
         static_cast<double>(program.contextSize);
}

void chat::profileWork(const TritcProgram &program, const Settings &settings,
                       exec::Engine &engine, const ProfiledRun &what,
                       Bandwidth &bandwidth, base::Array<WorkShare> &shares) {
  exec::Profile profile(program);
  bandwidth.restart();
  engine.profile(&profile);
  Times times = runSampled(engine, what, settings, bandwidth);
  engine.profile(nullptr);
  double bytesPerSecond = bandwidth.finish();

  double tokens = static_cast<double>(what.ids.size());
  size_t block = what.oneByOne ? 1 : engine.blockSize();
  double passes = std::ceil(tokens / static_cast<double>(block));
  double left = times.whole, others = 0;
  auto show = [&](const char *kind, double seconds, double bytes) {
    bool isKnown = bytes > 0 && seconds > 0;
    shares.push({kind, 1e6 * seconds / tokens, seconds / times.whole,
                 isKnown ? bytes / seconds / bytesPerSecond : -1});
  };
  constexpr double unknownBytes = -1;
  auto account = [&](const char *kind, double seconds, double bytes) {
    left -= seconds;
    others += bytes != 0 ? 0 : seconds;
    show(kind, seconds, bytes);
  };
  for (uint64_t kind = 0; kind < program.workCount; ++kind) {
    std::string_view name = program.work[kind].name;
    double seconds = profile.seconds(kind);
    if (name == "barrier" || seconds == 0)
      continue;
    double bytes = passes * static_cast<double>(program.work[kind].weightBytes);
    if (name == "attention")
      bytes = cacheBytes(program, engine, what);
    else if (name == "windowed_attention")
      bytes = unknownBytes;
    account(program.work[kind].name, seconds, bytes);
  }
  account("sampling", times.sampling, 0);
  // Waiting, and what no mark covers.
  account("barrier", std::max(left, 0.0), 0);
  show("others", others, 0);
}
