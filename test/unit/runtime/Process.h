//===- Process.h - The toy's executable, without the executable -----------===//
//
// tritc_main of the toy model in a child process: behind pipes, or on a
// terminal of its own.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/unit/runtime/ToyModel.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace tritc::test {

using Arguments = std::vector<std::string>;

/// How a child ended and what it wrote.
struct Result {
  int code = -1; ///< of exit; -1 after a signal
  std::string out;
  std::string err;
};

/// Runs the toy with `input` on standard input until it ends.
Result run(const ToyModel &toy, const Arguments &arguments,
           const std::string &input = "");

/// The lines of a text, without what ends them.
std::vector<std::string> linesOf(const std::string &text);

/// The toy behind pipes whose ends a test may close.
class Pipes {
public:
  /// Where the child's standard input comes from.
  enum class Input { Pipe, Inherited };

  /// Writes to `outFile` instead of a pipe, unless null; standard output is
  /// closed if it is "".
  Pipes(const ToyModel &toy, const Arguments &arguments,
        const char *outFile = nullptr, Input input = Input::Pipe);
  ~Pipes();

  void send(const std::string &input);
  void closeInput();
  void closeOutput();
  void interrupt();
  /// Waits until standard output has `bytes` more bytes, or ended.
  std::string read(size_t bytes);
  /// Reads what is left, until the child has ended.
  Result finish();
  pid_t process() const { return child; }

private:
  pid_t child;
  int in, out, err; ///< our ends; -1 once closed
};

/// Names and values.
using Environment = std::vector<std::pair<std::string, std::string>>;

/// The toy on a pseudo-terminal of 25 rows and 80 columns. Unless the
/// environment says otherwise, it is one without escape sequences, and there is
/// no home folder.
class Terminal {
public:
  Terminal(const ToyModel &toy, const Arguments &arguments,
           const Environment &environment = {});
  ~Terminal();

  /// Types `text`: "\n" is Enter, "\3" Ctrl-C, "\4" Ctrl-D.
  void type(const std::string &text);
  /// Waits up to 5 s until the screen shows `text` after what was expected
  /// before. \returns all that came up to and including it, or "" if it never
  /// did. Lines end in "\r\n", as on a terminal.
  std::string expect(const std::string &text);
  /// Types a line at the prompt of a terminal without escape sequences.
  /// \returns what comes before the next prompt
  std::string order(const std::string &line);
  /// Waits for the end. \returns the exit code, -1 after a signal or 5 s.
  int code();
  /// Everything shown and not yet expected.
  const std::string &screen() const { return shown; }
  /// What was shown and not yet expected, as much as comes within the time, and
  /// takes it as expected.
  std::string take(int milliseconds);
  void resize(int rows, int columns);
  void send(int signal);
  /// Whether the terminal shows what is typed, line by line, as at the start.
  bool isAsFound() const;
  pid_t process() const { return child; }

private:
  bool readMore(int milliseconds);

  pid_t child;
  int screenEnd;
  std::string shown;
};

} // namespace tritc::test
