//===- Output.h - A directory that appears whole or not at all ------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tritc::synth {

/// A file of known size, written in any order by any number of threads.
class OutputFile {
public:
  OutputFile(std::string path, int descriptor)
      : path(std::move(path)), descriptor(descriptor) {}
  OutputFile(OutputFile &&other);
  ~OutputFile();

  /// Thread safe.
  llvm::Error write(uint64_t offset, llvm::ArrayRef<uint8_t> bytes) const;
  llvm::Error close();

private:
  std::string path;
  int descriptor;
};

/// Files are made in a sibling directory and moved to their place by commit().
/// Without it the destructor removes them. Errors: ExitCode::Output.
class OutputDirectory {
public:
  static llvm::Expected<OutputDirectory> create(llvm::StringRef path);
  OutputDirectory(OutputDirectory &&other);
  ~OutputDirectory();

  llvm::Expected<OutputFile> createFile(llvm::StringRef name);
  llvm::Error writeText(llvm::StringRef name, llvm::StringRef text);

  /// Moves the files into the directory. Other files that are there already
  /// stay, except weight files: a reader would prefer those of an older run.
  llvm::Error commit();

private:
  OutputDirectory(std::string path, std::string staging)
      : path(std::move(path)), staging(std::move(staging)) {}

  std::string path;    ///< where the user wants the files
  std::string staging; ///< where they are made; empty after commit
  std::vector<std::string> names;
};

} // namespace tritc::synth
