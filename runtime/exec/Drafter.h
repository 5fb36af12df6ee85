//===- Drafter.h - How far to guess ahead ---------------------------------===//
#pragma once

#include "runtime/exec/Recurrence.h"

namespace tritc::exec {

/// Guesses the next tokens of a sequence by what followed the same ones
/// earlier in it, as many as pay: that depends on how often guesses were right
/// lately, and on what passes of several tokens took. Since a token's logits
/// do not depend on how a sequence is cut into passes, guesses change when a
/// token is computed, and never which one it is.
class Drafter {
public:
  /// Guesses in one pass.
  static constexpr size_t most = 7;

  /// Guesses nothing where there is no memory to remember the sequence.
  /// \param tokens  of the longest sequence
  /// \param least   guesses wherever there is something to guess, whatever it
  ///                costs
  /// \param atMost  guesses; 0: none ever
  void start(size_t tokens, size_t least, size_t atMost);
  /// The sequence is `tokens`, however it came about.
  void follow(std::span<const int32_t> tokens);
  /// One token more.
  void append(int32_t token);

  /// Guesses what follows. \returns how many; 0 where none pays
  size_t guess(std::span<int32_t> into) const;
  /// A pass of `tokens` tokens, at most 1 + most, has taken so long.
  void passed(size_t tokens, double seconds);

private:
  double costOf(size_t tokens) const;
  size_t countThatPays(size_t limit) const;

  Recurrence recurrence;
  size_t least = 0, atMost = 0;
  /// Of a single guess; known also where it is not tried, since the sequence
  /// shows what it would have been worth.
  double hitRate = 0;
  int32_t expected = -1;         ///< that guess; -1: none
  double seconds[most + 2] = {}; ///< of passes by their tokens; 0: not known
};

} // namespace tritc::exec
