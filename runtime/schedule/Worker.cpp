//===- Worker.cpp - Many jobs in each pass --------------------------------===//

#include "runtime/schedule/Worker.h"
#include "runtime/exec/Clock.h"
#include "runtime/exec/Memory.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::schedule;

/// Pages for all slots, if they fit into half of the memory that is left; at
/// least those of one context. Memory is taken as pages are filled.
static uint32_t choosePages(const TritcProgram &program,
                            const SchedulerOptions &options) {
  uint64_t one = tritc_kv_pages(program.contextSize);
  uint64_t pageBytes = std::max<uint64_t>(exec::kvPageBytes(program), 1);
  uint64_t bytes =
      options.kvMemory ? options.kvMemory : exec::availableMemory() / 2;
  uint64_t most = options.kvMemory ? UINT32_MAX / 2 : one * options.slots;
  return static_cast<uint32_t>(
      std::clamp<uint64_t>(bytes / pageBytes, one, std::max(one, most)));
}

base::Failure Worker::start(const SchedulerOptions &options) {
  uint32_t count = choosePages(model.program, options);
  pieceTokens = options.piece;
  pages.reset(base::create<exec::PageCache>(count));
  for (uint32_t i = 0; i < options.slots; ++i)
    slots.push(base::create<Sequence>(model));
  running.reserve(slots.size());
  shares.reserve(slots.size());
  pieces.reserve(slots.size());
  totals.pages = count;
  return engine.start({.threads = options.threads,
                       .contextSize = options.contextSize,
                       .blockSize = options.chunk,
                       .cachePages = count,
                       .weights = options.weights});
}

Worker::~Worker() {
  for (Sequence *slot : slots)
    base::destroy(slot);
}

bool Worker::allWrite() const {
  return std::all_of(running.begin(), running.end(),
                     [](const Sequence *each) { return each->isWriting(); });
}

void Worker::begin(Task &task) {
  for (Sequence *slot : slots)
    if (slot->isFree()) {
      slot->begin(task, exec::monotonicSeconds());
      running.push(slot);
      ++totals.jobs;
      totals.promptTokens += slot->tokens().size();
      return;
    }
}

//===----------------------------------------------------------------------===//
// Who takes part in a pass
//===----------------------------------------------------------------------===//

/// Takes pages from jobs that came later, and are not in the pass yet, until
/// there are enough. \returns false where that is not to be had
bool Worker::makeRoom(Sequence &sequence, size_t count) {
  while (!pages->grow(sequence.held, count)) {
    Sequence *last = nullptr;
    for (Sequence *other : running)
      if (other->number() > sequence.number() && !other->isPlaced &&
          !other->held.numbers().empty())
        last = other;
    if (!last)
      return false;
    last->setBack(*pages);
    ++totals.setBack;
  }
  return true;
}

bool Worker::place(Sequence &sequence, size_t count) {
  if (!makeRoom(sequence, count))
    return false;
  sequence.isPlaced = true;
  shares.push({&sequence, count, sequence.wantedOf(count), 0});
  placedTokens += count;
  return true;
}

/// Takes over what others have computed of the same beginning.
void Worker::reuse(Sequence &sequence) {
  size_t before = sequence.held.tokens();
  if (before % TRITC_KV_PAGE != 0)
    return;
  exec::PageCache::Copy copy =
      pages->adopt(sequence.held, sequence.tokens(), sequence.mostReused());
  if (copy.to >= 0)
    memcpy(engine.cachePage(static_cast<size_t>(copy.to)).data(),
           engine.cachePage(static_cast<size_t>(copy.from)).data(),
           engine.cachePage(0).size());
  size_t found = sequence.held.tokens() - before;
  sequence.reused += found;
  totals.reusedTokens += found;
}

/// Reads a piece of a prompt. \returns false where there is no room for it
bool Worker::read(Sequence &sequence, size_t budget) {
  bool isFirst = sequence.held.numbers().empty();
  reuse(sequence);
  // Who begins while others are at work needs room for all of it, lest it be
  // set back halfway.
  size_t needed = tritc_kv_pages(sequence.tokens().size() + 1) -
                  sequence.held.numbers().size();
  if (isFirst && &sequence != running[0] &&
      needed > pages->size() - pages->heldCount()) {
    pages->release(sequence.held);
    return false;
  }
  return place(sequence, std::min(budget, sequence.missing()));
}

void Worker::plan() {
  shares.clear();
  placedTokens = 0;
  for (Sequence *sequence : running)
    sequence->isPlaced = false;
  size_t most = engine.blockSize();
  for (Sequence *sequence : running)
    if (sequence->isWriting() && placedTokens < most)
      place(*sequence, 1);
  size_t budget = most - placedTokens;
  if (placedTokens > 0)
    budget = std::min<size_t>(budget, pieceTokens);
  size_t end = placedTokens + budget;
  // In turns, but for the first job of all where nobody else has found room.
  for (size_t i = 0; i < running.size() && placedTokens < end; ++i) {
    Sequence &sequence = *running[(turn + i) % running.size()];
    if (!sequence.isPlaced && !sequence.isWriting())
      read(sequence, end - placedTokens);
  }
  if (shares.empty())
    read(*running[0], most);
  ++turn;
}

//===----------------------------------------------------------------------===//
// A pass
//===----------------------------------------------------------------------===//

bool Worker::runPass() {
  pieces.clear();
  size_t row = 0;
  for (Share &share : shares) {
    Sequence &sequence = *share.sequence;
    share.firstRow = row;
    row += share.wanted;
    pieces.push({.tokens = sequence.tokens().subspan(sequence.held.tokens(),
                                                     share.count),
                 .position = sequence.held.tokens(),
                 .pages = sequence.held.numbers(),
                 .wanted = share.wanted});
  }
  ++totals.passes;
  return engine.pass(pieces, &isAbandoned);
}

void Worker::end(Sequence &sequence, Ending ending,
                 base::Array<Task *> &ended) {
  pages->release(sequence.held);
  ended.push(sequence.end(ending, totals, exec::monotonicSeconds()));
  size_t at = 0;
  while (running[at] != &sequence)
    ++at;
  memmove(running.data() + at, running.data() + at + 1,
          (running.size() - at - 1) * sizeof(running[0]));
  running.pop();
}

/// What the pass has given.
void Worker::take(base::Array<Task *> &ended) {
  for (Share &share : shares) {
    Sequence &sequence = *share.sequence;
    pages->commit(sequence.held, sequence.tokens().subspan(
                                     sequence.held.tokens(), share.count));
  }
  if (model.embeds()) {
    for (Share &share : shares) {
      for (size_t i = 0; i < share.wanted; ++i)
        share.sequence->addState(engine.wantedRow(share.firstRow + i));
      if (share.sequence->missing() > 0)
        continue;
      share.sequence->tellVector();
      end(*share.sequence, Ending::Stop, ended);
    }
    return;
  }
  // Tokens are chosen side by side; each depends on its own row alone.
  uint32_t threads = engine.threads().size();
  engine.threads().run([&](uint32_t thread) {
    for (size_t i = thread; i < shares.size(); i += threads)
      if (shares[i].wanted && !shares[i].sequence->wantsRow())
        shares[i].sequence->choose(engine.wantedRow(shares[i].firstRow));
  });
  double now = exec::monotonicSeconds();
  for (Share &share : shares) {
    Sequence &sequence = *share.sequence;
    Ending ending = Ending::Stop;
    if (share.wanted == 0)
      continue;
    bool goesOn = false;
    if (sequence.wantsRow())
      sequence.tellRow(engine.wantedRow(share.firstRow));
    else
      goesOn = sequence.tell(contextSize(), totals, now, ending);
    if (!goesOn)
      end(sequence, ending, ended);
  }
}

void Worker::endCancelled(base::Array<Task *> &ended) {
  for (size_t i = running.size(); i-- > 0;)
    if (running[i]->isCancelled())
      end(*running[i], Ending::Cancelled, ended);
}

void Worker::step(base::Array<Task *> &ended) {
  endCancelled(ended);
  if (running.empty())
    return;
  plan();
  if (!shares.empty() && runPass())
    take(ended);
  totals.pagesUsed = pages->usedCount();
}

void Worker::endAll(base::Array<Task *> &ended) {
  while (!running.empty())
    end(*running[running.size() - 1], Ending::Cancelled, ended);
}
