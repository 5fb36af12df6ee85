//===- Matcher.h - One answer that follows a grammar ----------------------===//
#pragma once

#include "runtime/grammar/Automaton.h"

namespace tritc::grammar {

/// How far an answer has come. Any number share an automaton; a few words each.
class Matcher {
public:
  explicit Matcher(Automaton &automaton)
      : automaton(automaton), place(automaton.hold()) {}
  ~Matcher() { automaton.letGo(place); }
  Matcher(const Matcher &) = delete;
  Matcher &operator=(const Matcher &) = delete;

  /// As if nothing had been accepted.
  void restart();

  /// Sets the bit of each token that may come next and clears all others;
  /// `bits` has automaton.vocabulary().words() words. Stop tokens are allowed
  /// where the answer may end. \returns false if nothing is allowed: a grammar
  /// may ask for bytes that no token has
  bool allowed(std::span<uint64_t> bits);

  /// Goes on by a token. \returns false, and stays where it is, for one that is
  /// not allowed.
  bool accept(int32_t id);
  /// The same by bytes, for a text that is no tokens.
  bool acceptText(std::string_view bytes);

  /// Whether the text may end here.
  bool mayEnd() const { return automaton.mayEnd(place); }
  /// Whether a stop token was accepted; nothing is, behind it.
  bool hasEnded() const { return isOver; }

private:
  Automaton &automaton;
  uint32_t place;
  bool isOver = false;
};

} // namespace tritc::grammar
