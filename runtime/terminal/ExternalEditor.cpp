//===- ExternalEditor.cpp - Writing in the user's editor ------------------===//

#include "runtime/terminal/ExternalEditor.h"

#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::terminal;
using base::Failure;

static const char *editorCommand() {
  for (const char *name : {"VISUAL", "EDITOR"})
    if (const char *command = getenv(name); command && *command)
      return command;
  return "vi";
}

/// Runs `command file` in a shell, because the variables may hold options.
/// \returns the shell's exit code, -1 when it could not be run
static int runEditor(const char *command, const char *file) {
  base::Array<char> line;
  line.append(command);
  line.append(" \"$1\"");
  line.push(0);
  const char *arguments[] = {"sh", "-c", line.data(), "sh", file, nullptr};
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  for (int signal : {SIGINT, SIGPIPE, SIGQUIT, SIGTSTP})
    sigaddset(&defaults, signal);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t child;
  int error = posix_spawn(&child, "/bin/sh", nullptr, &attributes,
                          const_cast<char *const *>(arguments), environ);
  posix_spawnattr_destroy(&attributes);
  if (error)
    return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool writeText(int file, std::string_view text) {
  while (!text.empty()) {
    ssize_t wrote = write(file, text.data(), text.size());
    if (wrote < 0 && errno != EINTR)
      return false;
    text.remove_prefix(wrote < 0 ? 0 : static_cast<size_t>(wrote));
  }
  return true;
}

/// Editors may replace the file: it is opened by its name.
static bool readText(const char *name, base::Array<char> &text) {
  int file = open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  text.clear();
  ssize_t got;
  do {
    constexpr size_t step = 65536;
    text.reserve(text.size() + step);
    got = read(file, text.data() + text.size(), step);
    if (got > 0)
      text.adopt(static_cast<size_t>(got));
  } while (got > 0 || (got < 0 && errno == EINTR));
  close(file);
  // Editors end the last line, too.
  if (!text.empty() && text.back() == '\n')
    text.pop();
  return got == 0;
}

Failure terminal::editExternally(Terminal &terminal, base::Array<char> &text) {
  const char *folder = getenv("TMPDIR");
  base::Array<char> name;
  name.append(folder && folder[0] == '/' ? folder : "/tmp");
  name.append("/message-XXXXXX.md");
  name.push(0);
  int file = mkostemps(name.data(), 3, O_CLOEXEC);
  if (file < 0)
    return base::fail(base::Unreadable, "%s: cannot write: %s", name.data(),
                      strerror(errno));
  bool isWritten = writeText(file, text.view());
  close(file);
  Failure failure;
  if (isWritten) {
    terminal.enter(Mode::Given);
    int code = runEditor(editorCommand(), name.data());
    terminal.enter(Mode::Editing);
    if (code != 0)
      failure = base::fail(base::Unreadable,
                           "the editor '%.80s' failed; $VISUAL or $EDITOR "
                           "names another",
                           editorCommand());
    else
      isWritten = readText(name.data(), text);
  }
  if (!failure && !isWritten)
    failure =
        base::fail(base::Unreadable, "%s: %s", name.data(), strerror(errno));
  unlink(name.data());
  return failure;
}
