//===- History.cpp - What was written before, across sessions -------------===//
//
// Several chats may use the file at once: whoever writes holds a lock on it, an
// entry is appended by one write, and a file that has grown too long is
// replaced as a whole by its newest entries.
//
//===----------------------------------------------------------------------===//

#include "runtime/terminal/History.h"
#include "runtime/exec/ReplacedFile.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::terminal;

/// A file that is longer is cut to `mostEntries` entries and half of this.
static constexpr size_t mostFileBytes = size_t{1} << 20;

void terminal::historyPath(base::Array<char> &path) {
  const char *state = getenv("XDG_STATE_HOME");
  const char *home = getenv("HOME");
  path.clear();
  if (state && state[0] == '/') {
    path.append(state);
  } else if (home && home[0] == '/') {
    path.append(home);
    path.append("/.local/state");
  } else {
    return;
  }
  path.append("/tritc/history");
}

static void appendEscaped(std::string_view text, base::Array<char> &line) {
  for (char c : text) {
    if (c == '\\' || c == '\n')
      line.push('\\');
    line.push(c == '\n' ? 'n' : c);
  }
  line.push('\n');
}

static void appendUnescaped(std::string_view line, base::Array<char> &text) {
  for (size_t at = 0; at < line.size(); ++at) {
    bool isEscaped = line[at] == '\\' && at + 1 < line.size();
    char c = line[at += isEscaped];
    text.push(isEscaped && c == 'n' ? '\n' : c);
  }
}

/// Makes the folders of `path`, which it changes and restores.
static void makeFolders(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash;
       slash = strchr(slash + 1, '/')) {
    *slash = 0;
    mkdir(path, 0700);
    *slash = '/';
  }
}

/// Reads an open file from its start. \returns false when that fails.
static bool readWhole(int file, base::Array<char> &content) {
  constexpr size_t step = 65536;
  content.clear();
  lseek(file, 0, SEEK_SET);
  while (true) {
    content.reserve(content.size() + step);
    ssize_t got = read(file, content.data() + content.size(), step);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return got == 0;
    content.adopt(static_cast<size_t>(got));
  }
}

static bool writeWhole(int file, std::string_view bytes) {
  ssize_t wrote = write(file, bytes.data(), bytes.size());
  return wrote == static_cast<ssize_t>(bytes.size());
}

/// Opens and locks the file that `path` names at that moment: another chat may
/// have replaced it while this one waited for the lock. \returns -1 on failure
int History::openFile(bool creates) {
  int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  for (int attempt = 0; attempt < 10; ++attempt) {
    int file = ::open(path.data(), flags | (creates ? O_CREAT : 0), 0600);
    if (file < 0)
      return -1;
    struct stat opened, named;
    if (fstat(file, &opened) || !S_ISREG(opened.st_mode) ||
        opened.st_uid != geteuid() || flock(file, LOCK_EX)) {
      close(file);
      return -1;
    }
    if (!lstat(path.data(), &named) && named.st_ino == opened.st_ino &&
        named.st_dev == opened.st_dev) {
      if (opened.st_mode & 0077)
        fchmod(file, 0600);
      return file;
    }
    close(file);
  }
  return -1;
}

void History::load(std::string_view file) {
  base::Array<char> text;
  while (!file.empty()) {
    const void *newline = memchr(file.data(), '\n', file.size());
    if (!newline)
      break; // a write that was cut short
    size_t length =
        static_cast<size_t>(static_cast<const char *>(newline) - file.data());
    text.clear();
    appendUnescaped({file.data(), length}, text);
    remember(text.view());
    file.remove_prefix(length + 1);
  }
}

void History::open(std::string_view name) {
  path.clear();
  if (name.empty())
    return;
  path.append(name);
  path.push(0);
  int file = openFile(false);
  if (file < 0)
    return;
  base::Array<char> content;
  if (readWhole(file, content))
    load(content.view());
  close(file);
}

/// Adds to the memory alone, and drops what is oldest in large steps.
void History::remember(std::string_view text) {
  if (text.empty() || (size() > 0 && text == (*this)[size() - 1]))
    return;
  entries.push({texts.size(), text.size()});
  texts.append(text);
  if (entries.size() <= 2 * mostEntries)
    return;
  size_t dropped = entries.size() - mostEntries;
  size_t bytes = entries[dropped].begin;
  memmove(texts.data(), texts.data() + bytes, texts.size() - bytes);
  texts.resize(texts.size() - bytes);
  for (size_t index = dropped; index < entries.size(); ++index)
    entries[index - dropped] = {entries[index].begin - bytes,
                                entries[index].bytes};
  entries.resize(mostEntries);
}

/// Replaces the file, which is locked, by the newest entries of `content`.
void History::rewrite(std::string_view content) {
  size_t begin = content.size(), kept = 0;
  while (begin > 0 && kept < mostEntries) {
    size_t line = begin - 1;
    while (line > 0 && content[line - 1] != '\n')
      --line;
    if (content.size() - line > mostFileBytes / 2)
      break;
    begin = line;
    ++kept;
  }
  exec::ReplacedFile replacement({path.data(), path.size() - 1});
  replacement.write(
      std::string_view(content.data() + begin, content.size() - begin));
  (void)replacement.keep(); // or the long file stays
}

void History::add(std::string_view text) {
  size_t before = size();
  remember(text);
  if (path.empty() || size() == before || text.size() > longestKept)
    return;
  makeFolders(path.data());
  int file = openFile(true);
  if (file < 0)
    return;
  base::Array<char> line;
  appendEscaped(text, line);
  struct stat status;
  if (writeWhole(file, line.view()) && !fstat(file, &status) &&
      static_cast<size_t>(status.st_size) > mostFileBytes) {
    base::Array<char> content;
    if (readWhole(file, content))
      rewrite(content.view());
  }
  close(file); // and the lock with it
}

static char lowered(char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static bool contains(std::string_view text, std::string_view words) {
  for (size_t start = 0; start + words.size() <= text.size(); ++start) {
    size_t same = 0;
    while (same < words.size() &&
           lowered(text[start + same]) == lowered(words[same]))
      ++same;
    if (same == words.size())
      return true;
  }
  return false;
}

bool History::findBefore(size_t end, std::string_view words,
                         size_t &index) const {
  for (size_t at = end; at-- > 0;)
    if (contains((*this)[at], words)) {
      index = at;
      return true;
    }
  return false;
}

bool History::findAfter(size_t begin, std::string_view words,
                        size_t &index) const {
  for (size_t at = begin + 1; at < size(); ++at)
    if (contains((*this)[at], words)) {
      index = at;
      return true;
    }
  return false;
}
