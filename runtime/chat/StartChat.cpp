//===- StartChat.cpp - What comes before the first message ----------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Conversation.h"

using namespace tritc;
using namespace tritc::chat;

base::Failure chat::giveSystem(Conversation &conversation,
                               std::string_view text) {
  if (!text.empty() && !conversation.takesSystem())
    return base::fail(base::Usage, "-sys: the chat template of this model has "
                                   "no place for a system message");
  conversation.setSystem(text);
  return {};
}

void chat::noteMissingTemplate(const Model &model) {
  if (model.image.chat.rules.isMissed)
    fprintf(stderr, "note: this model came without a chat template: it goes on "
                    "with your text instead of answering it; compile it with "
                    "--chat-template=, or continue texts with --raw\n");
}
