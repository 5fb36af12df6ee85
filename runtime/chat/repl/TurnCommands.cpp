//===- TurnCommands.cpp - What is said next, and what is forgotten --------===//

#include "runtime/chat/repl/Repl.h"
#include "runtime/chat/repl/SlashCommand.h"

using namespace tritc;
using namespace tritc::chat;

void chat::leaveCommand(Repl &repl, std::string_view) { repl.isLeaving = true; }

void chat::clearCommand(Repl &repl, std::string_view) {
  repl.conversation.clear();
  repl.attached.clear();
}

void chat::regenerateCommand(Repl &repl, std::string_view) {
  Conversation &conversation = repl.conversation;
  if (!conversation.endsWithAnswer()) {
    repl.ui.write("there is no answer yet\n");
    return;
  }
  base::Array<int32_t> before;
  before.append(conversation.lastAnswer());
  conversation.removeLast();
  if (!repl.answer())
    conversation.addAnswer(before);
}

static void noteTurnsLeft(Repl &repl) {
  size_t turns = repl.conversation.turns();
  repl.note("forgotten, %zu turn%s left", turns, turns == 1 ? " is" : "s are");
}

void chat::undoCommand(Repl &repl, std::string_view) {
  Conversation &conversation = repl.conversation;
  if (!conversation.endsWithAnswer()) {
    repl.ui.write("there is no answer yet\n");
    return;
  }
  conversation.removeLast();
  conversation.removeLast();
  noteTurnsLeft(repl);
}

void chat::forgetCommand(Repl &repl, std::string_view count) {
  size_t turns = repl.conversation.turns();
  size_t wanted = count.empty() ? 1 : 0;
  for (char digit : count) {
    bool isDigit = digit >= '0' && digit <= '9';
    wanted = isDigit && wanted <= turns
                 ? 10 * wanted + static_cast<size_t>(digit - '0')
                 : turns + 1;
  }
  if (wanted < 1 || wanted > turns) {
    repl.ui.print("/forget: expected a number from 1 to %zu, the turns of this "
                  "conversation\n",
                  turns);
    return;
  }
  repl.conversation.forget(0, wanted);
  noteTurnsLeft(repl);
}

void chat::editCommand(Repl &repl, std::string_view text) {
  repl.ui.flush();
  if (base::Failure failure = repl.editor.prepareExternally(text))
    repl.report(failure);
}
