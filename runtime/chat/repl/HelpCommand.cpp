//===- HelpCommand.cpp - /help --------------------------------------------===//

#include "runtime/chat/repl/Repl.h"
#include "runtime/chat/repl/SlashCommand.h"

using namespace tritc;
using namespace tritc::chat;

static constexpr struct {
  const char *keys;
  const char *help;
} keys[] = {
    {"Enter",
     "send; after \\ or inside \"\"\" blocks, and with Alt: a new line"},
    {"Up, Down", "lines of the message, then what was sent before"},
    {"Ctrl-R", "search what was sent before"},
    {"Tab", "complete a command, a setting, the name of a file"},
    {"Ctrl-A Ctrl-E", "begin and end of the line; Home and End, too"},
    {"Alt-B Alt-F", "a word back, forward; Ctrl-Left and Ctrl-Right, too"},
    {"Ctrl-W Ctrl-U Ctrl-K", "cut a word, the line before, the line after"},
    {"Ctrl-Y Ctrl-_", "put back what was cut; undo"},
    {"Ctrl-G", "write on in $VISUAL or $EDITOR"},
    {"Ctrl-L", "clear the screen"},
    {"Ctrl-C", "stop the answer; clear the line"},
    {"Ctrl-D Ctrl-Z", "leave; stop for a while (fg goes on)"},
};

void chat::printKeys(Output &out) {
  for (const auto &[names, help] : keys)
    out.print("  %-21s %s\n", names, help);
}

void chat::helpCommand(Repl &repl, std::string_view) {
  for (const SlashCommand &command : slashCommands())
    repl.ui.print("  %-8s %-12s %s\n", command.name.data(), command.argument,
                  command.help);
  repl.ui.write("  The beginning of a name is enough. A message that begins "
                "like one is sent with // in front.\n\n");
  printKeys(repl.ui);
}
