//===- SlashCommand.cpp - Commands inside the chat ------------------------===//

#include "runtime/chat/repl/SlashCommand.h"
#include "runtime/chat/repl/Message.h"
#include "runtime/text/EditDistance.h"

using namespace tritc;
using namespace tritc::chat;

static constexpr SlashCommand table[] = {
    {"/help", "", "print this", helpCommand, nullptr},
    {"/exit", "", "leave, as Ctrl-D does", leaveCommand, nullptr},
    {"/clear", "", "forget the conversation", clearCommand, nullptr},
    {"/regen", "", "answer the last message again", regenerateCommand, nullptr},
    {"/undo", "", "forget the last message and its answer", undoCommand,
     nullptr},
    {"/forget", "[N]",
     "forget the N oldest messages and their answers; none: 1", forgetCommand,
     nullptr},
    {"/system", "[TEXT]",
     "set what the model is told first (\"\": nothing), or show it",
     systemCommand, nullptr},
    {"/set", "[NAME VALUE]", "change a setting; none: list them", setCommand,
     completeSetting},
    {"/read", "FILE", "put a file in front of the next message", readCommand,
     completeFile},
    {"/save", "FILE", "save the conversation with all that was computed of it",
     saveCommand, completeFile},
    {"/load", "FILE", "go on with a saved conversation", loadCommand,
     completeFile},
    {"/export", "FILE", "write the conversation as Markdown, or as *.json",
     exportCommand, completeFile},
    {"/edit", "[TEXT]", "write the next message in $VISUAL or $EDITOR",
     editCommand, nullptr},
    {"/stats", "", "print speed and use of the context", statsCommand, nullptr},
};

/// What other chats call them. Not in /help.
static constexpr struct {
  std::string_view name;
  std::string_view means;
} aliases[] = {
    {"/quit", "/exit"},
    {"/bye", "/exit"},
    {"/?", "/help"},
};

std::span<const SlashCommand> chat::slashCommands() { return table; }

static const SlashCommand *named(std::string_view name) {
  for (const SlashCommand &command : table)
    if (name == command.name)
      return &command;
  for (const auto &[alias, means] : aliases)
    if (name == alias)
      return named(means);
  return nullptr;
}

/// The commands of which a name or an alias begins with `word`, each once.
static size_t beginningWith(std::string_view word,
                            const SlashCommand *(&found)[std::size(table)]) {
  size_t count = 0;
  auto add = [&](const SlashCommand *command) {
    for (size_t i = 0; i < count; ++i)
      if (found[i] == command)
        return;
    found[count++] = command;
  };
  for (const SlashCommand &command : table)
    if (command.name.starts_with(word))
      add(&command);
  for (const auto &[alias, means] : aliases)
    if (alias.starts_with(word))
      add(named(means));
  return count;
}

/// The command whose name is nearly `word`; null when none is.
static const SlashCommand *nearest(std::string_view word) {
  if (word.size() > text::longestComparedWord)
    return nullptr;
  const SlashCommand *found = nullptr;
  size_t least = word.size() > 4 ? 3 : 2; // fewer mistakes than this
  auto consider = [&](std::string_view name, const SlashCommand *command) {
    size_t mistakes = text::editDistance(word, name);
    if (mistakes >= least)
      return;
    least = mistakes;
    found = command;
  };
  for (const SlashCommand &command : table)
    consider(command.name, &command);
  for (const auto &[alias, means] : aliases)
    consider(alias, named(means));
  return found;
}

void chat::runSlashCommand(Repl &repl, Output &ui, std::string_view text) {
  std::string_view word = takeWord(text);
  const SlashCommand *matches[std::size(table)];
  const SlashCommand *command = named(word);
  size_t count = command ? 1 : beginningWith(word, matches);
  if (!command && count == 1)
    command = matches[0];
  if (command)
    return command->run(repl, text);
  if (count > 1) {
    writeEscaped(ui, word);
    ui.write(" may be");
    for (size_t i = 0; i < count; ++i) {
      ui.write(i == 0 ? " " : i + 1 == count ? " or " : ", ");
      ui.write(matches[i]->name);
    }
    ui.write("\n");
    return;
  }
  ui.write("unknown command ");
  writeEscaped(ui, word);
  if (const SlashCommand *meant = nearest(word)) {
    ui.write("; did you mean ");
    ui.write(meant->name);
    ui.write("?\n");
  } else {
    ui.write("; /help lists them all, another / in front sends it\n");
  }
}

void chat::completeSlashCommand(Repl &repl,
                                terminal::Completions &completions) {
  std::string_view text = completions.word();
  if (!isSlashCommand(text) && text != "/")
    return;
  std::string_view argument = text;
  std::string_view word = takeWord(argument);
  if (word.data() + word.size() == text.data() + text.size()) {
    completions.startAt(text.size() - word.size());
    for (const SlashCommand &command : table)
      completions.offer(command.name);
    if (completions.size() == 0)
      for (const auto &[alias, means] : aliases)
        completions.offer(alias);
    return;
  }
  const SlashCommand *matches[std::size(table)];
  const SlashCommand *command = named(word);
  if (!command && beginningWith(word, matches) == 1)
    command = matches[0];
  if (!command || !command->complete)
    return;
  completions.startAt(text.size() - argument.size());
  command->complete(repl, completions);
}
