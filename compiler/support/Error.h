//===- Error.h - One line and one exit code per failure -------------------===//
//
// Every failure that a user can cause travels as an llvm::Error that holds one
// line of text and the exit code the program ends with. Nothing of the user's
// input reaches an assert.
//
// The line reads `<file>: <tensor or key>: <what>, expected X, found Y`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <string>
#include <system_error>

namespace tritc {

/// What a program returns to its shell.
enum class ExitCode : int {
  Ok = 0,
  Usage = 1,             ///< wrong options
  Unreadable = 2,        ///< cannot read, or an input that is not supported
  Malformed = 3,         ///< the input breaks the rules of its format
  UnsupportedTarget = 4, ///< unknown target, or a processor that lacks it
  CodeGeneration = 5,
  Link = 6,
  Output = 7,    ///< cannot write the output
  Internal = 70, ///< our mistake
  Interrupted = 130,
};

/// A failure: one line, without a trailing newline, and its exit code.
class Error : public llvm::ErrorInfo<Error> {
public:
  static char ID; // NOLINT(readability-identifier-naming): ErrorInfo's name

  Error(ExitCode code, std::string message)
      : code(code), text(std::move(message)) {}

  ExitCode exitCode() const { return code; }
  llvm::StringRef line() const { return text; }

  void log(llvm::raw_ostream &os) const override { os << text; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }

private:
  ExitCode code;
  std::string text;
};

/// Makes a failure. Control characters in `message` (file and tensor names are
/// not ours) are written as \xNN, so that it stays one line.
llvm::Error makeError(ExitCode code, const llvm::Twine &message);

/// What is left of an error when it reaches the user.
struct Failure {
  ExitCode code = ExitCode::Ok;
  std::string message; ///< empty exactly if code is Ok
};

/// Consumes `error`. Success gives {Ok, ""}; several joined errors give the
/// first of them; an error that is not ours gives Internal.
Failure toFailure(llvm::Error error);

} // namespace tritc
