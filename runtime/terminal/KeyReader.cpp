//===- KeyReader.cpp - The next key, and what was typed ahead -------------===//

#include "runtime/terminal/KeyReader.h"

using namespace tritc;
using namespace tritc::terminal;

/// How long the rest of a key's bytes may take. Who presses Escape alone waits
/// as long.
static constexpr int keyMilliseconds = 50;
/// Pasted text may come over a slow line.
static constexpr int pasteMilliseconds = 3000;

bool KeyReader::readMore() {
  char buffer[16384];
  size_t got;
  if (!terminal.read(buffer, sizeof(buffer), got))
    return false;
  decoder.feed({buffer, got});
  return true;
}

KeyReader::Result KeyReader::next(Key &key, bool waits) {
  bool isAll = hasEnded;
  while (true) {
    KeyDecoder::Result decoded = decoder.next(key, isAll);
    if (decoded == KeyDecoder::Result::Key)
      return Result::Key;
    if (hasEnded)
      return Result::End;
    bool isEmpty = decoded == KeyDecoder::Result::Empty;
    int patience = decoder.isPasting() ? pasteMilliseconds : keyMilliseconds;
    if (isEmpty)
      patience = waits ? -1 : 0;
    switch (terminal.wait(patience)) {
    case Terminal::Event::Input:
      hasEnded = !readMore();
      isAll = hasEnded;
      break;
    case Terminal::Event::Nothing:
      if (isEmpty)
        return Result::Idle;
      isAll = true;
      break;
    case Terminal::Event::Redraw:
      return Result::Redraw;
    case Terminal::Event::Interrupted:
      return Result::Interrupted;
    }
  }
}

bool KeyReader::takeAhead() {
  while (!hasEnded && terminal.hasInput())
    hasEnded = !readMore();
  return decoder.takeInterrupts();
}
