//===- Failure.h - An exit code and one line ------------------------------===//
#pragma once

#include <cstdarg>
#include <cstdio>

namespace tritc::base {

/// Exit codes of an emitted program; the compiler uses the same numbers.
enum ExitCode : int {
  Ok = 0,
  Usage = 1,
  Unreadable = 2,
  Malformed = 3,
  UnsupportedCpu = 4,
  OutputFailed = 7,
  Internal = 70,
  Interrupted = 130,
};

/// What went wrong, or nothing: `if (Failure failure = step()) return failure;`
struct Failure {
  ExitCode code = Ok;
  char message[200] = "";

  explicit operator bool() const { return code != Ok; }
};

/// A failure with a printf-formatted message. Control characters in it, from a
/// file's name or an option's value, become '?': it is one line.
__attribute__((format(printf, 2, 3))) inline Failure
fail(ExitCode code, const char *format, ...) {
  Failure failure;
  failure.code = code;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(failure.message, sizeof(failure.message), format, arguments);
  va_end(arguments);
  for (char *c = failure.message; *c; ++c)
    if (static_cast<unsigned char>(*c) < ' ' || *c == 0x7f)
      *c = '?';
  return failure;
}

} // namespace tritc::base
