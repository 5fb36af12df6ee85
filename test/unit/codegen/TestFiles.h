//===- TestFiles.h - Folders and processes of tests -----------------------===//
#pragma once

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace tritc::codegen::test {

/// A folder that lives as long as the object.
class TemporaryFolder {
public:
  TemporaryFolder() {
    if (llvm::sys::fs::createUniqueDirectory("tritc-test", folder))
      std::abort();
  }
  ~TemporaryFolder() { llvm::sys::fs::remove_directories(folder); }

  llvm::StringRef path() const { return folder; }
  std::string file(llvm::StringRef name) const {
    return (folder + "/" + name).str();
  }
  /// Names of what is in it, ascending.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    std::error_code error;
    for (llvm::sys::fs::directory_iterator it(folder, error), end;
         !error && it != end; it.increment(error))
      result.push_back(llvm::sys::path::filename(it->path()).str());
    llvm::sort(result);
    return result;
  }

private:
  llvm::SmallString<128> folder;
};

inline std::string contentsOf(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

/// Standard output of a shell command.
inline std::string outputOf(const std::string &command) {
  FILE *pipe = ::popen(command.c_str(), "r");
  std::string text;
  char buffer[4096];
  while (size_t size = std::fread(buffer, 1, sizeof(buffer), pipe))
    text.append(buffer, size);
  ::pclose(pipe);
  return text;
}

} // namespace tritc::codegen::test
