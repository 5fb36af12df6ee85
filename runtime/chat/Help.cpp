//===- Help.cpp - What --help prints --------------------------------------===//

#include "runtime/chat/Commands.h"

using namespace tritc;
using namespace tritc::chat;

/// " [default]" of what has one that says something.
static void describeDefault(const Option &option, const Settings &defaults,
                            char *text, size_t bytes) {
  const Field &field = option.field;
  text[0] = 0;
  if (field.kind == Field::Number)
    snprintf(text, bytes, " [%g]", defaults.*field.number);
  if (field.kind == Field::Integer)
    if (int64_t value = defaults.*field.integer;
        static_cast<double>(value) >= option.minimum)
      snprintf(text, bytes, " [%lld]", static_cast<long long>(value));
  if (field.kind != Field::Choice)
    return;
  std::string_view words = option.valueName;
  for (int64_t i = 0; i < defaults.*field.integer; ++i)
    words.remove_prefix(words.find('|') + 1);
  words = words.substr(0, words.find('|'));
  snprintf(text, bytes, " [%.*s]", static_cast<int>(words.size()),
           words.data());
}

static void printOption(Output &out, const Option &option,
                        const Settings &defaults) {
  char spelling[64], value[32];
  snprintf(spelling, sizeof(spelling), "%s%s%s%s%s",
           option.shortName ? option.shortName : "",
           option.shortName ? ", " : "", option.longName,
           option.valueName ? " " : "",
           option.valueName ? option.valueName : "");
  describeDefault(option, defaults, value, sizeof(value));
  out.print("  %-32s %s%s\n", spelling, option.help, value);
}

static constexpr uint32_t bit(Command command) {
  return 1u << static_cast<uint32_t>(command);
}

/// Each option once, under the first command that has it, together with all
/// others of the same set of commands.
static void printOptions(Output &out, const Settings &defaults,
                         uint32_t present) {
  for (size_t i = 0; i < options().size(); ++i) {
    uint32_t mask = options()[i].commands;
    bool isPrinted = false;
    for (size_t j = 0; j < i; ++j)
      isPrinted |= options()[j].commands == mask;
    // What chat and serve share is about text: not where there is no chat.
    bool isOfText = mask & ~present & bit(Command::Chat) &&
                    (mask & present) == bit(Command::Serve);
    if (isPrinted || isOfText || !(mask & present))
      continue;
    out.write("\noptions of");
    if (mask == ~0u)
      out.write(" every command");
    for (uint32_t c = 0; c < commands().size() && mask != ~0u; ++c)
      if ((mask & present) >> c & 1)
        out.print(" %s", commands()[c].name ? commands()[c].name : "chat");
    out.write(":\n");
    for (size_t j = i; j < options().size(); ++j)
      if (options()[j].commands == mask)
        printOption(out, options()[j], defaults);
  }
}

/// The first spelling of each option that is accepted and ignored.
static void printIgnorable(Output &out) {
  out.write("\nignored, since llama-cli has them:\n ");
  for (const ForeignOption &option : foreignOptions()) {
    std::string_view spelling = option.spellings;
    if (option.isRefused || !option.note)
      continue;
    out.write(" ");
    out.write(spelling.substr(0, spelling.find(' ')));
  }
  out.write("\n");
}

/// Commands that the program was linked with.
static uint32_t linked() { return canServe() ? ~0u : ~bit(Command::Serve); }

/// The commands, `first` in front.
static void printUsage(Output &out, const char *program, uint32_t present,
                       Command first) {
  const char *lead = "usage:";
  for (uint32_t mask : {bit(first), present & ~bit(first)})
    for (uint32_t c = 0; c < commands().size(); ++c) {
      const auto &[name, arguments, help] = commands()[c];
      if (!(mask >> c & 1))
        continue;
      char usage[128];
      snprintf(usage, sizeof(usage), "%s%s%s %s", program, name ? " " : "",
               name ? name : "", arguments);
      out.print("%s %-40s %s\n", lead, usage, help);
      lead = "      ";
    }
}

/// Of a model that makes vectors.
static void printVectorHelp(Output &out, const char *program,
                            const Settings &defaults) {
  const uint32_t present =
      linked() &
      ~(bit(Command::Chat) | bit(Command::Prompt) | bit(Command::Perplexity));
  out.write("This model makes vectors of texts. Where no command is named, it "
            "is embed.\n\n");
  printUsage(out, program, present, Command::Embed);
  out.print("\nexamples:\n"
            "  %s \"Who was Ada Lovelace?\"     its vector\n"
            "  %s -p \"one\" -p \"two\"           a vector on each line\n"
            "  %s -f texts.txt --json         of each line of a file\n"
            "  cat letter | %s --whole        of all of it together\n",
            program, program, program, program);
  printOptions(out, defaults, present);
}

void chat::printHelp(Output &out, const char *program, const Settings &defaults,
                     bool embeds) {
  if (embeds)
    return printVectorHelp(out, program, defaults);
  const uint32_t present = linked() & ~bit(Command::Embed);
  printUsage(out, program, present, Command::Chat);
  out.print("\nexamples:\n"
            "  %s                             chat, on a terminal\n"
            "  %s \"Who was Ada Lovelace?\"     answer once\n"
            "  cat notes | %s -p \"In short:\"  prompt, then file, then pipe\n"
            "  %s -f letter.txt -n 200 --temp 0.7 -s 1\n",
            program, program, program, program);
  printOptions(out, defaults, present);
  printIgnorable(out);
  out.write("\nkeys of a chat on a terminal (/help lists its commands):\n");
  printKeys(out);
}
