//===- ReadCommand.cpp - /read --------------------------------------------===//

#include "runtime/chat/Prompt.h"
#include "runtime/chat/repl/Repl.h"
#include "runtime/chat/repl/SlashCommand.h"

using namespace tritc;
using namespace tritc::chat;

/// The file's name without its folders.
static std::string_view baseName(std::string_view path) {
  size_t slash = path.rfind('/');
  if (slash != path.npos)
    path.remove_prefix(slash + 1);
  return path;
}

bool chat::takePath(Repl &repl, const char *command, std::string_view written,
                    base::Array<char> &path) {
  while (!written.empty() && (written.back() == ' ' || written.back() == '\t'))
    written.remove_suffix(1);
  const char *home = getenv("HOME");
  if (written.starts_with("~/") && home) {
    path.append(home);
    written.remove_prefix(1);
  }
  path.append(written);
  if (path.empty())
    repl.ui.print("%s: expected the name of a file\n", command);
  return !path.empty();
}

/// The file is quoted as people quote files to models: its name, and a fence of
/// more backquotes than the text has in a row.
static void quote(std::string_view name, std::string_view text,
                  base::Array<char> &out) {
  size_t fence = 3, inARow = 0;
  for (char c : text) {
    inARow = c == '`' ? inARow + 1 : 0;
    fence = std::max(fence, inARow + 1);
  }
  auto addFence = [&] {
    for (size_t i = 0; i < fence; ++i)
      out.push('`');
  };
  out.append(name);
  out.append(":\n");
  addFence();
  out.push('\n');
  out.append(text);
  if (!text.empty() && text.back() != '\n')
    out.push('\n');
  addFence();
  out.append("\n\n");
}

void chat::readCommand(Repl &repl, std::string_view written) {
  base::Array<char> path, text;
  if (!takePath(repl, "/read", written, path))
    return;
  if (base::Failure failure =
          readTextFile(path.view(), contextLimit(repl.context), text))
    return repl.report(failure);

  base::Array<char> quoted;
  quote(baseName(path.view()), text.view(), quoted);
  base::Array<int32_t> ids;
  repl.context.model.tokenizer.encode(quoted.view(),
                                      text::SpecialTokens::AsText, ids);
  if (ids.size() > repl.session.contextSize())
    return repl.report(
        base::fail(base::Usage, "%.*s: makes %zu tokens, the context holds %u",
                   static_cast<int>(std::min<size_t>(path.size(), 100)),
                   path.data(), ids.size(), repl.session.contextSize()));
  repl.attached.append(quoted.view());
  repl.note("%zu tokens go in front of the next message", ids.size());
}

void chat::completeFile(Repl &, terminal::Completions &completions) {
  completions.offerFiles();
}
