//===- Bench.cpp - What more conversations at once bring ------------------===//

#include "runtime/serve/Bench.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/exec/Clock.h"
#include "runtime/sample/Random.h"
#include "runtime/schedule/Worker.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::serve;
using namespace tritc::schedule;

static constexpr int64_t standardPrompt = 64;
static constexpr int64_t standardPredict = 32;

namespace {

/// As many conversations as a row has, in one worker.
class Crowd {
public:
  Crowd(const chat::Context &context, Worker &worker)
      : context(context), worker(worker) {}
  ~Crowd() {
    worker.endAll(ended);
    for (Task *task : tasks)
      base::destroy(task);
  }

  void begin(uint32_t count);
  /// Reads all prompts; then seconds of a pass in which all of them write;
  /// negative when interrupted.
  double measure();

private:
  bool step() {
    worker.step(ended);
    return !chat::Interrupt::flag();
  }

  const chat::Context &context;
  Worker &worker;
  base::Array<Task *> tasks, ended;
  static sample::Random random; ///< no two prompts begin alike
};

/// Conversations at a time, and what each round made of them.
struct Row {
  uint32_t conversations;
  base::Array<double> speeds; ///< tokens per second of all together
  base::Array<double> gains;  ///< times that of one, in the same round
};

} // namespace

sample::Random Crowd::random(1);

static void onToken(void *, uint64_t, const Told &) {}
static void onEnd(void *, uint64_t, const Summary &) {}

void Crowd::begin(uint32_t count) {
  const chat::Settings &settings = context.settings;
  for (uint32_t i = 0; i < count; ++i) {
    Task *task = base::create<Task>();
    task->number = i + 1;
    task->listener = {nullptr, onToken, nullptr, onEnd};
    task->submitted = exec::monotonicSeconds();
    Job &job = task->job;
    for (int64_t k = 0; k < settings.benchPrompt; ++k)
      job.prompt.push(
          static_cast<int32_t>(random.next() % context.model.image.vocabSize));
    static_cast<sample::SamplerOptions &>(job.sampling) = settings;
    job.seed = i;
    // Until all others have read, and then as long as is measured.
    job.predict = -1;
    job.ignoresStop = true;
    tasks.push(task);
    worker.begin(*task);
  }
}

double Crowd::measure() {
  while (!worker.allWrite())
    if (!step())
      return -1;
  step(); // page faults
  double before = exec::monotonicSeconds();
  for (int64_t i = 0; i < context.settings.benchPredict; ++i)
    if (!step())
      return -1;
  return (exec::monotonicSeconds() - before) /
         static_cast<double>(context.settings.benchPredict);
}

static double medianOf(base::Array<double> &values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// A prompt, the tokens that are written while others read theirs, and those
/// that are measured must fit.
static base::Failure fit(chat::Settings &settings, uint32_t contextSize,
                         const SchedulerOptions &options) {
  if (settings.benchPrompt < 0)
    settings.benchPrompt = standardPrompt;
  // -n is also what an answer of the server has at most.
  settings.benchPredict =
      settings.predict < 0 ? standardPredict : settings.predict;
  int64_t passes = 1 + settings.benchPrompt * options.slots /
                           std::max<uint32_t>(options.piece, 1);
  int64_t wanted = settings.benchPrompt + settings.benchPredict + passes + 2;
  if (wanted <= contextSize)
    return {};
  return base::fail(base::Usage,
                    "serve --bench: the context holds %u tokens, %u prompts of "
                    "%lld tokens and %lld more need %lld",
                    contextSize, options.slots,
                    static_cast<long long>(settings.benchPrompt),
                    static_cast<long long>(settings.benchPredict),
                    static_cast<long long>(wanted));
}

static void print(const chat::Context &context, uint32_t threads,
                  base::Array<Row *> &rows) {
  chat::Output &out = context.out;
  const chat::Settings &settings = context.settings;
  const char *target = context.model.program.targetName;
  if (settings.json) {
    out.print(
        "{\"target\": \"%s\", \"threads\": %u, \"runs\": %lld, \"rows\": [",
        target, threads, static_cast<long long>(settings.benchRepeat));
  } else {
    chat::writeEscaped(out, context.model.name());
    out.print(" on %s, %u thread%s, behind %lld tokens, medians of %lld\n"
              "conversations   tokens/s   times one   ms a pass\n",
              target, threads, threads == 1 ? "" : "s",
              static_cast<long long>(settings.benchPrompt),
              static_cast<long long>(settings.benchRepeat));
  }
  const char *separator = "";
  for (Row *row : rows) {
    double speed = medianOf(row->speeds), gain = medianOf(row->gains);
    if (settings.json)
      out.print("%s\n  {\"conversations\": %u, \"tokens_per_second\": %.2f, "
                "\"times_one\": %.3f}",
                separator, row->conversations, speed, gain);
    else
      out.print("%13u %10.2f %11.2f %11.1f\n", row->conversations, speed, gain,
                1000 * row->conversations / speed);
    separator = ",";
  }
  if (settings.json)
    out.write("\n]}\n");
}

base::Failure serve::bench(const chat::Context &context,
                           SchedulerOptions options) {
  if (context.model.embeds())
    return base::fail(base::Usage,
                      "serve --bench: this model makes vectors, it writes no "
                      "text");
  Worker worker(context.model);
  if (base::Failure failure = worker.start(options))
    return failure;
  if (base::Failure failure =
          fit(context.settings, worker.contextSize(), options))
    return failure;
  base::Array<Row *> rows;
  for (uint32_t count = 1; count <= options.slots; count *= 2) {
    rows.push(base::create<Row>());
    rows.back()->conversations = count;
  }
  bool isInterrupted = false;
  for (int64_t round = 0; round < context.settings.benchRepeat; ++round)
    for (Row *row : rows) {
      Crowd crowd(context, worker);
      crowd.begin(row->conversations);
      double seconds = isInterrupted ? -1 : crowd.measure();
      isInterrupted |= seconds < 0;
      if (isInterrupted)
        continue;
      row->speeds.push(row->conversations / seconds);
      row->gains.push(row->speeds.back() / rows[0]->speeds.back());
    }
  if (!isInterrupted)
    print(context, worker.threads(), rows);
  for (Row *row : rows)
    base::destroy(row);
  return isInterrupted ? base::fail(base::Interrupted, "%s", "")
                       : base::Failure();
}
