//===- Terminal.h - A terminal's modes, and giving it back ----------------===//
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace tritc::terminal {

/// How a terminal treats what is typed.
enum class Mode : uint32_t {
  Given,    ///< as the program found it
  Editing,  ///< every key comes as it is typed, none acts or shows by itself
  Answering ///< the same, but Ctrl-C, Ctrl-Z and Ctrl-\ send their signals
};

/// The terminal of this process. Whatever ends or stops the process (the
/// destructor, exit(), SIGTERM, SIGHUP, a crash, Ctrl-Z), the terminal is given
/// back as it was found. One at a time.
class Terminal {
public:
  /// \param input       a terminal
  /// \param output      where the screen is drawn
  /// \param interrupted a flag that somebody's SIGINT handler raises
  /// \param isPlain     it knows no escape sequences
  Terminal(int input, int output, std::atomic<bool> &interrupted, bool isPlain);
  ~Terminal();
  Terminal(const Terminal &) = delete;
  Terminal &operator=(const Terminal &) = delete;

  void enter(Mode mode);
  bool isPlain() const { return plain; }
  /// Whether the terminal showed what is typed when it was found.
  bool showsInput() const;

  /// Why wait() returned.
  enum class Event {
    Input,       ///< something can be read
    Nothing,     ///< the time is over
    Redraw,      ///< the window has another size, or others wrote to it
    Interrupted, ///< SIGINT; the flag is lowered
  };
  /// Waits for input, `milliseconds` at most; negative: for as long as it
  /// takes.
  Event wait(int milliseconds);
  /// Whether something can be read; signals are left alone.
  bool hasInput() const;
  /// Reads what there is. \returns false at the end of input.
  bool read(char *buffer, size_t capacity, size_t &got);
  /// Writes all of it.
  void write(std::string_view bytes);

  /// Stops the process group as Ctrl-Z does; returns when it goes on.
  void suspend();

  struct Size {
    uint32_t columns, rows;
  };
  Size size() const;

private:
  std::atomic<bool> &interrupted;
  int input, output;
  bool plain;
};

} // namespace tritc::terminal
