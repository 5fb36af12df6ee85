//===- Waiter.cpp - A call that waits for its job -------------------------===//

#include "runtime/library/Waiter.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::library;

Waiter::~Waiter() { pthread_mutex_destroy(&lock); }

schedule::Listener Waiter::listener() {
  return {
      .context = this, .onToken = onToken, .onVector = onRow, .onEnd = onEnd};
}

// The bell is rung under the lock: once that is free after the end, nothing of
// this is touched any more.

void Waiter::onToken(void *context, uint64_t, const schedule::Told &told) {
  auto &self = *static_cast<Waiter *>(context);
  pthread_mutex_lock(&self.lock);
  self.heard.tokens.push(
      {told.id, told.text.size(), told.logprob, told.top.size()});
  self.heard.text.append(told.text);
  for (const schedule::Likely &likely : told.top)
    self.heard.likely.push({likely.id, likely.logprob});
  self.bell.ring();
  pthread_mutex_unlock(&self.lock);
}

void Waiter::onRow(void *context, uint64_t, std::span<const float> values) {
  auto &self = *static_cast<Waiter *>(context);
  pthread_mutex_lock(&self.lock);
  self.row.append(values);
  pthread_mutex_unlock(&self.lock);
}

void Waiter::onEnd(void *context, uint64_t, const schedule::Summary &summary) {
  auto &self = *static_cast<Waiter *>(context);
  pthread_mutex_lock(&self.lock);
  self.summary = summary;
  // What was held back, for it might have become a stop text.
  if (!summary.lastText.empty()) {
    self.heard.tokens.push({-1, summary.lastText.size(), 0, 0});
    self.heard.text.append(summary.lastText);
  }
  self.hasEnded = true;
  self.bell.ring();
  pthread_mutex_unlock(&self.lock);
}

schedule::Summary Waiter::wait(schedule::Scheduler &scheduler, uint64_t job,
                               const Wishes &wishes) {
  bool isWanted = true, isOver = false;
  auto stop = [&] {
    isWanted = false;
    scheduler.cancel(job);
  };
  while (!isOver) {
    bell.wait();
    pthread_mutex_lock(&lock);
    News news = std::move(heard);
    isOver = hasEnded;
    pthread_mutex_unlock(&lock);

    size_t text = 0, likely = 0;
    for (const Token &each : news.tokens) {
      if (isWanted && bell.isStopped())
        stop();
      // What comes after the callback's word is no part of the answer.
      if (!isWanted)
        break;
      if (wishes.ids && each.id >= 0)
        wishes.ids->push(each.id);
      tritc_token token = {
          each.id,      news.text.data() + text,     each.bytes,
          each.logprob, news.likely.data() + likely, each.likely};
      text += each.bytes;
      likely += each.likely;
      if (wishes.onToken && wishes.onToken(wishes.context, &token) != 0)
        stop();
    }
    if (isWanted && !isOver && bell.isStopped())
      stop();
  }
  if (!isWanted)
    summary.ending = schedule::Ending::Cancelled;
  std::copy_n(row.data(), std::min(row.size(), wishes.row.size()),
              wishes.row.data());
  return summary;
}
