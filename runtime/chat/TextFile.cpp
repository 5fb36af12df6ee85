//===- TextFile.cpp - Text from files and standard input ------------------===//

#include "runtime/chat/TextFile.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/text/TextDecoder.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

static constexpr size_t readBytes = 65536;

/// Unreadable, or quietly Interrupted after Ctrl-C.
static Failure cannotRead(const char *name, int error) {
  if (error == EINTR)
    return base::fail(base::Interrupted, "%s", "");
  return base::fail(base::Unreadable, "%s: cannot read: %s", name,
                    strerror(error));
}

/// Reads the next bytes, none at the end. \returns false with errno set, EINTR
/// for Ctrl-C.
static bool readSome(int descriptor, base::Array<char> &bytes) {
  bytes.clear();
  bytes.reserve(readBytes);
  while (true) {
    if (!Interrupt::waitForInput(descriptor)) {
      errno = EINTR;
      return false;
    }
    ssize_t got = read(descriptor, bytes.data(), readBytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got > 0)
      bytes.adopt(static_cast<size_t>(got));
    return got >= 0;
  }
}

Failure chat::tooLong(const char *what, TextLimit limit) {
  if (limit.contextSize == 0)
    return base::fail(base::Usage,
                      "%s: longer than %zu bytes, the most that is read", what,
                      limit.bytes);
  return base::fail(base::Usage,
                    "%s: longer than %zu bytes, the context of %u tokens "
                    "cannot hold that",
                    what, limit.bytes, limit.contextSize);
}

Failure chat::readText(OpenFile file, TextLimit limit,
                       base::Array<char> &text) {
  size_t begin = text.size();
  text::TextDecoder decoder;
  base::Array<char> bytes;
  do {
    if (!readSome(file.descriptor, bytes))
      return cannotRead(file.name, errno);
    decoder.add(bytes.view(), text);
    if (bytes.empty())
      decoder.finish(text);
    if (const char *encoding = decoder.malformed())
      return base::fail(base::Unreadable, "%s: malformed %s", file.name,
                        encoding);
  } while (!bytes.empty() && text.size() - begin <= limit.bytes + 1);
  if (text.size() > begin && text.back() == '\n')
    text.pop();
  return text.size() - begin > limit.bytes ? tooLong(file.name, limit)
                                           : Failure();
}

InputFile::InputFile(std::string_view path) {
  if (path == "-") {
    name.append("standard input");
    descriptor = STDIN_FILENO;
  } else {
    name.append(path);
  }
  name.push(0);
  if (descriptor < 0)
    descriptor = open(name.data(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    error = errno;
}

InputFile::~InputFile() {
  if (descriptor > STDIN_FILENO)
    close(descriptor);
}

Failure InputFile::failure() const {
  return error ? cannotRead(name.data(), error) : Failure();
}

bool InputFile::isStandardInput() const {
  struct stat here, there;
  return fstat(descriptor, &here) == 0 && fstat(STDIN_FILENO, &there) == 0 &&
         here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

Failure chat::readTextFile(std::string_view path, TextLimit limit,
                           base::Array<char> &text) {
  InputFile input(path);
  if (Failure failure = input.failure())
    return failure;
  return readText(input.file(), limit, text);
}
