//===- SettingCommands.cpp - /set and /system -----------------------------===//

#include "runtime/chat/repl/Message.h"
#include "runtime/chat/repl/Repl.h"
#include "runtime/chat/repl/SlashCommand.h"

using namespace tritc;
using namespace tritc::chat;

/// `name value`, `name=value`, and both with dashes in front or blanks around.
void chat::setCommand(Repl &repl, std::string_view assignment) {
  Settings &settings = repl.context.settings;
  while (assignment.starts_with('-'))
    assignment.remove_prefix(1);
  size_t nameBytes = assignment.find_first_of("= \t\n");
  if (nameBytes == assignment.npos)
    return printSettable(repl.ui, settings, assignment);
  std::string_view name(assignment.data(), nameBytes);
  assignment.remove_prefix(nameBytes);
  while (assignment.starts_with(' ') || assignment.starts_with('\t'))
    assignment.remove_prefix(1);
  if (assignment.starts_with('='))
    assignment.remove_prefix(1);
  std::string_view value = takeWord(assignment);
  base::Failure failure;
  if (!assignment.empty())
    failure = base::fail(base::Usage, "/set: expected one value");
  else
    failure = setByName(name, value, settings);
  if (failure)
    return repl.report(failure);
  if (name == "seed")
    repl.session.reseed();
}

void chat::completeSetting(Repl &, terminal::Completions &completions) {
  for (const Option &option : options())
    if (option.isSettable)
      completions.offer(option.longName + 2);
}

void chat::systemCommand(Repl &repl, std::string_view text) {
  std::string_view told = text == "\"\"" ? "" : withoutQuotes(text);
  if (!told.empty() && !repl.conversation.takesSystem())
    return repl.ui.write(
        "/system: the chat template of this model has no place "
        "for a system message\n");
  if (!text.empty())
    return repl.conversation.setSystem(told);
  std::string_view system = repl.conversation.system();
  if (system.empty())
    return repl.ui.write("the model is told nothing first\n");
  writeShown(repl.ui, system);
  repl.ui.write("\n");
}
