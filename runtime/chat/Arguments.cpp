//===- Arguments.cpp - The words of a command line ------------------------===//

#include "runtime/chat/Options.h"
#include "runtime/text/Slice.h"

#include <algorithm>

using namespace tritc;
using namespace tritc::chat;
using base::Failure;

/// What messages show of a word.
static int shown(std::string_view word) {
  return static_cast<int>(std::min<size_t>(word.size(), 40));
}

static Command commandOf(std::string_view word) {
  for (uint32_t i = 1; i < commands().size(); ++i)
    if (word == commands()[i].name)
      return static_cast<Command>(i);
  return Command::Chat;
}

static Failure unknownOption(std::string_view name, Command command) {
  const char *of = commands()[static_cast<uint32_t>(command)].name;
  std::string_view nearest = nearestOption(name, command);
  if (nearest.empty())
    return base::fail(base::Usage,
                      "unknown option '%.*s'%s%s; --help lists them all",
                      shown(name), name.data(), of ? " of " : "", of ? of : "");
  return base::fail(base::Usage,
                    "unknown option '%.*s'%s%s; did you mean '%.*s'?",
                    shown(name), name.data(), of ? " of " : "", of ? of : "",
                    shown(nearest), nearest.data());
}

/// A first word that looks like a mistyped command is none of the prompt.
static Failure checkFirstWord(std::string_view word) {
  std::string_view nearest = nearestCommand(word);
  if (nearest.empty())
    return {};
  return base::fail(base::Usage,
                    "unknown command '%.*s'; did you mean '%.*s'? -p says "
                    "that it is a prompt",
                    shown(word), word.data(), shown(nearest), nearest.data());
}

/// Whether what begins with `text` can be a number.
static bool startsNumber(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+') || text.starts_with('.'))
    text.remove_prefix(1);
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

namespace {
/// Reads the words one after the other.
class Reader {
public:
  Reader(std::span<char *const> words, Command &command, Settings &settings)
      : words(words), command(command), settings(settings) {}

  Failure read();

private:
  Failure readOption(std::string_view word);
  Failure readKnown(const Option &option, std::string_view value);
  Failure readForeign(const ForeignOption &option, std::string_view name,
                      std::string_view value);
  Failure readText(std::string_view word);
  bool isKnown(std::string_view name) const {
    return findOption(name, command) || findForeignOption(name);
  }

  std::span<char *const> words;
  size_t next = 0;
  Command &command;
  Settings &settings;
};
} // namespace

Failure Reader::readKnown(const Option &option, std::string_view value) {
  if (value.data() && !option.valueName)
    return base::fail(base::Usage, "%s: expected no value", option.longName);
  if (!value.data() && option.valueName) {
    if (next == words.size())
      return base::fail(base::Usage, "%s: expected a value (%s)",
                        option.longName, option.valueName);
    value = words[next++];
  }
  return assign(option, value, settings);
}

Failure Reader::readForeign(const ForeignOption &option, std::string_view name,
                            std::string_view value) {
  if (option.isRefused)
    return base::fail(base::Usage, "%.*s: %s", shown(name), name.data(),
                      option.note);
  if (value.data() && option.value == ForeignOption::None)
    return base::fail(base::Usage, "%.*s: expected no value", shown(name),
                      name.data());
  bool hasNext = !value.data() && next < words.size();
  if (!value.data() && !hasNext && option.value == ForeignOption::Needed)
    return base::fail(base::Usage, "%.*s: expected a value", shown(name),
                      name.data());
  if (hasNext && option.value == ForeignOption::Needed)
    ++next;
  if (hasNext && option.value == ForeignOption::Optional)
    for (std::string_view state : {"on", "off", "auto", "0", "1"})
      if (state == words[next]) {
        ++next;
        break;
      }
  TextList &ignored = settings.ignored;
  bool isListed = ignored.count == TextList::capacity;
  for (std::string_view other : ignored)
    isListed |= findForeignOption(other) == &option;
  if (!isListed)
    ignored.items[ignored.count++] = name;
  return {};
}

/// --name=value, --name value, and -n5 for numbers.
Failure Reader::readOption(std::string_view word) {
  std::string_view name = word, value;
  if (!isKnown(name)) {
    size_t equals = word.find('=');
    size_t number = 1;
    while (number < word.size() &&
           !startsNumber(text::slice(word, number, word.size())))
      ++number;
    bool isNumber = !word.starts_with("--") && number > 1 && number < equals;
    size_t end = isNumber ? number : std::min(equals, word.size());
    if (end < word.size()) {
      name = word.substr(0, end);
      value = text::slice(word, end + !isNumber, word.size());
    }
    const Option *option = findOption(name, command);
    bool isText = option && option->field.kind != Field::Integer &&
                  option->field.kind != Field::Number;
    if (!isKnown(name) || (isNumber && isText))
      return unknownOption(isNumber ? word : name, command);
  }
  if (const Option *option = findOption(name, command))
    return readKnown(*option, value);
  return readForeign(*findForeignOption(name), name, value);
}

/// A word that is no option: a file, or a part of the prompt.
Failure Reader::readText(std::string_view word) {
  if (command == Command::Perplexity && !settings.file.data()) {
    settings.file = word;
    return {};
  }
  if (!findOption("--prompt", command))
    return base::fail(base::Usage, "%s: expected options only, found '%.*s'",
                      commands()[static_cast<uint32_t>(command)].name,
                      shown(word), word.data());
  if (!settings.words.empty())
    settings.words.push(' ');
  settings.words.append(word);
  return {};
}

Failure Reader::read() {
  command = words.empty() ? Command::Chat : commandOf(words[0]);
  if (command != Command::Chat)
    ++next;
  else if (words.size() == 1 && words[next] == std::string_view("help"))
    settings.help = next++ == 0;
  else if (words.size() == 1 && words[next] == std::string_view("version"))
    settings.version = next++ == 0;
  else if (!words.empty() && words[0][0] != '-')
    if (Failure failure = checkFirstWord(words[0]))
      return failure;
  bool areOptions = true;
  while (next < words.size()) {
    std::string_view word = words[next++];
    if (areOptions && word == "--") {
      areOptions = false;
      continue;
    }
    bool isOption = areOptions && word.size() > 1 && word[0] == '-';
    if (Failure failure = isOption ? readOption(word) : readText(word))
      return failure;
  }
  return {};
}

Failure chat::parseArguments(std::span<char *const> arguments, Command &command,
                             Settings &settings) {
  return Reader(arguments, command, settings).read();
}

void chat::printIgnored(const Settings &settings) {
  for (std::string_view name : settings.ignored)
    if (const char *note = findForeignOption(name)->note)
      fprintf(stderr, "note: %.*s is ignored: %s\n", shown(name), name.data(),
              note);
}
