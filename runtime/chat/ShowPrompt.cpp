//===- ShowPrompt.cpp - What a conversation becomes -----------------------===//

#include "runtime/chat/Conversation.h"
#include "runtime/chat/Messages.h"
#include "runtime/chat/Prompt.h"

using namespace tritc;
using namespace tritc::chat;

/// The whole conversation of --messages, or one message of the user.
static base::Failure fill(const Context &context, Conversation &conversation) {
  const Settings &settings = context.settings;
  TextLimit limit = contextLimit(context);
  base::Array<char> text, system;
  if (!settings.messagesFile.data()) {
    if (base::Failure failure = readPrompt(context, limit, text))
      return failure;
    if (base::Failure failure = readSystemPrompt(context, system))
      return failure;
    conversation.addUser(text.view());
    return giveSystem(conversation, system.view());
  }
  if (settings.hasPrompt() || settings.systemPrompt.data() ||
      settings.systemPromptFile.data())
    return base::fail(base::Usage, "--messages: holds the whole conversation; "
                                   "leave out -p, -f and -sys");
  if (base::Failure failure =
          readTextFile(settings.messagesFile, largestText, text))
    return failure;
  return readMessages(text.view(), settings.messagesFile, conversation);
}

base::Failure chat::runPrompt(Context context) {
  base::Array<int32_t> ids;
  base::Array<char> text;
  Conversation conversation(context.model);
  if (base::Failure failure = fill(context, conversation))
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
