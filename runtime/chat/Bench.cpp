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
static void fillTokens(base::Array<int32_t> &ids, size_t count,
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

namespace {
/// Tokens per second of several runs.
struct Speeds {
  double median = 0, slowest = 0, fastest = 0;

  explicit operator bool() const { return median > 0; }
};

/// What bench has found out.
struct Result {
  size_t depth = 0;
  Speeds prefill, decode;
  double bandwidth = 0; ///< bytes per second

  double shareOfBandwidth(const TritcProgram &program) const {
    return static_cast<double>(program.bytesPerToken) * decode.median /
           bandwidth;
  }
};
} // namespace

/// Nothing when interrupted.
static Speeds measure(exec::Engine &engine, std::span<const int32_t> ids,
                      size_t depth, bool oneByOne, int64_t repeat,
                      Bandwidth *bandwidth) {
  // Page faults and clocks: not part of the speed.
  run(engine, ids.first(std::min<size_t>(ids.size(), oneByOne ? 4 : 64)), depth,
      oneByOne, nullptr);
  base::Array<double> speeds;
  for (int64_t i = 0; i < repeat; ++i) {
    double seconds = run(engine, ids, depth, oneByOne, bandwidth);
    if (seconds < 0)
      return {};
    speeds.push(static_cast<double>(ids.size()) / seconds);
  }
  std::sort(speeds.begin(), speeds.end());
  return {speeds[speeds.size() / 2], speeds[0], speeds.back()};
}

static void printSpeeds(Output &out, const char *what, int64_t tokens,
                        const Speeds &speeds) {
  out.print("%-7s %5lld tokens  %9.2f tokens/s  (%.2f to %.2f)\n", what,
            static_cast<long long>(tokens), speeds.median, speeds.slowest,
            speeds.fastest);
}

/// For people. Speeds are medians, with the slowest and the fastest behind.
static void printSpeed(Context context, uint32_t threads,
                       const Result &result) {
  Output &out = context.out;
  const Settings &settings = context.settings;
  const TritcProgram &program = context.model.program;
  writeEscaped(out, context.model.name());
  out.print(" on %s, %u thread%s, %lld run%s", program.targetName, threads,
            threads == 1 ? "" : "s",
            static_cast<long long>(settings.benchRepeat),
            settings.benchRepeat == 1 ? "" : "s");
  if (result.depth)
    out.print(", behind %zu tokens", result.depth);
  out.write("\n");
  printSpeeds(out, "prompt", settings.benchPrompt, result.prefill);
  printSpeeds(out, "answer", settings.benchPredict, result.decode);
  double bytes = static_cast<double>(program.bytesPerToken);
  out.print("memory  %.1f MB a token, %.1f of %.1f GB/s (%.0f %%)\n",
            bytes / 1e6, bytes * result.decode.median / 1e9,
            result.bandwidth / 1e9, 100 * result.shareOfBandwidth(program));
}

/// For programs.
static void reportSpeed(Context context, uint32_t threads, const Result &result,
                        Report &report) {
  const Settings &settings = context.settings;
  const TritcProgram &program = context.model.program;
  report.text("target", program.targetName);
  report.integer("threads", threads);
  report.integer("runs", static_cast<uint64_t>(settings.benchRepeat));
  report.integer("prefill_tokens", static_cast<uint64_t>(settings.benchPrompt));
  if (result.depth)
    report.integer("context_tokens", result.depth);
  report.integer("decode_tokens", static_cast<uint64_t>(settings.benchPredict));
  report.number("prefill_tokens_per_second", result.prefill.median, 2);
  report.number("prefill_tokens_per_second_min", result.prefill.slowest, 2);
  report.number("prefill_tokens_per_second_max", result.prefill.fastest, 2);
  report.number("decode_tokens_per_second", result.decode.median, 2);
  report.number("decode_tokens_per_second_min", result.decode.slowest, 2);
  report.number("decode_tokens_per_second_max", result.decode.fastest, 2);
  report.integer("bytes_per_token", program.bytesPerToken);
  report.number("stream_bandwidth", result.bandwidth, 0);
  report.number("share_of_bandwidth", result.shareOfBandwidth(program), 4);
}

static void printWork(Output &out, const char *phase,
                      std::span<const WorkShare> work) {
  if (!work.empty())
    out.print("\n%-20s   us a token   share   of bandwidth\n", phase);
  for (const WorkShare &each : work) {
    out.print("  %-18s %12.1f %5.1f %%", each.kind, each.microseconds,
              100 * each.share);
    if (each.shareOfBandwidth >= 0)
      out.print(" %12.1f %%", 100 * each.shareOfBandwidth);
    out.write("\n");
  }
}

/// Keys `<phase>.<kind>.<quantity>`.
static void reportWork(const char *phase, std::span<const WorkShare> work,
                       Report &report) {
  for (const WorkShare &each : work) {
    auto number = [&](const char *quantity, double value, int digits) {
      char key[96];
      snprintf(key, sizeof(key), "%s.%s.%s", phase, each.kind, quantity);
      report.number(key, value, digits);
    };
    number("microseconds", each.microseconds, 1);
    number("share", each.share, 4);
    if (each.shareOfBandwidth >= 0)
      number("share_of_bandwidth", each.shareOfBandwidth, 4);
  }
}

/// `wanted` tokens; if not given (-1) the standard count, or as many as the
/// context has room for.
static base::Failure fit(const char *option, int64_t &wanted, int64_t standard,
                         int64_t room) {
  if (wanted < 0)
    wanted = std::min<int64_t>(standard, room);
  if (wanted <= room)
    return {};
  return base::fail(
      base::Usage, "%s: the context holds %lld tokens, found %lld", option,
      static_cast<long long>(room), static_cast<long long>(wanted));
}

/// Fits depth, prompt and answer into the context.
static base::Failure fitCounts(Settings &settings, int64_t contextSize) {
  if (base::Failure failure =
          fit("--n-depth", settings.benchDepth, 0, contextSize - 1))
    return failure;
  int64_t room = contextSize - settings.benchDepth;
  if (base::Failure failure =
          fit("--n-prompt", settings.benchPrompt, standardPrompt, room))
    return failure;
  return fit("--n-gen", settings.benchPredict, standardPredict, room);
}

base::Failure chat::runBench(Context context) {
  Settings &settings = context.settings;
  if (base::Failure failure = checkContextSize(context.model, settings))
    return failure;
  exec::Engine engine(context.model.program, context.model.image);
  if (base::Failure failure = engine.start(engineOptions(settings)))
    return failure;
  if (base::Failure failure = fitCounts(settings, engine.contextSize()))
    return failure;

  base::Array<int32_t> ids;
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
    return base::fail(base::Internal, "no memory to measure its speed");
  Result result;
  result.depth = depth;
  result.prefill =
      measure(engine, tokens.first(static_cast<size_t>(settings.benchPrompt)),
              depth, false, settings.benchRepeat, nullptr);
  meter.restart();
  result.decode =
      measure(engine, tokens.first(static_cast<size_t>(settings.benchPredict)),
              depth, true, settings.benchRepeat, &meter);
  result.bandwidth = meter.finish();
  if (!result.prefill || !result.decode)
    return base::fail(base::Interrupted, "%s", "");

  ProfiledRun profiled[] = {
      {"prefill", tokens.first(static_cast<size_t>(settings.benchPrompt)),
       depth, false},
      {"decode", tokens.first(static_cast<size_t>(settings.benchPredict)),
       depth, true}};
  base::Array<WorkShare> work[2];
  for (size_t i = 0; i < std::size(profiled) && settings.profile; ++i)
    profileWork(context.model.program, settings, engine, profiled[i], meter,
                work[i]);
  uint32_t threads = engine.threads().size();
  if (settings.json) {
    Report report(context.out, true);
    reportSpeed(context, threads, result, report);
    for (size_t i = 0; i < std::size(profiled); ++i)
      reportWork(profiled[i].phase, work[i], report);
    return {};
  }
  printSpeed(context, threads, result);
  for (size_t i = 0; i < std::size(profiled); ++i)
    printWork(context.out, profiled[i].phase, work[i]);
  return {};
}
