//===- Input.h - What fuzz targets have in common -------------------------===//
#pragma once

#include "compiler/support/Error.h"
#include "compiler/support/MappedFile.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <cstdlib>

namespace tritc::fuzz {

inline llvm::StringRef textOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

/// A file of these bytes, without a file system.
inline MappedFile fileOf(const uint8_t *data, size_t size) {
  return MappedFile::of({data, size}, "input");
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
