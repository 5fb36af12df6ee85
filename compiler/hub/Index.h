//===- Index.h - The files of a model, and those that matter --------------===//
#pragma once

#include "compiler/hub/Name.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace tritc::hub {

struct File {
  std::string path;  ///< relative, inside its folder
  uint64_t size = 0; ///< bytes
  std::string blob;  ///< git's SHA-1, or the SHA-256 of a large file, in hex
};

/// Whether `text` is so many lower-case hexadecimal digits.
bool isHex(llvm::StringRef text, size_t digits);

/// Adds the files of one page of a tree to `files`. Malformed if the page is
/// none; files that do not matter are passed over unread.
llvm::Error readTree(llvm::StringRef json, llvm::StringRef where,
                     std::vector<File> &files);

struct Choice {
  std::vector<std::string> paths; ///< to be there, the weights last
  std::string entry;              ///< the GGUF file to open; empty: the folder
};

/// Which of `paths` a compilation of `name` reads: a safetensors checkpoint
/// with all that belongs to it, else the only GGUF file; the GGUF file that
/// `name` asks for. Unreadable, with the choices, if that is not one.
llvm::Expected<Choice> choose(const Name &name,
                              llvm::ArrayRef<std::string> paths);

} // namespace tritc::hub
