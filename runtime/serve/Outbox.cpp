//===- Outbox.cpp - From the scheduler's thread to the server's -----------===//

#include "runtime/serve/Outbox.h"

#include <utility>

using namespace tritc;
using namespace tritc::serve;

/// Parts of a record begin at multiples of this.
static constexpr size_t alignment = alignof(double);

template <typename T>
static void appendPart(base::Array<char> &bytes, const T *first, size_t count) {
  bytes.append(reinterpret_cast<const char *>(first), count * sizeof(T));
  bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
}

template <typename T>
static const T *takePart(const base::Array<char> &bytes, size_t &at,
                         size_t count) {
  auto *first = reinterpret_cast<const T *>(bytes.data() + at);
  at += (count * sizeof(T) + alignment - 1) / alignment * alignment;
  return first;
}

void Outbox::add(Record record, std::string_view text,
                 std::span<const Likely> top, std::span<const float> vector) {
  record.texts = text.size();
  record.tops = top.size();
  record.floats = vector.size();
  record.summary.lastText = {};
  pthread_mutex_lock(&mutex);
  appendPart(said, &record, 1);
  appendPart(said, text.data(), text.size());
  appendPart(said, top.data(), top.size());
  appendPart(said, vector.data(), vector.size());
  pthread_mutex_unlock(&mutex);
  wake(context);
}

Listener Outbox::listener() {
  Listener made;
  made.context = this;
  made.onToken = [](void *box, uint64_t job, const Told &told) {
    static_cast<Outbox *>(box)->add(
        {Heard::Token, told.id, job, told.logprob, {}, 0, 0, 0}, told.text,
        told.top, {});
  };
  made.onVector = [](void *box, uint64_t job, std::span<const float> vector) {
    static_cast<Outbox *>(box)->add({Heard::Vector, 0, job, 0, {}, 0, 0, 0}, {},
                                    {}, vector);
  };
  made.onEnd = [](void *box, uint64_t job, const Summary &summary) {
    static_cast<Outbox *>(box)->add({Heard::End, 0, job, 0, summary, 0, 0, 0},
                                    summary.lastText, {}, {});
  };
  return made;
}

void Outbox::take() {
  taken.clear();
  pthread_mutex_lock(&mutex);
  std::swap(said, taken);
  pthread_mutex_unlock(&mutex);
}

bool Outbox::next(size_t &at, Heard &heard) const {
  if (at == taken.size())
    return false;
  const Record &record = *takePart<Record>(taken, at, 1);
  std::string_view text(takePart<char>(taken, at, record.texts), record.texts);
  std::span<const Likely> top(takePart<Likely>(taken, at, record.tops),
                              record.tops);
  std::span<const float> vector(takePart<float>(taken, at, record.floats),
                                record.floats);
  heard = {record.kind,
           record.job,
           {record.id, text, record.logprob, top},
           vector,
           record.summary};
  heard.summary.lastText = text;
  return true;
}
