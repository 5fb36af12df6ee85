//===- OptionLookup.cpp - Which option or command somebody meant ----------===//

#include "runtime/chat/Options.h"
#include "runtime/text/EditDistance.h"
#include "runtime/text/Slice.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::chat;

/// Whether `name` is one of the words of `list`, which may be null.
static bool isAmong(const char *list, std::string_view name) {
  std::string_view rest = list ? list : "";
  while (!rest.empty()) {
    std::string_view word = rest.substr(0, rest.find(' '));
    if (word == name)
      return true;
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return false;
}

static bool isSpelled(const Option &option, std::string_view name) {
  return isAmong(option.shortName, name) || isAmong(option.longName, name) ||
         isAmong(option.aliases, name);
}

namespace {
/// A word as the tables would spell it: --top_p and -top-p are --top-p.
class LongName {
public:
  explicit LongName(std::string_view word) {
    bool isShort = word.starts_with('-') && !word.starts_with("--");
    if (word.size() < 3 || word.size() + isShort > sizeof(letters))
      return;
    letters[0] = '-';
    for (char letter : text::slice(word, isShort ? 0 : 1, word.size()))
      letters[++length] = letter == '_' ? '-' : letter;
    ++length;
  }
  operator std::string_view() const { return {letters, length}; }

private:
  char letters[48];
  size_t length = 0; ///< 0: the word has no other spelling
};
} // namespace

const Option *chat::findOption(std::string_view name, Command command) {
  LongName longName(name);
  for (std::string_view spelling : {name, std::string_view(longName)})
    for (const Option &option : options())
      if (option.commands >> static_cast<uint32_t>(command) & 1 &&
          isSpelled(option, spelling))
        return &option;
  return nullptr;
}

const ForeignOption *chat::findForeignOption(std::string_view name) {
  LongName longName(name);
  for (std::string_view spelling : {name, std::string_view(longName)})
    for (const ForeignOption &option : foreignOptions())
      if (isAmong(option.spellings, spelling))
        return &option;
  return nullptr;
}

namespace {
/// The nearest of some words; none is near that differs in more than every
/// third letter.
class Nearest {
public:
  explicit Nearest(std::string_view name)
      : name(name), best(name.size() / 3 + 1) {}

  void consider(const char *word) {
    std::string_view candidate = word ? word : "";
    if (candidate.empty() || candidate.size() > text::longestComparedWord ||
        name.size() > text::longestComparedWord)
      return;
    size_t steps = text::editDistance(name, candidate);
    if (steps >= best)
      return;
    best = steps;
    nearest = candidate;
  }

  std::string_view nearest;

private:
  std::string_view name;
  size_t best;
};
} // namespace

std::string_view chat::nearestOption(std::string_view name, Command command) {
  LongName longName(name);
  std::string_view sought = longName;
  sought.remove_prefix(std::min<size_t>(sought.size(), 2));
  Nearest search(sought);
  for (const Option &option : options())
    if (option.commands >> static_cast<uint32_t>(command) & 1)
      search.consider(option.longName + 2);
  if (search.nearest.empty())
    return {};
  // The two dashes stand before it in the table.
  return {search.nearest.data() - 2, search.nearest.size() + 2};
}

std::string_view chat::nearestCommand(std::string_view name) {
  Nearest search(name);
  for (const CommandInfo &command : commands())
    search.consider(command.name);
  return search.nearest;
}
