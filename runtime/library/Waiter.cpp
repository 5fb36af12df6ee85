//===- Waiter.cpp - A call that waits for its job -------------------------===//

#include "runtime/library/Waiter.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::library;

Waiter::~Waiter() {
  pthread_cond_destroy(&hasNews);
  pthread_mutex_destroy(&lock);
}

schedule::Listener Waiter::listener() {
  return {
      .context = this, .onToken = onToken, .onVector = onRow, .onEnd = onEnd};
}

void Waiter::onToken(void *context, uint64_t, const schedule::Told &told) {
  auto &self = *static_cast<Waiter *>(context);
  pthread_mutex_lock(&self.lock);
  self.heard.push({told.id, told.text.size(), told.logprob});
  self.text.append(told.text);
  pthread_cond_signal(&self.hasNews);
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
  self.text.append(summary.lastText);
  self.lastBytes = summary.lastText.size();
  self.hasEnded = true;
  pthread_cond_signal(&self.hasNews);
  pthread_mutex_unlock(&self.lock);
}

schedule::Summary Waiter::wait(schedule::Scheduler &scheduler, uint64_t job,
                            const Wishes &wishes) {
  bool isWanted = true;
  base::Array<Heard> news;
  base::Array<char> said;
  bool isOver = false;
  while (!isOver) {
    pthread_mutex_lock(&lock);
    while (heard.empty() && !hasEnded)
      pthread_cond_wait(&hasNews, &lock);
    news = std::move(heard);
    said = std::move(text);
    isOver = hasEnded;
    pthread_mutex_unlock(&lock);

    size_t at = 0;
    auto tell = [&](int32_t id, size_t bytes, double logprob) {
      tritc_token token = {id, said.data() + at, bytes, logprob};
      at += bytes;
      if (isWanted && wishes.onToken &&
          wishes.onToken(wishes.context, &token) != 0) {
        isWanted = false;
        scheduler.cancel(job);
      }
    };
    for (const Heard &each : news) {
      // What comes after the callback's word is no part of the answer.
      if (isWanted && wishes.ids)
        wishes.ids->push(each.id);
      tell(each.id, each.bytes, each.logprob);
    }
    // What was held back, for it might have become a stop text.
    if (isOver && lastBytes > 0)
      tell(-1, lastBytes, 0);
  }
  if (!isWanted)
    summary.ending = schedule::Ending::Cancelled;
  std::copy_n(row.data(), std::min(row.size(), wishes.row.size()),
              wishes.row.data());
  return summary;
}
