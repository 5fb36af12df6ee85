//===- ShowPrompt.cpp - What a conversation becomes -----------------------===//

#include "runtime/chat/Conversation.h"
#include "runtime/chat/Messages.h"
#include "runtime/chat/Prompt.h"

using namespace tritc;
using namespace tritc::chat;

/// The whole conversation of --messages, or one message of the user.
static exec::Failure fill(const Context &context, Conversation &conversation) {
  const Settings &settings = context.settings;
  TextLimit limit = contextLimit(context);
  exec::Array<char> text, system;
  if (!settings.messagesFile.data()) {
    if (exec::Failure failure = readPrompt(context, limit, text))
      return failure;
    if (exec::Failure failure = readSystemPrompt(context, system))
      return failure;
    conversation.addUser(text.view());
    return giveSystem(conversation, system.view());
  }
  if (settings.hasPrompt() || settings.systemPrompt.data() ||
      settings.systemPromptFile.data())
    return exec::fail(exec::Usage, "--messages: holds the whole conversation; "
                                   "leave out -p, -f and -sys");
  if (exec::Failure failure =
          readTextFile(settings.messagesFile, largestText, text))
    return failure;
  return readMessages(text.view(), settings.messagesFile, conversation);
}

exec::Failure chat::runPrompt(Context context) {
  exec::Array<int32_t> ids;
  exec::Array<char> text;
  Conversation conversation(context.model);
  if (exec::Failure failure = fill(context, conversation))
    return failure;
  conversation.render(ids, &text);
  Output &out = context.out;
  if (!context.settings.json) {
    out.write(text.view());
    out.write("\n");
    return {};
  }
  out.write("{\"text\": ");
  writeJsonString(out, text.view());
  out.write(", \"ids\": [");
  for (size_t i = 0; i < ids.size(); ++i)
    out.print("%s%d", i ? ", " : "", ids[i]);
  out.write("]}\n");
  return {};
}
