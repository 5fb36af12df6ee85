//===- Table.h - Finding what is already there ----------------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>

namespace tritc::grammar {

/// Numbers of things that somebody else keeps, found by their hash. Slots are a
/// power of two, at most half of them taken.
class Table {
public:
  static constexpr uint32_t none = UINT32_MAX;

  /// The number for which `equals(number)` holds, `none` if there is none.
  template <typename Equals>
  uint32_t find(uint64_t hash, Equals &&equals) const {
    if (slots.empty())
      return none;
    size_t mask = slots.size() - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
      if (slots[i].number == none)
        return none;
      if (slots[i].hash == hash && equals(slots[i].number))
        return slots[i].number;
    }
  }

  /// \pre nothing equal is there
  void insert(uint64_t hash, uint32_t number) {
    if (2 * (count + 1) > slots.size())
      grow();
    place(hash, number);
    ++count;
  }

  void clear() {
    count = 0;
    for (Slot &slot : slots)
      slot.number = none;
  }
  size_t size() const { return count; }

  static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15;
    return hash ^ (hash >> 29);
  }

private:
  struct Slot {
    uint64_t hash;
    uint32_t number;
  };

  void place(uint64_t hash, uint32_t number) {
    size_t mask = slots.size() - 1;
    size_t i = hash & mask;
    while (slots[i].number != none)
      i = (i + 1) & mask;
    slots[i] = {hash, number};
  }

  void grow() {
    base::Array<Slot> old = static_cast<base::Array<Slot> &&>(slots);
    slots.resize(old.empty() ? 64 : 2 * old.size());
    for (Slot &slot : slots)
      slot.number = none;
    for (const Slot &slot : old)
      if (slot.number != none)
        place(slot.hash, slot.number);
  }

  base::Array<Slot> slots;
  size_t count = 0;
};

} // namespace tritc::grammar
