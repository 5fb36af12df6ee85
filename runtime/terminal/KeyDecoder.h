//===- KeyDecoder.h - From a terminal's bytes to keys ---------------------===//
#pragma once

#include "runtime/base/Array.h"

#include <cstdint>
#include <string_view>

namespace tritc::terminal {

/// Keys that are no characters. Numbered behind the last code point.
enum KeyCode : uint32_t {
  FirstKey = 0x110000,
  Up = FirstKey,
  Down,
  Left,
  Right,
  Home,
  End,
  Insert,
  Delete,
  PageUp,
  PageDown,
  Enter,
  Tab,
  BackTab,
  Backspace,
  Escape,
  Text,   ///< printable characters typed or sent at once: Key::text
  Paste,  ///< what was pasted between brackets: Key::text
  Unknown ///< a sequence that means nothing here
};

/// A key with its modifiers.
struct Key {
  uint32_t code = Unknown; ///< a KeyCode, or a lower-case code point
  bool alt = false;
  bool control = false;
  bool shift = false;    ///< known of keys that are no characters only
  std::string_view text; ///< of Text and Paste, until the decoder is fed again
};

/// Splits what a terminal sends into keys: UTF-8, control characters, and the
/// escape sequences of xterm, rxvt, the Linux console and their kin.
class KeyDecoder {
public:
  enum class Result {
    Key,
    Empty,     ///< everything was decoded
    Incomplete ///< a sequence or a character goes on in the next bytes
  };

  void feed(std::string_view bytes);
  /// Takes the next key out. With `isAll`, nothing more is coming soon: what is
  /// incomplete is what it is, a lone Escape for example.
  Result next(Key &key, bool isAll = false);
  /// Whether a paste has begun and not ended yet.
  bool isPasting() const { return pasting; }
  bool isEmpty() const { return position == input.size(); }
  /// Removes every Ctrl-C from what was fed and not decoded yet. \returns
  /// whether there was one.
  bool takeInterrupts();

private:
  std::string_view rest() const {
    return {input.data() + position, input.size() - position};
  }
  Result paste(Key &key, bool isAll);
  Result escape(Key &key, bool isAll);
  Result sequence(Key &key, size_t start, bool isAll);
  Result stringSequence(size_t start, bool isAll);
  Result character(Key &key, bool isAll);

  base::Array<char> input;
  size_t position = 0; ///< of what was not decoded yet
  size_t searched = 0; ///< bytes of the paste known not to hold its end
  bool pasting = false;
};

} // namespace tritc::terminal
