//===- Recurrence.h - What followed the same tokens earlier ---------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>

namespace tritc::exec {

/// The tokens of one sequence, and where each run of a few of them occurred
/// last: answers that quote go on as their source did. A token costs the same
/// few steps however long the sequence is; memory is reserved ahead.
class Recurrence {
public:
  /// Runs of so many tokens are known; a longer one says more.
  static constexpr size_t shortest = 2, longest = 4;

  /// Forgets everything, and makes room. \returns whether there is memory
  /// \pre tokens < 2^30
  [[nodiscard]] bool start(size_t tokens);
  std::span<const int32_t> tokens() const { return history; }

  /// \pre tokens().size() is less than what start() was told
  void append(int32_t token);
  /// Forgets all but the first `count` tokens, as if they were never there.
  void truncate(size_t count);

  /// Fills `into` with what followed the last tokens where they occurred
  /// before: the longest run counts, of its occurrences the last. What lies so
  /// near that it has not gone on so far is taken to repeat.
  /// \returns into.size(), or 0 where the last tokens are new
  size_t guess(std::span<int32_t> into) const;

private:
  static constexpr size_t lengths = longest - shortest + 1;

  /// A run, by its length and its last token; 0 is none.
  static uint32_t runAt(size_t last, size_t length) {
    return static_cast<uint32_t>(last * lengths + (length - shortest) + 1);
  }
  static size_t lastOf(uint32_t run) { return (run - 1) / lengths; }
  static size_t lengthOf(uint32_t run) {
    return (run - 1) % lengths + shortest;
  }
  bool isSame(uint32_t left, uint32_t right) const;
  uint32_t &placeOf(uint32_t run);

  base::Array<int32_t> history;
  base::Array<uint32_t> earlier; ///< by run - 1: the same tokens before
  /// Hashed with linear probing: the last occurrence of each run. Runs leave in
  /// the opposite order of coming, so that a place can just be emptied.
  base::Array<uint32_t> latest;
};

} // namespace tritc::exec
