//===- ReplacedFile.cpp - A file that is there whole or not at all --------===//

#include "runtime/exec/ReplacedFile.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::exec;

ReplacedFile::ReplacedFile(std::string_view name) {
  path.append(name);
  path.push(0);
  temporary.append(name);
  temporary.append(".XXXXXX");
  temporary.push(0);
  file = mkostemp(temporary.data(), O_CLOEXEC); // mode 0600
  if (file < 0)
    errorNumber = errno;
}

ReplacedFile::~ReplacedFile() {
  if (file < 0)
    return;
  close(file);
  unlink(temporary.data());
}

void ReplacedFile::write(std::span<const uint8_t> bytes) {
  while (!bytes.empty() && errorNumber == 0) {
    ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote >= 0)
      bytes = bytes.subspan(static_cast<size_t>(wrote));
    else if (errno != EINTR)
      errorNumber = errno;
  }
}

void ReplacedFile::write(std::string_view text) {
  write({reinterpret_cast<const uint8_t *>(text.data()), text.size()});
}

base::Failure ReplacedFile::keep() {
  // On the disk before the name is: a crash leaves the old file or the new one.
  if (errorNumber == 0 && fsync(file) != 0 && errno != EINVAL)
    errorNumber = errno;
  if (errorNumber == 0 && rename(temporary.data(), path.data()) != 0)
    errorNumber = errno;
  if (errorNumber != 0)
    return base::fail(base::OutputFailed, "%s: cannot write: %s", path.data(),
                      strerror(errorNumber));
  close(file);
  file = -1;
  return {};
}
