//===- Input.cpp - Text from files and standard input ---------------------===//

#include "runtime/chat/Input.h"
#include "runtime/chat/Interrupt.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;

static constexpr size_t readBytes = 65536;

bool chat::readAll(int descriptor, exec::Array<char> &text) {
  while (true) {
    if (!Interrupt::waitForInput(descriptor)) {
      errno = EINTR;
      return false;
    }
    text.reserve(text.size() + readBytes);
    ssize_t got = read(descriptor, text.data() + text.size(), readBytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return got == 0;
    text.adopt(static_cast<size_t>(got));
  }
}

/// Unreadable, or quietly Interrupted after Ctrl-C.
static exec::Failure cannotRead(const char *name, int error) {
  if (error == EINTR)
    return exec::fail(exec::Interrupted, "%s", "");
  return exec::fail(exec::Unreadable, "%s: cannot read: %s", name,
                    strerror(error));
}

exec::Failure chat::readFile(std::string_view path, exec::Array<char> &text) {
  exec::Array<char> terminated;
  terminated.append(path);
  terminated.push(0);
  int file = open(terminated.data(), O_RDONLY | O_CLOEXEC);
  bool isRead = file >= 0 && readAll(file, text);
  int error = errno;
  if (file >= 0)
    close(file);
  return isRead ? exec::Failure() : cannotRead(terminated.data(), error);
}

exec::Failure chat::readPrompt(const Settings &settings,
                               exec::Array<char> &text) {
  if (settings.prompt.data()) {
    text.append(settings.prompt);
    return {};
  }
  if (settings.promptFile.data()) {
    if (exec::Failure failure = readFile(settings.promptFile, text))
      return failure;
  } else if (isatty(STDIN_FILENO)) {
    return exec::fail(exec::Usage,
                      "expected a prompt: -p TEXT, -f FILE or standard input");
  } else if (!readAll(STDIN_FILENO, text)) {
    return cannotRead("standard input", errno);
  }
  if (!text.empty() && text.back() == '\n')
    text.pop();
  return {};
}
