//===- Message.cpp - Messages of several lines, and slashes ---------------===//

#include "runtime/chat/repl/Message.h"

using namespace tritc;
using namespace tritc::chat;

static constexpr std::string_view quotes = "\"\"\"";

static bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

std::string_view chat::takeWord(std::string_view &text) {
  auto skipBlanks = [&] {
    while (!text.empty() && isBlank(text.front()))
      text.remove_prefix(1);
  };
  skipBlanks();
  size_t length = 0;
  while (length < text.size() && !isBlank(text[length]))
    ++length;
  std::string_view word(text.data(), length);
  text.remove_prefix(length);
  skipBlanks();
  return word;
}

bool chat::isSlashCommand(std::string_view text) {
  std::string_view word = takeWord(text);
  if (word == "/?")
    return true;
  if (word.size() < 2 || word[0] != '/')
    return false;
  word.remove_prefix(1);
  for (char c : word)
    if (c < 'a' || c > 'z')
      return false;
  return true;
}

bool chat::isCompleteMessage(std::string_view text) {
  if (isSlashCommand(text))
    takeWord(text);
  while (!text.empty() && isBlank(text.front()))
    text.remove_prefix(1);
  if (!text.starts_with(quotes))
    return true;
  text.remove_prefix(quotes.size());
  return text.find(quotes) != text.npos;
}

std::string_view chat::withoutQuotes(std::string_view text) {
  std::string_view inner = text;
  while (!inner.empty() && isBlank(inner.front()))
    inner.remove_prefix(1);
  while (!inner.empty() && isBlank(inner.back()))
    inner.remove_suffix(1);
  if (inner.size() < 2 * quotes.size() || !inner.starts_with(quotes) ||
      !inner.ends_with(quotes))
    return text;
  inner.remove_prefix(quotes.size());
  inner.remove_suffix(quotes.size());
  if (inner.find(quotes) != inner.npos)
    return text; // more than one block
  if (inner.starts_with('\n'))
    inner.remove_prefix(1);
  if (inner.ends_with('\n'))
    inner.remove_suffix(1);
  return inner;
}

std::string_view chat::messageOf(std::string_view text) {
  if (text.starts_with("//") && text.size() > 2 && !isBlank(text[2]))
    text.remove_prefix(1);
  return withoutQuotes(text);
}
