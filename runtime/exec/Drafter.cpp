//===- Drafter.cpp - How far to guess ahead -------------------------------===//

#include "runtime/exec/Drafter.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::exec;

/// Of the newest guess, or pass, in a mean of the last ones.
static constexpr double newest = 1.0 / 8;
/// What a token more is thought to cost until passes tell, in single passes.
static constexpr double nextToken = 0.2;
/// So much faster guesses must look before they are tried.
static constexpr double worthwhile = 1.05;
/// Passes of several tokens that were slow are forgotten in some hundred single
/// ones: something else may have slowed them down.
static constexpr double forgetting = 1.0 / 256;

void Drafter::start(size_t tokens, size_t leastGuesses, size_t mostGuesses) {
  atMost = std::min(mostGuesses, most);
  least = std::min(leastGuesses, atMost);
  if (atMost && !recurrence.start(tokens))
    atMost = 0;
}

void Drafter::follow(std::span<const int32_t> tokens) {
  if (!atMost)
    return;
  std::span<const int32_t> known = recurrence.tokens();
  size_t common = 0;
  while (common < std::min(known.size(), tokens.size()) &&
         known[common] == tokens[common])
    ++common;
  recurrence.truncate(common);
  for (int32_t token : tokens.subspan(common))
    recurrence.append(token);
  expected = -1;
}

void Drafter::append(int32_t token) {
  if (!atMost)
    return;
  if (expected >= 0)
    hitRate += ((expected == token ? 1 : 0) - hitRate) * newest;
  recurrence.append(token);
  if (!recurrence.guess({&expected, 1}))
    expected = -1;
}

double Drafter::costOf(size_t tokens) const {
  if (seconds[tokens] > 0)
    return seconds[tokens];
  return seconds[1] * (1 + nextToken * static_cast<double>(tokens - 1));
}

/// Where each guess is right with the same probability p, k of them give
/// 1 + p + ... + p^k tokens on average.
size_t Drafter::countThatPays(size_t limit) const {
  if (least)
    return limit;
  if (seconds[1] == 0)
    return 0;
  double best = worthwhile / seconds[1];
  size_t count = 0;
  double tokens = 1, power = 1;
  for (size_t guesses = 1; guesses <= limit; ++guesses) {
    power *= hitRate;
    tokens += power;
    // Passes of 2, 4 and 8 tokens: few sizes are soon measured.
    bool isMeasured = ((guesses + 1) & guesses) == 0;
    if (isMeasured && tokens / costOf(guesses + 1) > best) {
      best = tokens / costOf(guesses + 1);
      count = guesses;
    }
  }
  return count;
}

size_t Drafter::guess(std::span<int32_t> into) const {
  size_t limit = std::min(into.size(), atMost);
  if (limit == 0 || expected < 0)
    return 0;
  size_t count = countThatPays(limit);
  return count ? recurrence.guess(into.first(count)) : 0;
}

void Drafter::passed(size_t tokens, double spent) {
  double &known = seconds[tokens];
  // A pass that was disturbed counts as twice as long at most.
  known += known > 0 ? (std::min(spent, 2 * known) - known) * newest : spent;
  if (tokens != 1)
    return;
  for (size_t more = 2; more < std::size(seconds); ++more)
    if (seconds[more] > 0) {
      double thought = known * (1 + nextToken * static_cast<double>(more - 1));
      seconds[more] += (thought - seconds[more]) * forgetting;
    }
}
