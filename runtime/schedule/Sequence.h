//===- Sequence.h - A job at work -----------------------------------------===//
#pragma once

#include "runtime/chat/AnswerStream.h"
#include "runtime/chat/Model.h"
#include "runtime/exec/PageCache.h"
#include "runtime/exec/Pooling.h"
#include "runtime/sample/Sampler.h"
#include "runtime/schedule/Job.h"

namespace tritc::schedule {

/// The tokens of one job, read and written, and what decides about the next
/// one. Holds no page and no task at first; is used again for job after job.
class Sequence {
public:
  explicit Sequence(const chat::Model &model);

  bool isFree() const { return task == nullptr; }
  void begin(Task &task, double now);
  /// Tells the listener, and is free again. \pre no page is held
  /// \returns what it worked on
  Task *end(Ending ending, Counters &counters, double now);

  uint64_t number() const { return task->number; }
  bool isCancelled() const { return task->isCancelled; }

  /// Lets go of all pages: everything is computed again.
  void setBack(exec::PageCache &pages);

  std::span<const int32_t> tokens() const { return ids; }
  /// Tokens that are not in the cache.
  size_t missing() const { return ids.size() - held.tokens(); }
  /// Whether the next pass computes its last token only.
  bool isWriting() const { return isAnswering && missing() == 1; }
  /// Tokens that may be taken from the cache: logits, and states, are not in
  /// it.
  size_t mostReused() const;
  /// Of the next `count` tokens, how many rows are wanted, the last ones.
  size_t wantedOf(size_t count) const;

  /// Chooses the token that follows. Any thread.
  void choose(std::span<const float> logits);
  /// Tells what was chosen. \returns whether the answer goes on
  bool tell(uint32_t contextSize, Counters &counters, double now,
            Ending &ending);
  /// Takes the states of tokens, of a model that embeds.
  void addState(std::span<const float> state) { pooler.add(state); }
  void tellVector();
  /// Whether logits are wanted, and no answer.
  bool wantsRow() const { return task->job.wantsRow; }
  void tellRow(std::span<const float> row);

  exec::HeldPages held;
  size_t reused = 0;     ///< tokens found in the cache
  bool isPlaced = false; ///< in the pass that is being made

private:
  /// Whether what was chosen ends the answer.
  bool endsHere() const {
    return model.isStop(chosen) && !task->job.ignoresStop;
  }
  void findLikely(std::span<const float> logits, double logOfSum);

  const chat::Model &model;
  Task *task = nullptr;
  base::Array<int32_t> ids;
  size_t promptSize = 0;
  bool isAnswering = false;
  bool isStuck = false; ///< the grammar allows no token
  sample::Sampler sampler;
  exec::Pooler pooler;
  int32_t chosen = -1;
  double logprob = 0;
  base::Array<Likely> likely;

  chat::TextList stops;
  base::Array<char> text; ///< that the stream has written
  chat::Output out;
  base::Owned<chat::AnswerStream> stream;

  double begun = 0, firstTold = 0, lastTold = 0;
};

} // namespace tritc::schedule
