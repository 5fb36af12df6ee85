//===- Prompt.cpp - What is to be answered --------------------------------===//

#include "runtime/chat/Prompt.h"
#include "runtime/chat/TextFile.h"
#include "runtime/text/Slice.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

/// How long standard input may be silent until somebody is told.
static constexpr int patienceMilliseconds = 2000;

TextLimit chat::contextLimit(const Context &context) {
  int64_t wanted = context.settings.contextSize;
  uint32_t tokens =
      wanted ? static_cast<uint32_t>(wanted) : context.model.image.contextSize;
  return {tokens * context.model.tokenizer.mostBytesPerToken(), tokens};
}

/// The value of two hexadecimal digits; -1 if they are none.
static int hexByte(std::string_view digits) {
  int value = digits.size() < 2 ? -1 : 0;
  for (size_t i = 0; value >= 0 && i < 2; ++i) {
    char c = digits[i] | 0x20;
    bool isDigit = c >= '0' && c <= '9', isLetter = c >= 'a' && c <= 'f';
    value = isDigit    ? value * 16 + (c - '0')
            : isLetter ? value * 16 + (c - 'a' + 10)
                       : -1;
  }
  return value;
}

/// Appends `source` with \n, \r, \t, \\, \', \" and \xNN read as llama-cli
/// reads them; any other backslash is one.
static void appendUnescaped(std::string_view source, base::Array<char> &text) {
  static constexpr std::string_view escapes = "nrt\\'\"", means = "\n\r\t\\'\"";
  while (!source.empty()) {
    size_t length = std::min(source.find('\\'), source.size());
    text.append(source.substr(0, length));
    source.remove_prefix(length);
    if (source.empty())
      return;
    size_t known = source.size() > 1 ? escapes.find(source[1]) : escapes.npos;
    bool isHex = source.starts_with("\\x");
    int byte = isHex ? hexByte(text::slice(source, 2, source.size())) : -1;
    if (known != escapes.npos)
      text.push(means[known]);
    else
      text.push(byte >= 0 ? static_cast<char>(byte) : '\\');
    source.remove_prefix(known != escapes.npos ? 2 : byte >= 0 ? 4 : 1);
  }
}

bool chat::isMoreOfThePrompt() {
  struct stat status;
  if (isatty(STDIN_FILENO) || fstat(STDIN_FILENO, &status) ||
      (fcntl(STDIN_FILENO, F_GETFL) & O_ACCMODE) == O_WRONLY)
    return false; // what nohup leaves there cannot be read
  if (S_ISREG(status.st_mode)) {
    // In `while read line; do chat -p ...; done < list` the list is the
    // shell's.
    off_t offset = lseek(STDIN_FILENO, 0, SEEK_CUR);
    if (offset > 0 && offset < status.st_size)
      fputs("note: standard input is in use, it is not read; -f - reads it\n",
            stderr);
    return offset <= 0;
  }
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, patienceMilliseconds) != 0)
    return true;
  // A pipe has a writer that was put there to say something, maybe late. A
  // socket is what ssh and many programs give to everything they start.
  bool isSocket = S_ISSOCK(status.st_mode);
  fputs(isSocket ? "note: standard input is silent, it is not read; -f - waits "
                   "for it\n"
                 : "note: waiting for standard input; </dev/null gives none\n",
        stderr);
  return !isSocket;
}

namespace {
/// While it lives the next part of a text is appended: a newline stands in
/// between, unless one of the two is empty.
class Part {
public:
  explicit Part(base::Array<char> &text) : text(text), before(text.size()) {
    if (before > 0)
      text.push('\n');
    start = text.size();
  }
  ~Part() {
    if (text.size() == start)
      text.resize(before);
  }

private:
  base::Array<char> &text;
  size_t before, start;
};
} // namespace

void chat::appendArgument(const Settings &settings, std::string_view argument,
                          base::Array<char> &text) {
  if (settings.escape)
    appendUnescaped(argument, text);
  else
    text.append(argument);
}

static void addArgument(const Settings &settings, std::string_view argument,
                        base::Array<char> &text) {
  Part part(text);
  appendArgument(settings, argument, text);
}

static Failure addFile(OpenFile file, TextLimit limit,
                       base::Array<char> &text) {
  Part part(text);
  return readText(file, limit, text);
}

Failure chat::readPrompt(const Context &context, TextLimit limit,
                         base::Array<char> &text) {
  const Settings &settings = context.settings;
  bool hasText = settings.hasPrompt();
  if (!hasText && isatty(STDIN_FILENO))
    return base::fail(base::Usage,
                      "expected a prompt: -p TEXT, -f FILE or standard input");
  Failure failure = forEachPart(
      settings,
      [&](std::string_view argument) {
        addArgument(settings, argument, text);
        return Failure();
      },
      [&](OpenFile file) { return addFile(file, limit, text); });
  if (failure)
    return failure;
  // An empty -p may be meant, an empty file or pipe is somebody's failure.
  if (text.empty() && !settings.prompts.count)
    return base::fail(base::Usage, "the prompt is empty");
  return text.size() > limit.bytes ? tooLong("the prompt", limit) : Failure();
}

Failure chat::readSystemPrompt(const Context &context,
                               base::Array<char> &text) {
  const Settings &settings = context.settings;
  addArgument(settings, settings.systemPrompt, text);
  if (!settings.systemPromptFile.data())
    return {};
  Part part(text);
  return readTextFile(settings.systemPromptFile, contextLimit(context), text);
}
