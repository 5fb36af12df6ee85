//===- TurnCommands.cpp - /exit, /clear, /regen, /edit --------------------===//

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
  exec::Array<int32_t> before;
  before.append(conversation.lastAnswer());
  conversation.removeLast();
  if (!repl.answer())
    conversation.addAnswer(before);
}

void chat::editCommand(Repl &repl, std::string_view text) {
  repl.ui.flush();
  if (exec::Failure failure = repl.editor.prepareExternally(text))
    repl.report(failure);
}
