//===- Worker.h - Many jobs in each pass ----------------------------------===//
//
// Before every pass it is decided anew who takes part: each answer that is
// being written with its next token, and of the prompts that are being read
// pieces, in turns. So a job that comes waits for one pass at most, and no
// answer for more than one piece.
//
// When pages run out, the job that came last loses its own and begins again
// once there is room: what it computes then is what it computed before. The
// first one always finds room, so all come to an end.
//
// All functions are for one thread, that of the scheduler.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/schedule/Sequence.h"

namespace tritc::schedule {

class Worker {
public:
  explicit Worker(const chat::Model &model)
      : model(model), engine(model.program, model.image) {}
  ~Worker();

  base::Failure start(const SchedulerOptions &options);
  uint32_t contextSize() const { return engine.contextSize(); }

  bool hasRoom() const { return running.size() < slots.size(); }
  /// Whether every prompt has been read.
  bool allWrite() const;
  uint32_t threads() { return engine.threads().size(); }
  /// \pre hasRoom()
  void begin(Task &task);
  /// One pass; ends those that are cancelled first. Appends the tasks that
  /// ended.
  void step(base::Array<Task *> &ended);
  /// Ends all as cancelled.
  void endAll(base::Array<Task *> &ended);
  /// From any thread: the pass that runs, if one does, comes to nothing.
  void abandonPass() { isAbandoned = true; }
  void allowPasses() { isAbandoned = false; }

  const Counters &counters() const { return totals; }

private:
  /// A piece of the pass, and whose it is.
  struct Share {
    Sequence *sequence;
    size_t count, wanted;
    size_t firstRow; ///< of those that are wanted
  };

  void plan();
  bool place(Sequence &sequence, size_t count);
  bool makeRoom(Sequence &sequence, size_t count);
  bool read(Sequence &sequence, size_t budget);
  void reuse(Sequence &sequence);
  bool runPass();
  void take(base::Array<Task *> &ended);
  void end(Sequence &sequence, Ending ending, base::Array<Task *> &ended);
  void endCancelled(base::Array<Task *> &ended);

  const chat::Model &model;
  exec::Engine engine;
  base::Owned<exec::PageCache> pages;
  uint32_t pieceTokens = 0;
  base::Array<Sequence *> slots;
  base::Array<Sequence *> running; ///< the one that came first is the first
  base::Array<Share> shares;       ///< of the pass
  base::Array<exec::Piece> pieces; ///< the same for the engine
  size_t placedTokens = 0;
  size_t turn = 0; ///< which of the readers reads first
  std::atomic<bool> isAbandoned{false};
  Counters totals;
};

} // namespace tritc::schedule
