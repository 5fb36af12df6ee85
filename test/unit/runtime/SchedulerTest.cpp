//===- SchedulerTest.cpp --------------------------------------------------===//

#include "runtime/schedule/Scheduler.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

using namespace tritc;
using namespace tritc::schedule;
using test::ToyModel;

namespace {

/// What a job was told.
struct Answer {
  std::vector<int32_t> ids;
  std::string text;
  std::vector<double> logprobs;
  std::vector<std::pair<int32_t, double>> likely;
  bool hasEnded = false;
  Ending ending = Ending::Cancelled;
  size_t promptTokens = 0, reusedTokens = 0, answerTokens = 0;

  /// All that does not depend on what else was computed.
  auto said() const { return std::tie(ids, text, logprobs, likely, ending); }
};

/// Listens to jobs, and waits for them.
class Audience {
public:
  Listener listener() {
    return {.context = this,
            .onToken = &onToken,
            .onVector = nullptr,
            .onEnd = &onEnd};
  }
  Answer answerOf(uint64_t job) {
    std::unique_lock held(mutex);
    changed.wait(held, [&] { return answers[job].hasEnded; });
    return answers[job];
  }
  void awaitTokens(uint64_t job, size_t count) {
    std::unique_lock held(mutex);
    changed.wait(held, [&] { return answers[job].ids.size() >= count; });
  }

private:
  static void onToken(void *context, uint64_t job, const Told &told) {
    auto &self = *static_cast<Audience *>(context);
    std::lock_guard held(self.mutex);
    Answer &answer = self.answers[job];
    EXPECT_FALSE(answer.hasEnded);
    answer.ids.push_back(told.id);
    answer.text += told.text;
    answer.logprobs.push_back(told.logprob);
    for (const Likely &likely : told.top)
      answer.likely.push_back({likely.id, likely.logprob});
    self.changed.notify_all();
  }
  static void onEnd(void *context, uint64_t job, const Summary &summary) {
    auto &self = *static_cast<Audience *>(context);
    std::lock_guard held(self.mutex);
    Answer &answer = self.answers[job];
    EXPECT_FALSE(answer.hasEnded);
    answer.hasEnded = true;
    answer.text += summary.lastText;
    answer.ending = summary.ending;
    answer.promptTokens = summary.promptTokens;
    answer.reusedTokens = summary.reusedTokens;
    answer.answerTokens = summary.answerTokens;
    self.changed.notify_all();
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::map<uint64_t, Answer> answers;
};

/// A scheduler of the toy.
struct Served {
  explicit Served(const SchedulerOptions &options)
      : model(toy.program(), toy.image()), scheduler(model, options) {
    EXPECT_FALSE(scheduler.start());
  }

  /// The user says `text`.
  std::vector<int32_t> conversation(const std::string &text) const {
    const test::ToyTokens &marks = toy.tokens();
    std::vector<int32_t> ids = {marks.begin, marks.user};
    for (char c : text)
      ids.push_back(static_cast<unsigned char>(c));
    ids.push_back(marks.end);
    ids.push_back(marks.assistant);
    return ids;
  }
  Job job(const std::string &text) const {
    Job job;
    job.prompt.append(conversation(text));
    job.sampling.temperature = 0;
    return job;
  }
  uint64_t submit(Job job) {
    return scheduler.submit(std::move(job), audience.listener());
  }
  Answer answer(Job job) { return audience.answerOf(submit(std::move(job))); }

  ToyModel toy;
  chat::Model model;
  Audience audience;
  Scheduler scheduler;
};

void addStop(Job &job, const std::string &text) {
  auto length = static_cast<uint32_t>(text.size());
  job.stops.append(reinterpret_cast<const char *>(&length), sizeof(length));
  job.stops.append(text.data(), text.size());
}

} // namespace

TEST(Scheduler, AnswersAsTheModelDoes) {
  Served served({.threads = 2});
  Answer answer = served.answer(served.job("echo"));
  EXPECT_EQ(answer.text, "echo");
  EXPECT_EQ(answer.ending, Ending::Stop);
  EXPECT_EQ(answer.promptTokens, 8u);
  EXPECT_EQ(answer.answerTokens, 4u);
}

TEST(Scheduler, EndsWhereItIsTold) {
  Served served({.threads = 1});
  Job few = served.job("a long text");
  few.predict = 3;
  Answer answer = served.answer(std::move(few));
  EXPECT_EQ(answer.text, "a l");
  EXPECT_EQ(answer.ending, Ending::Length);

  Job none = served.job("text");
  none.predict = 0;
  answer = served.answer(std::move(none));
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(answer.ending, Ending::Length);

  Job stopped = served.job("one two three");
  addStop(stopped, "zero");
  addStop(stopped, "two");
  answer = served.answer(std::move(stopped));
  EXPECT_EQ(answer.text, "one ");
  EXPECT_EQ(answer.ending, Ending::Stop);

  answer = served.answer(served.job("~x"));
  EXPECT_EQ(answer.ending, Ending::ContextFull);
  EXPECT_EQ(answer.promptTokens + answer.answerTokens,
            ToyModel::contextSize + 1);
}

TEST(Scheduler, FindsWhatOthersHaveRead) {
  Served served({.threads = 1});
  std::string text(100, 'x');
  Answer first = served.answer(served.job(text));
  EXPECT_EQ(first.reusedTokens, 0u);
  // All but the last token, whose logits are wanted.
  Answer again = served.answer(served.job(text));
  EXPECT_EQ(again.reusedTokens, again.promptTokens - 1);
  EXPECT_EQ(again.said(), first.said());
  Answer other = served.answer(served.job(text + "y"));
  EXPECT_EQ(other.reusedTokens, 102u);
  EXPECT_EQ(other.text, text + "y");
}

TEST(Scheduler, ReadsABeginningOnceForJobsThatComeTogether) {
  Served served({.threads = 1});
  std::string text(120, 'x');
  std::vector<uint64_t> jobs;
  for (int i = 0; i < 8; ++i)
    jobs.push_back(served.submit(served.job(text)));
  size_t reused = 0;
  for (uint64_t job : jobs) {
    Answer answer = served.audience.answerOf(job);
    EXPECT_EQ(answer.text, text);
    reused += answer.reusedTokens;
  }
  EXPECT_GE(reused, 7u * 64);
}

TEST(Scheduler, RefusesWhatTheQueueCannotHold) {
  Served served({.slots = 1, .queue = 2, .threads = 1});
  uint64_t endless = served.submit(served.job("~x"));
  served.audience.awaitTokens(endless, 1);
  uint64_t a = served.submit(served.job("a")),
           b = served.submit(served.job("b"));
  EXPECT_NE(a, 0u);
  EXPECT_NE(b, 0u);
  EXPECT_EQ(served.submit(served.job("c")), 0u);
  EXPECT_EQ(served.scheduler.counters().refused, 1u);
  served.scheduler.cancel(endless);
  EXPECT_EQ(served.audience.answerOf(a).text, "a");
  EXPECT_EQ(served.audience.answerOf(b).text, "b");
}

TEST(Scheduler, EndsWhatIsCancelled) {
  Served served({.slots = 1, .threads = 2});
  uint64_t endless = served.submit(served.job("~x"));
  uint64_t waits = served.submit(served.job("waits"));
  served.audience.awaitTokens(endless, 2);
  served.scheduler.cancel(waits);
  EXPECT_EQ(served.audience.answerOf(waits).ending, Ending::Cancelled);
  served.scheduler.cancel(endless);
  served.scheduler.cancel(endless);
  served.scheduler.cancel(12345);
  Answer answer = served.audience.answerOf(endless);
  EXPECT_EQ(answer.ending, Ending::Cancelled);
  EXPECT_LT(answer.answerTokens, 200u);
  EXPECT_EQ(served.answer(served.job("on")).text, "on");
}

TEST(Scheduler, DrainsAndStops) {
  Served served({.slots = 2, .threads = 1});
  std::vector<uint64_t> jobs;
  for (int i = 0; i < 6; ++i)
    jobs.push_back(served.submit(served.job("text " + std::to_string(i))));
  served.scheduler.drain();
  EXPECT_EQ(served.submit(served.job("late")), 0u);
  for (uint64_t job : jobs)
    EXPECT_EQ(served.audience.answerOf(job).ending, Ending::Stop);

  Served stopped({.slots = 2, .threads = 2});
  jobs.clear();
  for (int i = 0; i < 6; ++i)
    jobs.push_back(stopped.submit(stopped.job("~x")));
  stopped.audience.awaitTokens(jobs[0], 2);
  stopped.scheduler.stop();
  for (uint64_t job : jobs)
    EXPECT_EQ(stopped.audience.answerOf(job).ending, Ending::Cancelled);
}

//===----------------------------------------------------------------------===//
// The answer does not depend on who else is there
//===----------------------------------------------------------------------===//

/// A job of few beginnings and many ends, drawn with `random`.
static Job someJob(const Served &served, std::mt19937 &random) {
  const std::string beginnings[] = {
      "", "the same beginning of many conversations, longer than a page is ",
      std::string(140, '-') + "another beginning, longer than two pages "};
  Job job = served.job(beginnings[random() % 3] +
                       std::string(random() % 40, char('a' + random() % 4)));
  job.predict = int64_t(random() % 25);
  job.seed = random() % 5;
  // Hot enough to leave the echo now and then.
  job.sampling.temperature = random() % 2 ? 0 : 8;
  job.sampling.topK = random() % 2 ? 0 : 20;
  job.sampling.repeatPenalty = random() % 3 ? 1 : 1.3;
  job.wantsLogprobs = random() % 2;
  job.topLogprobs = job.wantsLogprobs ? uint32_t(random() % 4) : 0;
  if (random() % 3 == 0)
    addStop(job, std::string(2, char('a' + random() % 4)));
  return job;
}

/// Whatever the slots, the pieces, the threads and the memory, and however jobs
/// come and go: thousands of jobs get what they get alone.
TEST(Scheduler, GivesEachJobWhatItGetsAlone) {
  constexpr uint32_t kinds = 60;
  std::vector<Answer> alone;
  {
    Served served({.slots = 1, .threads = 1});
    for (uint32_t kind = 0; kind < kinds; ++kind) {
      std::mt19937 random(kind);
      alone.push_back(served.answer(someJob(served, random)));
    }
  }
  uint64_t pageBytes = ToyModel().program().kvCacheBytes / 4;
  size_t setBack = 0, reused = 0, answers = 0;
  for (uint32_t round = 0; round < 40; ++round) {
    std::mt19937 random(1000 + round);
    SchedulerOptions options{.slots = 1 + uint32_t(random() % 32),
                             .queue = 1000,
                             .kvMemory = pageBytes * (4 + random() % 12),
                             .threads = 1 + uint32_t(random() % 3),
                             .chunk = 1 + uint32_t(random() % 8),
                             .piece = 1 + uint32_t(random() % 8)};
    Served served(options);
    std::vector<std::pair<uint32_t, uint64_t>> jobs;
    for (int i = 0; i < 100; ++i) {
      uint32_t kind = random() % kinds;
      std::mt19937 own(kind);
      uint64_t job = served.submit(someJob(served, own));
      ASSERT_NE(job, 0u);
      if (random() % 8 == 0)
        served.scheduler.cancel(job);
      else
        jobs.push_back({kind, job});
      if (random() % 16 == 0)
        served.audience.answerOf(jobs.empty() ? job : jobs.back().second);
    }
    for (auto [kind, job] : jobs) {
      Answer answer = served.audience.answerOf(job);
      ASSERT_EQ(answer.said(), alone[kind].said())
          << "round " << round << ", kind " << kind;
      reused += answer.reusedTokens;
      ++answers;
    }
    setBack += served.scheduler.counters().setBack;
  }
  EXPECT_GT(answers, 3000u);
  EXPECT_GT(reused, 10000u);
  EXPECT_GT(setBack, 100u) << "memory was never short";
}

namespace {
/// Vectors by job, and how many jobs have ended.
struct Vectors {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<uint64_t, std::vector<float>> of;
  size_t ended = 0;

  Listener listener() {
    return {.context = this,
            .onToken = nullptr,
            .onVector =
                [](void *context, uint64_t job, std::span<const float> vector) {
                  auto &self = *static_cast<Vectors *>(context);
                  std::lock_guard held(self.mutex);
                  self.of[job].assign(vector.begin(), vector.end());
                },
            .onEnd =
                [](void *context, uint64_t, const Summary &) {
                  auto &self = *static_cast<Vectors *>(context);
                  std::lock_guard held(self.mutex);
                  ++self.ended;
                  self.changed.notify_all();
                }};
  }
};
} // namespace

/// A job that loses its pages begins its vector anew as well.
TEST(Scheduler, GivesTheSameVectorsWhereMemoryIsShort) {
  ToyModel toy;
  toy.program().vectorSize = toy.program().vocabSize;
  toy.image().pooling.modeCount = 1;
  toy.image().pooling.modes[0] = TRITC_POOL_MEAN;
  chat::Model model(toy.program(), toy.image());
  auto vectorsOf = [&](uint32_t slots, uint64_t &setBack) {
    SchedulerOptions options{
        .slots = slots, .kvMemory = toy.program().kvCacheBytes, .threads = 1};
    Vectors vectors;
    Scheduler scheduler(model, options);
    EXPECT_FALSE(scheduler.start());
    std::vector<uint64_t> jobs;
    for (int32_t i = 0; i < 6; ++i) {
      Job job;
      for (int32_t k = 0; k < 70 + 30 * (5 - i); ++k)
        job.prompt.push((i * 17 + k) % 256);
      jobs.push_back(scheduler.submit(std::move(job), vectors.listener()));
    }
    std::unique_lock held(vectors.mutex);
    vectors.changed.wait(held, [&] { return vectors.ended == jobs.size(); });
    held.unlock();
    setBack = scheduler.counters().setBack;
    scheduler.stop();
    std::vector<std::vector<float>> all;
    for (uint64_t job : jobs)
      all.push_back(vectors.of[job]);
    return all;
  };
  uint64_t none = 0, some = 0;
  auto alone = vectorsOf(1, none);
  EXPECT_EQ(vectorsOf(6, some), alone);
  EXPECT_EQ(none, 0u);
  EXPECT_GT(some, 0u) << "memory was never short";
}
