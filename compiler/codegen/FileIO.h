//===- FileIO.h - Files that exist once they are complete -----------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace tritc::codegen {

/// Writes all of `bytes` at `offset`; code 7 and the path on failure.
llvm::Error writeAt(int fd, uint64_t offset, llvm::ArrayRef<uint8_t> bytes,
                    llvm::StringRef path);

/// Sets `bytes` of disk aside for [offset, offset + bytes), so that a full disk
/// shows before the work and not after it. Where the file system cannot do
/// that, nothing happens.
llvm::Error reserve(int fd, uint64_t offset, uint64_t bytes,
                    llvm::StringRef path);

/// Cuts the file off behind `bytes` bytes.
llvm::Error truncate(int fd, uint64_t bytes, llvm::StringRef path);

/// Whether a file of that name could be made, as far as that shows before: code
/// 7 where it is a directory, or in none.
llvm::Error checkPlace(llvm::StringRef path);

/// A file that takes its name only when it is complete: it is written under a
/// temporary name in the same folder, which the destructor removes, and so does
/// a signal that ends the program (after llvm::sys::SetInterruptFunction or
/// any other use of LLVM's handlers).
class OutputFile {
public:
  /// Fails with code 7 where the folder cannot be written to, or where `path`
  /// is there and no regular file: renaming would replace a device.
  static llvm::Expected<OutputFile> create(llvm::StringRef path);
  OutputFile(OutputFile &&other);
  OutputFile &operator=(OutputFile &&) = delete;
  ~OutputFile();

  int fd() const { return descriptor; }
  /// The name the user asked for.
  llvm::StringRef path() const { return finalPath; }

  /// Gives the file its name, executable or not as the umask allows.
  llvm::Error keep(bool executable);

private:
  OutputFile(int fd, llvm::StringRef temporaryPath, llvm::StringRef path)
      : descriptor(fd), temporaryPath(temporaryPath.str()),
        finalPath(path.str()) {}

  int descriptor;            ///< -1 once kept
  std::string temporaryPath; ///< empty once it is gone
  std::string finalPath;
};

/// Writes `text` to `path`: to standard output for "-", straight into what is
/// there if it is no regular file (/dev/null), through an OutputFile otherwise.
llvm::Error writeOutput(llvm::StringRef path, llvm::StringRef bytes);

} // namespace tritc::codegen
