//===- Error.cpp - One line and one exit code per failure -----------------===//

#include "compiler/support/Error.h"

#include "llvm/ADT/StringExtras.h"

namespace tritc {

char Error::ID;

/// Replaces control characters, so that the result is one line.
static std::string oneLine(llvm::StringRef text) {
  std::string line;
  line.reserve(text.size());
  for (unsigned char c : text) {
    if (c >= 0x20 && c != 0x7f) {
      line.push_back(char(c));
      continue;
    }
    line += "\\x";
    line.push_back(llvm::hexdigit(c >> 4, /*LowerCase=*/true));
    line.push_back(llvm::hexdigit(c & 15, /*LowerCase=*/true));
  }
  return line;
}

llvm::Error makeError(ExitCode code, const llvm::Twine &message) {
  return llvm::make_error<Error>(code, oneLine(message.str()));
}

Failure toFailure(llvm::Error error) {
  Failure failure;
  auto keepFirst = [&](ExitCode code, std::string message) {
    if (failure.code == ExitCode::Ok)
      failure = {code, std::move(message)};
  };
  llvm::handleAllErrors(
      std::move(error),
      [&](const Error &ours) { keepFirst(ours.exitCode(), ours.line().str()); },
      [&](const llvm::ErrorInfoBase &other) {
        keepFirst(ExitCode::Internal, oneLine(other.message()));
      });
  return failure;
}

} // namespace tritc
