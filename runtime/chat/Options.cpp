//===- Options.cpp - The command line of an emitted program ---------------===//

#include "runtime/chat/Options.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>

using namespace tritc;
using namespace tritc::chat;
using exec::Failure;

static constexpr struct {
  const char *name;
  const char *arguments;
  const char *help;
} commands[] = {
    {nullptr, "[options]", "chat on a terminal; else answer the prompt once"},
    {"bench", "[options]", "measure tokens and bytes per second"},
    {"logits", "[options]", "print the best token after each, and a hash"},
    {"tokenize", "[options]", "print token ids"},
    {"embed", "[options]", "print the vector of a text"},
    {"perplexity", "FILE [options]", "how well the model predicts a text"},
    {"info", "[options]", "what was compiled"},
    {"selftest", "[options]", "does this machine compute what was compiled?"},
};

static constexpr uint32_t in(Command command) {
  return 1u << static_cast<uint32_t>(command);
}
static constexpr uint32_t chats = in(Command::Chat);
static constexpr uint32_t takesPrompt =
    chats | in(Command::Logits) | in(Command::Tokenize) | in(Command::Embed);
static constexpr uint32_t runsModel =
    chats | in(Command::Bench) | in(Command::Logits) | in(Command::Perplexity) |
    in(Command::Embed);
static constexpr uint32_t encodes =
    in(Command::Logits) | in(Command::Tokenize) | in(Command::Embed);
static constexpr uint32_t takesIds = in(Command::Logits) | in(Command::Embed);
static constexpr uint32_t always = ~0u;

static constexpr double largest = 9e18;

// clang-format off
static constexpr Option table[] = {
    {"-p", "--prompt", nullptr, "TEXT", &Settings::prompt, 0, 0, takesPrompt, false,
     "answer this instead of standard input"},
    {"-f", "--file", nullptr, "FILE", &Settings::promptFile, 0, 0, takesPrompt, false,
     "answer the text of a file"},
    {"-sys", "--system-prompt", nullptr, "TEXT", &Settings::systemPrompt, 0, 0, chats, false,
     "what the model is told before the conversation"},
    {nullptr, "--raw", nullptr, nullptr, &Settings::raw, 0, 0, chats, false,
     "continue the prompt (-p, -f or a pipe) without the chat template"},
    {"-n", "--predict", "--n-predict", "N", &Settings::predict, -1, largest, chats, true,
     "tokens per answer at most; -1: no limit"},
    {"-r", "--reverse-prompt", nullptr, "TEXT", &Settings::reversePrompts, 0, 0, chats, false,
     "end the answer before this text; may be repeated"},
    {nullptr, "--temp", nullptr, "X", &Settings::temperature, 0, 100, chats, true,
     "temperature; 0: always the likeliest token"},
    {nullptr, "--top-k", nullptr, "N", &Settings::topK, 0, largest, chats, true,
     "choose among the N likeliest; 0: off"},
    {nullptr, "--top-p", nullptr, "X", &Settings::topP, 0, 1, chats, true,
     "choose among the likeliest that make up X; 1: off"},
    {nullptr, "--min-p", nullptr, "X", &Settings::minP, 0, 1, chats, true,
     "drop what is less likely than X times the best; 0: off"},
    {nullptr, "--repeat-penalty", nullptr, "X", &Settings::repeatPenalty, 0.01, 100, chats, true,
     "make recent tokens less likely; 1: off"},
    {nullptr, "--repeat-last-n", nullptr, "N", &Settings::repeatLastN, 0, 4096, chats, true,
     "tokens the penalty looks back"},
    {"-s", "--seed", nullptr, "N", &Settings::seed, -1, largest, chats, true,
     "of the random numbers; -1: a new one each time"},
    {nullptr, "--no-history", nullptr, nullptr, &Settings::noHistory, 0, 0, chats, false,
     "keep nothing of what is typed in ~/.local/state/tritc"},
    {"-v", "--verbose", nullptr, nullptr, &Settings::verbose, 0, 0, chats, false,
     "print speed and the time to the first token after each answer"},
    {"-p", "--n-prompt", nullptr, "N", &Settings::benchPrompt, 1, largest, in(Command::Bench), false,
     "tokens of the measured prompt; not given: 512 or the context"},
    {"-n", "--n-gen", nullptr, "N", &Settings::benchPredict, 1, largest, in(Command::Bench), false,
     "tokens of the measured answer; not given: 128 or the context"},
    {"-d", "--n-depth", nullptr, "N", &Settings::benchDepth, 0, largest, in(Command::Bench), false,
     "tokens of context before those measured"},
    {nullptr, "--repeat", nullptr, "N", &Settings::benchRepeat, 1, 1000, in(Command::Bench), false,
     "measure N times and report the median"},
    {nullptr, "--profile", nullptr, nullptr, &Settings::profile, 0, 0, in(Command::Bench), false,
     "measure again and report each kind of work"},
    {nullptr, "--ids", nullptr, "LIST", &Settings::ids, 0, 0, takesIds, false,
     "token ids, separated by commas"},
    {nullptr, "--dump", nullptr, "FILE", &Settings::dumpFile, 0, 0, in(Command::Logits), false,
     "write all logits as little-endian 32-bit floats"},
    {nullptr, "--no-bos", nullptr, nullptr, &Settings::noBos, 0, 0, encodes, false,
     "put no begin-of-sequence token in front"},
    {nullptr, "--no-parse-special", nullptr, nullptr, &Settings::noParseSpecial, 0, 0, encodes, false,
     "read special tokens in the text as text"},
    {"-c", "--ctx-size", nullptr, "N", &Settings::contextSize, 0, 4294967295, runsModel, false,
     "tokens of context; 0: as compiled"},
    {"-t", "--threads", nullptr, "N", &Settings::threads, 0, 256, runsModel | in(Command::Selftest), false,
     "0: one per physical core"},
    {nullptr, "--chunk", "--ubatch-size", "N", &Settings::chunk, 0, 4294967295, runsModel, false,
     "prompt tokens computed at once; 0: as compiled"},
    {nullptr, "--weights", nullptr, "map|copy|auto", {Field::Choice, &Settings::weights}, 0, 0, runsModel | in(Command::Selftest), false,
     "map the file, copy it to huge pages (faster), or what pays"},
    {nullptr, "--json", nullptr, nullptr, &Settings::json, 0, 0, always & ~chats, false,
     "print JSON"},
    {"-h", "--help", nullptr, nullptr, &Settings::help, 0, 0, always, false,
     "print this"},
    {nullptr, "--version", nullptr, nullptr, &Settings::version, 0, 0, always, false,
     "print the version and the model's name"},
};
// clang-format on

std::span<const Option> chat::options() { return table; }

static bool isSpelled(const char *spelling, std::string_view name) {
  return spelling && name == spelling;
}

/// The option of `command` with this spelling.
static const Option *find(std::string_view name, Command command) {
  for (const Option &option : table)
    if ((option.commands & in(command)) &&
        (isSpelled(option.shortName, name) ||
         isSpelled(option.longName, name) || isSpelled(option.alias, name)))
      return &option;
  return nullptr;
}

static Failure outOfRange(const Option &option, std::string_view found) {
  const char *kind =
      option.field.kind == Field::Integer ? "an integer" : "a number";
  int shown = static_cast<int>(std::min<size_t>(found.size(), 40));
  if (option.maximum >= largest)
    return exec::fail(exec::Usage, "%s: expected %s from %g on, found '%.*s'",
                      option.longName, kind, option.minimum, shown,
                      found.data());
  return exec::fail(exec::Usage,
                    "%s: expected %s from %g to %.10g, found '%.*s'",
                    option.longName, kind, option.minimum, option.maximum,
                    shown, found.data());
}

/// Parses a whole number or a decimal one; false unless all of `value` is one.
static bool parse(std::string_view value, const Field &field,
                  Settings &settings, double &parsed) {
  char digits[64];
  if (value.empty() || value.size() >= sizeof(digits) ||
      !strchr("+-.0123456789", value[0]))
    return false;
  memcpy(digits, value.data(), value.size());
  digits[value.size()] = 0;
  char *end = digits;
  errno = 0;
  if (field.kind == Field::Integer) {
    long long integer = strtoll(digits, &end, 10);
    settings.*field.integer = integer;
    parsed = static_cast<double>(integer);
  } else {
    parsed = strtod(digits, &end);
    settings.*field.number = parsed;
  }
  return end == digits + value.size() && errno != ERANGE &&
         std::isfinite(parsed);
}

/// The number of `value` among the words of "a|b|c"; -1 if it is none.
static int64_t choiceOf(std::string_view words, std::string_view value) {
  for (int64_t number = 0;; ++number) {
    size_t end = words.find('|');
    if (words.substr(0, end) == value)
      return number;
    if (end == words.npos)
      return -1;
    words.remove_prefix(end + 1);
  }
}

static Failure assign(const Option &option, std::string_view value,
                      Settings &settings) {
  const Field &field = option.field;
  switch (field.kind) {
  case Field::Flag:
    settings.*field.flag = true;
    return {};
  case Field::Text:
    settings.*field.text = value;
    return {};
  case Field::List: {
    TextList &list = settings.*field.list;
    if (list.count == TextList::capacity)
      return exec::fail(exec::Usage, "%s: expected at most %zu times",
                        option.longName, TextList::capacity);
    if (value.empty())
      return exec::fail(exec::Usage, "%s: expected a text that is not empty",
                        option.longName);
    list.items[list.count++] = value;
    return {};
  }
  case Field::Choice: {
    int64_t number = choiceOf(option.valueName, value);
    if (number < 0)
      return exec::fail(exec::Usage, "%s: expected %s, found '%.*s'",
                        option.longName, option.valueName,
                        static_cast<int>(std::min<size_t>(value.size(), 40)),
                        value.data());
    settings.*field.integer = number;
    return {};
  }
  case Field::Integer:
  case Field::Number:
    break;
  }
  Settings changed = settings;
  double parsed = 0;
  if (!parse(value, field, changed, parsed) || parsed < option.minimum ||
      parsed > option.maximum)
    return outOfRange(option, value);
  settings = changed;
  return {};
}

static Failure unknown(std::string_view word, Command command) {
  const char *name = commands[static_cast<uint32_t>(command)].name;
  return exec::fail(exec::Usage, "unknown %s '%.*s'%s%s; --help lists them all",
                    word.starts_with("-") ? "option" : "command",
                    static_cast<int>(std::min<size_t>(word.size(), 40)),
                    word.data(), name ? " of " : "", name ? name : "");
}

static Command commandOf(std::string_view word) {
  for (uint32_t i = 1; i < std::size(commands); ++i)
    if (word == commands[i].name)
      return static_cast<Command>(i);
  return Command::Chat;
}

Failure chat::parseArguments(std::span<char *const> arguments, Command &command,
                             Settings &settings) {
  command = arguments.empty() ? Command::Chat : commandOf(arguments[0]);
  for (size_t i = command != Command::Chat; i < arguments.size(); ++i) {
    std::string_view word = arguments[i];
    bool isOption = word.size() > 1 && word[0] == '-';
    if (!isOption && command == Command::Perplexity && !settings.file.data()) {
      settings.file = word;
      continue;
    }
    // --name=value is --name value; short names take theirs from the next
    // argument only.
    const char *equals =
        word.starts_with("--") ? strchr(arguments[i], '=') : nullptr;
    std::string_view name =
        equals ? std::string_view(arguments[i], equals) : word;
    const Option *option = isOption ? find(name, command) : nullptr;
    if (!option)
      return unknown(name, command);
    std::string_view value;
    if (equals && !option->valueName)
      return exec::fail(exec::Usage, "%s: expected no value", option->longName);
    if (equals)
      value = equals + 1;
    else if (option->valueName && i + 1 == arguments.size())
      return exec::fail(exec::Usage, "%s: expected a value (%s)",
                        option->longName, option->valueName);
    else if (option->valueName)
      value = arguments[++i];
    if (Failure failure = assign(*option, value, settings))
      return failure;
  }
  return {};
}

static bool isNamed(const Option &option, std::string_view name) {
  return option.isSettable && name == option.longName + 2;
}

static Failure unknownSetting(std::string_view name) {
  return exec::fail(exec::Usage, "unknown setting '%.*s'; /set lists them all",
                    static_cast<int>(std::min<size_t>(name.size(), 40)),
                    name.data());
}

Failure chat::setByName(std::string_view name, std::string_view value,
                        Settings &settings) {
  for (const Option &option : table)
    if (isNamed(option, name))
      return assign(option, value, settings);
  return unknownSetting(name);
}

void chat::printSettable(Output &out, const Settings &settings,
                         std::string_view name) {
  bool isFound = false;
  for (const Option &option : table) {
    if (!option.isSettable || (!name.empty() && !isNamed(option, name)))
      continue;
    isFound = true;
    out.print("  %-15s ", option.longName + 2);
    if (option.field.kind == Field::Integer)
      out.print("%-10lld",
                static_cast<long long>(settings.*option.field.integer));
    else
      out.print("%-10g", settings.*option.field.number);
    out.print(" %s\n", option.help);
  }
  if (!isFound)
    out.print("%s\n", unknownSetting(name).message);
}

static void printOption(Output &out, const Option &option) {
  char spelling[64];
  snprintf(spelling, sizeof(spelling), "%s%s%s%s%s",
           option.shortName ? option.shortName : "",
           option.shortName ? ", " : "", option.longName,
           option.valueName ? " " : "",
           option.valueName ? option.valueName : "");
  out.print("  %-28s %s\n", spelling, option.help);
}

void chat::printHelp(Output &out, const char *program) {
  for (const auto &[name, arguments, help] : commands) {
    char usage[128];
    snprintf(usage, sizeof(usage), "%s%s%s %s", program, name ? " " : "",
             name ? name : "", arguments);
    out.print("%s %-40s %s\n", name ? "      " : "usage:", usage, help);
  }
  // Each option is printed once, under the first command that has it, together
  // with all others of the same set of commands.
  uint64_t printed = 0;
  for (size_t i = 0; i < std::size(table); ++i) {
    if (printed >> i & 1)
      continue;
    uint32_t mask = table[i].commands;
    out.write("\noptions of");
    if (mask == always)
      out.write(" every command");
    for (uint32_t c = 0; c < std::size(commands) && mask != always; ++c)
      if (mask >> c & 1)
        out.print(" %s", commands[c].name ? commands[c].name : "chat");
    out.write(":\n");
    for (size_t j = i; j < std::size(table); ++j) {
      if (table[j].commands != mask)
        continue;
      printOption(out, table[j]);
      printed |= uint64_t{1} << j;
    }
  }
  out.write("\nkeys of a chat on a terminal (/help lists its commands):\n");
  printKeys(out);
}
