//===- Bench.cpp - Tokens and bytes per second ----------------------------===//

#include "runtime/chat/Bandwidth.h"
#include "runtime/chat/Commands.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Report.h"
#include "runtime/chat/Session.h"
#include "runtime/chat/WorkProfile.h"
#include "runtime/exec/Clock.h"

using namespace tritc;
using namespace tritc::chat;

/// Counts of llama-bench.
static constexpr int64_t standardPrompt = 512;
static constexpr int64_t standardPredict = 128;

/// Tokens of a benchmark: their values do not change the work, so any sequence
/// without a pattern will do.
static void fillTokens(exec::Array<int32_t> &ids, size_t count,
                       uint32_t vocabSize) {
  sample::Random random(1);
  for (size_t i = 0; i < count; ++i)
    ids.push(static_cast<int32_t>(random.next() % vocabSize));
}

/// Seconds for the tokens, from position `depth` on, as one prompt, of which
/// the last logits are wanted, or one after the other, with all logits;
/// negative when interrupted. `bandwidth`, unless null, is measured meanwhile.
static double run(exec::Engine &engine, std::span<const int32_t> ids,
                  size_t depth, bool oneByOne, Bandwidth *bandwidth) {
  double seconds = 0;
  size_t step = oneByOne ? 1 : ids.size();
  for (size_t at = 0; at < ids.size(); at += step) {
    double before = exec::monotonicSeconds();
    if (engine.forward(ids.subspan(at, step), depth + at, step - 1,
                       &Interrupt::flag(),
                       [](size_t, std::span<const float>) {}) < step)
      return -1;
    double spent = exec::monotonicSeconds() - before;
    seconds += spent;
    if (bandwidth)
      bandwidth->passed(spent);
  }
  return seconds;
}

/// Median tokens per second; 0 when interrupted.
static double measure(exec::Engine &engine, std::span<const int32_t> ids,
                      size_t depth, bool oneByOne, int64_t repeat,
                      Bandwidth *bandwidth) {
  // Page faults and clocks: not part of the speed.
  run(engine, ids.first(std::min<size_t>(ids.size(), oneByOne ? 4 : 64)), depth,
      oneByOne, nullptr);
  exec::Array<double> seconds;
  for (int64_t i = 0; i < repeat; ++i) {
    seconds.push(run(engine, ids, depth, oneByOne, bandwidth));
    if (seconds.back() < 0)
      return 0;
  }
  std::sort(seconds.begin(), seconds.end());
  return static_cast<double>(ids.size()) / seconds[seconds.size() / 2];
}

/// `wanted` tokens; if not given (-1) the standard count, or as many as the
/// context has room for.
static exec::Failure fit(const char *option, int64_t &wanted, int64_t standard,
                         int64_t room) {
  if (wanted < 0)
    wanted = std::min<int64_t>(standard, room);
  if (wanted <= room)
    return {};
  return exec::fail(
      exec::Usage, "%s: the context holds %lld tokens, found %lld", option,
      static_cast<long long>(room), static_cast<long long>(wanted));
}

exec::Failure chat::runBench(Context context) {
  Settings &settings = context.settings;
  if (exec::Failure failure = checkContextSize(context.model, settings))
    return failure;
  exec::Engine engine(context.model.program, context.model.image);
  if (exec::Failure failure = engine.start(engineOptions(settings)))
    return failure;
  int64_t contextSize = engine.contextSize();
  if (exec::Failure failure =
          fit("--n-depth", settings.benchDepth, 0, contextSize - 1))
    return failure;
  int64_t room = contextSize - settings.benchDepth;
  if (exec::Failure failure =
          fit("--n-prompt", settings.benchPrompt, standardPrompt, room))
    return failure;
  if (exec::Failure failure =
          fit("--n-gen", settings.benchPredict, standardPredict, room))
    return failure;

  exec::Array<int32_t> ids;
  fillTokens(ids,
             static_cast<size_t>(
                 std::max(settings.benchPrompt, settings.benchPredict)),
             engine.vocabSize());
  std::span<const int32_t> tokens = ids;
  size_t depth = static_cast<size_t>(settings.benchDepth);
  if (depth)
    engine.fillCache();
  Bandwidth meter;
  if (!meter.start(engine.threads()))
    return exec::fail(exec::Internal, "no memory to measure its speed");
  double prefill =
      measure(engine, tokens.first(static_cast<size_t>(settings.benchPrompt)),
              depth, false, settings.benchRepeat, nullptr);
  meter.restart();
  double decode =
      measure(engine, tokens.first(static_cast<size_t>(settings.benchPredict)),
              depth, true, settings.benchRepeat, &meter);
  double bandwidth = meter.finish();
  if (prefill == 0 || decode == 0)
    return exec::fail(exec::Interrupted, "%s", "");

  double bytesPerToken =
      static_cast<double>(context.model.program.bytesPerToken);
  Report report(context.out, settings.json);
  report.text("target", context.model.program.targetName);
  report.integer("threads", engine.threads().size());
  report.integer("prefill_tokens", static_cast<uint64_t>(settings.benchPrompt));
  if (depth)
    report.integer("context_tokens", depth);
  report.integer("decode_tokens", static_cast<uint64_t>(settings.benchPredict));
  report.number("prefill_tokens_per_second", prefill, 2);
  report.number("decode_tokens_per_second", decode, 2);
  report.integer("bytes_per_token", context.model.program.bytesPerToken);
  report.number("stream_bandwidth", bandwidth, 0);
  report.number("share_of_bandwidth", bytesPerToken * decode / bandwidth, 4);
  if (!settings.profile)
    return {};
  auto profile = [&](const char *phase, int64_t count, bool oneByOne) {
    ProfiledRun what = {phase, tokens.first(static_cast<size_t>(count)), depth,
                        oneByOne};
    reportWork(context.model.program, settings, engine, what, meter, report);
  };
  profile("prefill", settings.benchPrompt, false);
  profile("decode", settings.benchPredict, true);
  return {};
}
