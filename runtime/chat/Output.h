//===- Output.h - Bytes to a file descriptor ------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"

#include <string_view>

namespace tritc::chat {

/// Buffered writing that remembers the first error, so that a closed pipe ends
/// the program in order instead of by a signal.
class Output {
public:
  explicit Output(int descriptor) : descriptor(descriptor) {
    buffer.reserve(capacity);
  }
  /// Everything is appended to `memory` when this object is flushed or gone.
  explicit Output(base::Array<char> &memory) : memory(&memory) {}
  ~Output() { flush(); }

  void write(std::string_view bytes);
  __attribute__((format(printf, 2, 3))) void print(const char *format, ...);
  void flush();

  bool isTerminal() const;
  /// True once a write has failed; later ones are dropped.
  bool hasFailed() const { return errorNumber != 0; }
  /// OutputFailed; without a message when the reader has gone (EPIPE), which
  /// is no surprise to anybody. Ok while nothing failed.
  base::Failure failure() const;

private:
  static constexpr size_t capacity = 16384;

  base::Array<char> buffer;
  int descriptor = -1;
  base::Array<char> *memory = nullptr; ///< in place of a descriptor
  int errorNumber = 0;
};

/// Writes `text` as a JSON string; ill-formed UTF-8 becomes U+FFFD.
void writeJsonString(Output &out, std::string_view text);

/// Writes `text` on one line: \n, \r, \t, \\ and \xNN for control characters
/// and for bytes that are no UTF-8.
void writeEscaped(Output &out, std::string_view text);

/// Writes `text` for people to read on a terminal: control characters that act
/// on it become visible ones, all but line feeds and tabs; carriage returns are
/// dropped.
void writeShown(Output &out, std::string_view text);

} // namespace tritc::chat
