//===- FileIO.cpp - Files that exist once they are complete ---------------===//

#include "compiler/codegen/FileIO.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tritc::codegen {

static llvm::Error cannotWrite(llvm::StringRef path, llvm::StringRef reason) {
  return makeError(ExitCode::Output,
                   llvm::formatv("cannot write '{0}': {1}", path, reason));
}

static llvm::Error cannotWrite(llvm::StringRef path, int error) {
  return cannotWrite(path, llvm::sys::StrError(error));
}

llvm::Error writeAt(int fd, uint64_t offset, llvm::ArrayRef<uint8_t> bytes,
                    llvm::StringRef path) {
  while (!bytes.empty()) {
    ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), off_t(offset));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return cannotWrite(path, errno);
    if (written == 0)
      return cannotWrite(path, "the file takes no more bytes");
    bytes = bytes.drop_front(size_t(written));
    offset += uint64_t(written);
  }
  return llvm::Error::success();
}

llvm::Error reserve(int fd, uint64_t offset, uint64_t bytes,
                    llvm::StringRef path) {
  // The bare system call: posix_fallocate writes zeros where it is missing.
  if (::fallocate(fd, /*mode=*/0, off_t(offset), off_t(bytes)) == 0)
    return llvm::Error::success();
  if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT)
    return cannotWrite(path, errno);
  return llvm::Error::success();
}

llvm::Error truncate(int fd, uint64_t bytes, llvm::StringRef path) {
  if (::ftruncate(fd, off_t(bytes)) == 0)
    return llvm::Error::success();
  return cannotWrite(path, errno);
}

llvm::Error checkPlace(llvm::StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return cannotWrite(path, "it is a directory; name a file in it");
  llvm::StringRef folder = llvm::sys::path::parent_path(path);
  if (!folder.empty() && !llvm::sys::fs::exists(folder))
    return cannotWrite(path, ("there is no folder '" + folder + "'").str());
  if (!folder.empty() && !llvm::sys::fs::is_directory(folder))
    return cannotWrite(path, ("'" + folder + "' is no folder").str());
  return llvm::Error::success();
}

llvm::Expected<OutputFile> OutputFile::create(llvm::StringRef path) {
  if (llvm::Error error = checkPlace(path))
    return std::move(error);
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status) &&
      status.type() != llvm::sys::fs::file_type::regular_file)
    return cannotWrite(path, "it is not a regular file");
  // Not llvm::sys::fs::TempFile, which tells the signal handlers of a file only
  // after it is there: a signal in between would leave it behind.
  for (;;) {
    llvm::SmallString<128> name;
    llvm::sys::fs::createUniquePath(path + ".tmp-%%%%%%%%", name,
                                    /*MakeAbsolute=*/false);
    llvm::sys::RemoveFileOnSignal(name);
    int fd = -1;
    std::error_code error = llvm::sys::fs::openFileForReadWrite(
        name, fd, llvm::sys::fs::CD_CreateNew, llvm::sys::fs::OF_None);
    if (!error)
      return OutputFile(fd, name, path);
    llvm::sys::DontRemoveFileOnSignal(name);
    if (error != std::errc::file_exists)
      return cannotWrite(path, error.message());
  }
}

OutputFile::OutputFile(OutputFile &&other)
    : descriptor(std::exchange(other.descriptor, -1)),
      temporaryPath(std::move(other.temporaryPath)),
      finalPath(std::move(other.finalPath)) {
  other.temporaryPath.clear();
}

OutputFile::~OutputFile() {
  if (descriptor >= 0)
    ::close(descriptor);
  if (temporaryPath.empty())
    return;
  llvm::sys::fs::remove(temporaryPath);
  llvm::sys::DontRemoveFileOnSignal(temporaryPath);
}

llvm::Error OutputFile::keep(bool executable) {
  mode_t mode = (executable ? 0777 : 0666) & ~llvm::sys::fs::getUmask();
  if (::fchmod(descriptor, mode))
    return cannotWrite(finalPath, errno);
  // Some file systems report a failed write no earlier than here.
  if (::close(std::exchange(descriptor, -1)))
    return cannotWrite(finalPath, errno);
  if (std::error_code error = llvm::sys::fs::rename(temporaryPath, finalPath))
    return cannotWrite(finalPath, error.message());
  llvm::sys::DontRemoveFileOnSignal(temporaryPath);
  temporaryPath.clear();
  return llvm::Error::success();
}

/// Whether `path` is there and something one writes into, such as a pipe.
static bool isStream(llvm::StringRef path) {
  llvm::sys::fs::file_status status;
  return !llvm::sys::fs::status(path, status) &&
         (status.type() == llvm::sys::fs::file_type::character_file ||
          status.type() == llvm::sys::fs::file_type::fifo_file);
}

static llvm::Error writeStream(llvm::StringRef path, llvm::StringRef bytes) {
  std::error_code error;
  llvm::raw_fd_ostream out(path, error); // "-" is standard output
  if (error)
    return cannotWrite(path, error.message());
  out << bytes;
  out.flush();
  error = out.error();
  out.clear_error();
  return error ? cannotWrite(path == "-" ? "standard output" : path,
                             error.message())
               : llvm::Error::success();
}

llvm::Error writeOutput(llvm::StringRef path, llvm::StringRef bytes) {
  if (path == "-" || isStream(path))
    return writeStream(path, bytes);
  llvm::Expected<OutputFile> file = OutputFile::create(path);
  if (!file)
    return file.takeError();
  if (llvm::Error error =
          writeAt(file->fd(), 0, llvm::arrayRefFromStringRef(bytes), path))
    return error;
  return file->keep(/*executable=*/false);
}

} // namespace tritc::codegen
