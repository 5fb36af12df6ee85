//===- KeyReader.h - The next key, and what was typed ahead ---------------===//
#pragma once

#include "runtime/terminal/KeyDecoder.h"
#include "runtime/terminal/Terminal.h"

namespace tritc::terminal {

/// Reads keys from a terminal.
class KeyReader {
public:
  enum class Result {
    Key,
    Idle,        ///< there is none at the moment; only if not asked to wait
    Redraw,      ///< see Terminal::Event
    Interrupted, ///< SIGINT
    End,         ///< the terminal has gone
  };

  explicit KeyReader(Terminal &terminal) : terminal(terminal) {}

  Result next(Key &key, bool waits);

  /// Takes what was typed so far out of the terminal, whose memory for it is
  /// small, and keeps it for next(). \returns whether Ctrl-C was among it,
  /// which is taken out.
  bool takeAhead();

private:
  bool readMore();

  Terminal &terminal;
  KeyDecoder decoder;
  bool hasEnded = false;
};

} // namespace tritc::terminal
