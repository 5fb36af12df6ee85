//===- Recurrence.cpp - What followed the same tokens earlier -------------===//

#include "runtime/exec/Recurrence.h"

#include <algorithm>
#include <bit>

using namespace tritc;
using namespace tritc::exec;

bool Recurrence::start(size_t tokens) {
  history.clear();
  earlier.clear();
  latest.clear();
  // At most half of the places are taken.
  size_t places = std::bit_ceil(tokens * lengths * 2 + 1);
  if (!history.tryReserve(tokens) || !earlier.tryReserve(tokens * lengths) ||
      !latest.tryReserve(places))
    return false;
  earlier.resize(tokens * lengths);
  latest.resize(places);
  return true;
}

bool Recurrence::isSame(uint32_t left, uint32_t right) const {
  size_t length = lengthOf(left);
  if (length != lengthOf(right))
    return false;
  const int32_t *ends[] = {history.data() + lastOf(left) + 1,
                           history.data() + lastOf(right) + 1};
  return std::equal(ends[0] - length, ends[0], ends[1] - length);
}

/// Where the last occurrence of these tokens stands, or may be written.
uint32_t &Recurrence::placeOf(uint32_t run) {
  size_t last = lastOf(run), length = lengthOf(run);
  uint64_t hash = length;
  for (size_t i = last + 1 - length; i <= last; ++i)
    hash = (hash ^ static_cast<uint32_t>(history[i])) * 0x9e3779b97f4a7c15;
  size_t mask = latest.size() - 1;
  size_t place = (hash >> 32) & mask;
  while (latest[place] != 0 && !isSame(latest[place], run))
    place = (place + 1) & mask;
  return latest[place];
}

void Recurrence::append(int32_t token) {
  history.push(token);
  size_t last = history.size() - 1;
  for (size_t length = shortest; length <= std::min(longest, last + 1);
       ++length) {
    uint32_t run = runAt(last, length);
    uint32_t &place = placeOf(run);
    earlier[run - 1] = place;
    place = run;
  }
}

void Recurrence::truncate(size_t count) {
  while (history.size() > count) {
    size_t last = history.size() - 1;
    for (size_t length = std::min(longest, last + 1); length >= shortest;
         --length) {
      uint32_t run = runAt(last, length);
      placeOf(run) = earlier[run - 1];
    }
    history.pop();
  }
}

size_t Recurrence::guess(std::span<int32_t> into) const {
  size_t size = history.size();
  for (size_t length = std::min(longest, size); length >= shortest; --length) {
    uint32_t before = earlier[runAt(size - 1, length) - 1];
    if (before == 0)
      continue;
    size_t next = lastOf(before) + 1;
    for (size_t i = 0; i < into.size(); ++i)
      into[i] = next + i < size ? history[next + i] : into[next + i - size];
    return into.size();
  }
  return 0;
}
