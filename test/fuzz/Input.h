//===- Input.h - What fuzz targets have in common -------------------------===//
#pragma once

#include "compiler/import/Error.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace tritc::fuzz {

inline llvm::StringRef textOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

/// The path of a file that holds these bytes, until the next call.
inline std::string fileOf(const uint8_t *data, size_t size) {
  static int file = ::memfd_create("input", MFD_CLOEXEC);
  if (file < 0 || ::ftruncate(file, 0) != 0 ||
      ::pwrite(file, data, size, 0) != ssize_t(size))
    std::abort();
  return "/proc/self/fd/" + std::to_string(file);
}

/// A refusal is fine if it is the input's fault and one line.
inline void refuse(llvm::Error error) {
  Failure failure = toFailure(std::move(error));
  bool isInputs = failure.code == ExitCode::Unreadable ||
                  failure.code == ExitCode::Malformed;
  if (!isInputs || failure.message.empty() ||
      failure.message.find('\n') != std::string::npos)
    std::abort();
}

} // namespace tritc::fuzz
