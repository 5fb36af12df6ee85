//===- Job.h - What is asked of a scheduler, and what it tells ------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Owned.h"
#include "runtime/exec/Engine.h"
#include "runtime/grammar/Guide.h"
#include "runtime/sample/Rules.h"

#include <atomic>

namespace tritc::schedule {

/// What is to be continued, or made a vector of.
struct Job {
  base::Array<int32_t> prompt; ///< 1 to contextSize() ids
  sample::SamplerOptions sampling;
  uint64_t seed = 0;
  int64_t predict = -1; ///< most tokens of the answer; -1: what there is room
                        ///< for
  base::Array<char> stops; ///< texts that end the answer, each behind its
                           ///< length, a uint32_t
  bool wantsLogprobs = false;
  uint32_t topLogprobs = 0;  ///< up to mostLogprobs
  bool keepsSpecial = false; ///< special tokens are told as text
  bool ignoresStop = false;  ///< goes on behind a token that ends an answer
  bool wantsRow = false;     ///< the logits that follow, instead of an answer
  base::Array<sample::LogitBias> biases; ///< those of `sampling` lie here
  base::Owned<grammar::Guide> guide;     ///< none: the answer may be any text
};

inline constexpr uint32_t mostLogprobs = 20;

struct Likely {
  int32_t id;
  double logprob;
};

/// A token of an answer, as it is told.
struct Told {
  int32_t id;
  std::string_view text; ///< what can be shown now; perhaps empty; nothing of a
                         ///< stop text
  double logprob;        ///< natural logarithm; if asked for
  std::span<const Likely> top;
};

enum class Ending { Stop, Length, ContextFull, Cancelled };

struct Summary {
  Ending ending;
  std::string_view lastText; ///< what was held back
  size_t promptTokens, reusedTokens, answerTokens;
  double queueSeconds, promptSeconds, answerSeconds;
};

/// Called on the scheduler's thread, in order; must not block. After onEnd
/// nothing follows.
struct Listener {
  void *context;
  void (*onToken)(void *context, uint64_t job, const Told &told);
  /// Of a model that embeds, or a job that wants its logits: in place of
  /// tokens.
  void (*onVector)(void *context, uint64_t job, std::span<const float> vector);
  void (*onEnd)(void *context, uint64_t job, const Summary &summary);
};

/// A job with who waits for it.
struct Task {
  uint64_t number;
  Job job;
  Listener listener;
  double submitted; ///< seconds, of the monotonic clock
  std::atomic<bool> isCancelled{false};
};

struct SchedulerOptions {
  uint32_t slots = 16;   ///< jobs that are computed side by side
  uint32_t queue = 64;   ///< jobs that wait
  uint64_t kvMemory = 0; ///< bytes of pages; 0: chosen
  uint32_t threads = 0;  ///< as EngineOptions, these and the following
  uint32_t contextSize = 0;
  uint32_t chunk = 0; ///< most tokens of a pass
  /// Tokens of prompts that a pass reads while answers are written.
  uint32_t piece = 32;
  exec::Weights weights = exec::Weights::Auto;
};

/// How often something took how long.
struct Histogram {
  static constexpr double bounds[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                      1,     2.5,  5,     10,   30,  60};
  static constexpr size_t size = sizeof(bounds) / sizeof(*bounds);

  uint64_t counts[size + 1] = {}; ///< the last one: longer than all bounds
  double sum = 0;

  void add(double seconds) {
    size_t i = 0;
    while (i < size && seconds > bounds[i])
      ++i;
    ++counts[i];
    sum += seconds;
  }
};

/// Totals since the start, but for the first four.
struct Counters {
  uint64_t queued = 0, running = 0;
  uint64_t pagesUsed = 0, pages = 0;
  uint64_t jobs = 0, refused = 0, cancelled = 0;
  uint64_t promptTokens = 0, reusedTokens = 0, answerTokens = 0;
  uint64_t passes = 0;
  uint64_t setBack = 0; ///< times that a job lost its pages to an older one
  Histogram firstToken; ///< seconds from submit() on
  Histogram nextToken;  ///< seconds from one token to the next
};

} // namespace tritc::schedule
