//===- MappedFile.cpp - A file seen through memory, never read whole ------===//

#include "compiler/support/MappedFile.h"

#include "compiler/support/Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tritc {

static llvm::Error cannot(const char *verb, llvm::StringRef path, int error) {
  return makeError(ExitCode::Unreadable,
                   path + ": cannot " + verb + ": " + std::strerror(error));
}

static llvm::StringRef kindOf(mode_t mode) {
  if (S_ISDIR(mode))
    return "a directory";
  if (S_ISFIFO(mode))
    return "a FIFO";
  if (S_ISSOCK(mode))
    return "a socket";
  return "a device";
}

namespace {
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
};
} // namespace

/// Reads up to `size` bytes: fewer if the file ends before. -1 and errno if it
/// cannot be read.
static ssize_t readAll(int fd, uint8_t *buffer, size_t size) {
  size_t count = 0;
  while (count < size) {
    ssize_t more = ::read(fd, buffer + count, size - count);
    if (more < 0 && errno == EINTR)
      continue;
    if (more < 0)
      return -1;
    if (more == 0)
      break;
    count += size_t(more);
  }
  return ssize_t(count);
}

/// Files of up to so many bytes are read.
static constexpr size_t smallSize = 64 << 10;

llvm::Expected<MappedFile> MappedFile::open(const llvm::Twine &path) {
  MappedFile file;
  file.name = path.str();
  // A path with a NUL inside would name another file than it shows.
  if (file.name.find('\0') != std::string::npos)
    return cannot("open", file.name, EINVAL);

  // O_NONBLOCK: opening a FIFO returns at once instead of waiting for a writer.
  Descriptor descriptor{
      ::open(file.name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (descriptor.fd < 0)
    return cannot("open", file.name, errno);

  struct stat status;
  if (::fstat(descriptor.fd, &status) != 0)
    return cannot("examine", file.name, errno);
  if (!S_ISREG(status.st_mode))
    return makeError(ExitCode::Unreadable,
                     file.name + ": expected a regular file, found " +
                         kindOf(status.st_mode));
  if (status.st_size == 0)
    return file;

  if (size_t(status.st_size) <= smallSize) {
    auto buffer = std::make_unique<uint8_t[]>(size_t(status.st_size));
    ssize_t count =
        readAll(descriptor.fd, buffer.get(), size_t(status.st_size));
    if (count < 0)
      return cannot("read", file.name, errno);
    file.data = buffer.release();
    file.size = size_t(count);
    file.isRead = true;
    return file;
  }
  void *memory = ::mmap(nullptr, size_t(status.st_size), PROT_READ, MAP_PRIVATE,
                        descriptor.fd, 0);
  if (memory == MAP_FAILED)
    return cannot("map", file.name, errno);
  file.data = static_cast<const uint8_t *>(memory);
  file.size = size_t(status.st_size);
  file.isMapped = true;
  return file;
}

MappedFile MappedFile::of(llvm::ArrayRef<uint8_t> bytes, llvm::StringRef name) {
  MappedFile file;
  file.data = bytes.data();
  file.size = bytes.size();
  file.name = name.str();
  return file;
}

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept {
  std::swap(data, other.data);
  std::swap(size, other.size);
  std::swap(isMapped, other.isMapped);
  std::swap(isRead, other.isRead);
  std::swap(name, other.name);
  return *this;
}

MappedFile::~MappedFile() {
  if (isMapped)
    ::munmap(const_cast<uint8_t *>(data), size);
  if (isRead)
    delete[] data;
}

} // namespace tritc
