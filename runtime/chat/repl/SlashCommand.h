//===- SlashCommand.h - Commands inside the chat --------------------------===//
//
// One table (SlashCommand.cpp) holds every command: from it come what runs,
// /help, completion, prefixes and suggestions.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/chat/Output.h"
#include "runtime/terminal/Completions.h"

#include <span>
#include <string_view>

namespace tritc::chat {

class Repl;

struct SlashCommand {
  std::string_view name;
  const char *argument; ///< for help: "" or "[TEXT]"
  const char *help;
  /// Does it; `argument` is all that follows the name.
  void (*run)(Repl &repl, std::string_view argument);
  /// Offers what the argument may become; null: nothing.
  void (*complete)(Repl &repl, terminal::Completions &completions);
};

std::span<const SlashCommand> slashCommands();

/// Runs the command that `text` names, by an alias or by the beginning of a
/// name too; says on `ui` what is wrong when it names none or several.
void runSlashCommand(Repl &repl, Output &ui, std::string_view text);

/// Offers names of commands, or arguments of the one that is named.
void completeSlashCommand(Repl &repl, terminal::Completions &completions);

// The commands, each in the file of its subject.
void helpCommand(Repl &repl, std::string_view);
void leaveCommand(Repl &repl, std::string_view);
void clearCommand(Repl &repl, std::string_view);
void regenerateCommand(Repl &repl, std::string_view);
void undoCommand(Repl &repl, std::string_view);
void forgetCommand(Repl &repl, std::string_view count);
void saveCommand(Repl &repl, std::string_view path);
void loadCommand(Repl &repl, std::string_view path);
void exportCommand(Repl &repl, std::string_view path);
void systemCommand(Repl &repl, std::string_view text);
void setCommand(Repl &repl, std::string_view assignment);
void statsCommand(Repl &repl, std::string_view);
void readCommand(Repl &repl, std::string_view path);
void editCommand(Repl &repl, std::string_view text);

/// Appends the path that an argument of `command` means: without blanks at its
/// end, ~ for the home folder. False, and said so, where there is none.
bool takePath(Repl &repl, const char *command, std::string_view written,
              base::Array<char> &path);

// Completers of arguments.
void completeSetting(Repl &repl, terminal::Completions &completions);
void completeFile(Repl &repl, terminal::Completions &completions);

} // namespace tritc::chat
