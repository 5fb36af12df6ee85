//===- Sequence.cpp - A job at work ---------------------------------------===//

#include "runtime/schedule/Sequence.h"
#include "runtime/sample/LogProbability.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::schedule;

Sequence::Sequence(const chat::Model &model)
    : model(model), sampler(model.image.vocabSize, 0),
      pooler(model.image.pooling, tritc_row_size(&model.program)), out(text) {}

/// The texts of Job::stops.
static void readStops(const base::Array<char> &bytes, chat::TextList &list) {
  list.count = 0;
  for (size_t at = 0; at + sizeof(uint32_t) <= bytes.size();) {
    uint32_t length;
    memcpy(&length, bytes.data() + at, sizeof(length));
    at += sizeof(length);
    if (length > bytes.size() - at || list.count == chat::TextList::capacity)
      break;
    list.items[list.count++] = {bytes.data() + at, length};
    at += length;
  }
}

void Sequence::begin(Task &wanted, double now) {
  task = &wanted;
  const Job &job = wanted.job;
  ids.clear();
  ids.append(job.prompt);
  promptSize = ids.size();
  isAnswering = false;
  reused = 0;
  sampler.reseed(job.seed);
  sampler.forget();
  for (int32_t id : ids)
    sampler.accept(id);
  sampler.beginAnswer();
  isStuck = false;
  if (job.guide)
    job.guide->begin();
  pooler.begin();
  logprob = 0;
  likely.clear();
  readStops(job.stops, stops);
  text.clear();
  stream.reset(base::create<chat::AnswerStream>(model.tokenizer, stops, out,
                                                job.keepsSpecial));
  begun = now;
  firstTold = lastTold = 0;
}

Task *Sequence::end(Ending ending, Counters &counters, double now) {
  stream->finish();
  Summary summary{.ending = ending,
                  .lastText = text.view(),
                  .promptTokens = promptSize,
                  .reusedTokens = reused,
                  .answerTokens = ids.size() - promptSize,
                  .queueSeconds = begun - task->submitted,
                  .promptSeconds = (firstTold > 0 ? firstTold : now) - begun,
                  .answerSeconds = firstTold > 0 ? now - firstTold : 0};
  counters.cancelled += ending == Ending::Cancelled;
  task->listener.onEnd(task->listener.context, task->number, summary);
  stream.reset();
  return std::exchange(task, nullptr);
}

void Sequence::setBack(exec::PageCache &pages) {
  pages.release(held);
  pooler.begin();
}

size_t Sequence::mostReused() const {
  size_t before = ids.size() - 1;
  return model.embeds() ? std::min(before, pooler.firstNeeded(ids.size()))
                        : before;
}

size_t Sequence::wantedOf(size_t count) const {
  size_t end = held.tokens() + count;
  size_t first =
      model.embeds() ? pooler.firstNeeded(ids.size()) : ids.size() - 1;
  return end > first ? std::min(end - first, count) : 0;
}

/// The most probable tokens, the best first.
void Sequence::findLikely(std::span<const float> logits, double logOfSum) {
  size_t wanted = std::min<size_t>(task->job.topLogprobs, logits.size());
  likely.clear();
  if (wanted == 0)
    return;
  // Kept in order; most logits are less than the last of them.
  sample::Candidate kept[mostLogprobs];
  size_t count = 0;
  for (size_t i = 0; i < logits.size(); ++i) {
    sample::Candidate fresh = {logits[i], static_cast<int32_t>(i)};
    if (count == wanted && !sample::isBetter(fresh, kept[count - 1]))
      continue;
    size_t at = count < wanted ? count++ : count - 1;
    for (; at > 0 && sample::isBetter(fresh, kept[at - 1]); --at)
      kept[at] = kept[at - 1];
    kept[at] = fresh;
  }
  for (size_t i = 0; i < count; ++i)
    likely.push({kept[i].id, static_cast<double>(kept[i].logit) - logOfSum});
}

void Sequence::choose(std::span<const float> logits) {
  const Job &job = task->job;
  isAnswering = true;
  if (job.predict == 0)
    return;
  std::span<const uint64_t> allowed;
  isStuck = job.guide && !job.guide->allowed(allowed);
  if (isStuck)
    return;
  chosen = sampler.choose(logits, job.sampling, allowed);
  if (!job.wantsLogprobs || endsHere())
    return;
  double logOfSum = sample::logOfSum(logits);
  logprob = static_cast<double>(logits[static_cast<size_t>(chosen)]) - logOfSum;
  findLikely(logits, logOfSum);
}

bool Sequence::tell(uint32_t contextSize, Counters &counters, double now,
                    Ending &ending) {
  const Job &job = task->job;
  auto said = [&] { return static_cast<int64_t>(ids.size() - promptSize); };
  ending = Ending::Length;
  if (job.predict == 0)
    return false;
  // A grammar may ask for bytes that no token has.
  if (isStuck && !job.guide->mayEnd())
    return false;
  ending = Ending::Stop;
  if (isStuck || endsHere())
    return false;
  if (job.guide)
    job.guide->accept(chosen);
  sampler.accept(chosen);
  ids.push(chosen);
  ++counters.answerTokens;
  if (firstTold == 0) {
    firstTold = now;
    counters.firstToken.add(now - task->submitted);
  } else {
    counters.nextToken.add(now - lastTold);
  }
  lastTold = now;
  bool goesOn = stream->add(chosen);
  task->listener.onToken(
      task->listener.context, task->number,
      {.id = chosen, .text = text.view(), .logprob = logprob, .top = likely});
  text.clear();
  if (!goesOn)
    return false;
  ending = Ending::Length;
  if (job.predict >= 0 && said() >= job.predict)
    return false;
  ending = Ending::ContextFull;
  return ids.size() <= contextSize;
}

void Sequence::tellVector() { tellRow(pooler.finish()); }

void Sequence::tellRow(std::span<const float> row) {
  task->listener.onVector(task->listener.context, task->number, row);
}
