//===- Complete.cpp - Answer one prompt -----------------------------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Conversation.h"
#include "runtime/chat/Prompt.h"
#include "runtime/chat/Session.h"

using namespace tritc;
using namespace tritc::chat;

/// Whether there is nothing to answer. Templates may trim what they are given.
static bool isBlank(std::string_view text) {
  return text.find_first_not_of(" \t\n\v\f\r") == text.npos;
}

static exec::Failure encodePrompt(const Context &context,
                                  exec::Array<int32_t> &ids) {
  exec::Array<char> text, system;
  if (exec::Failure failure = readPrompt(context, contextLimit(context), text))
    return failure;
  if (exec::Failure failure = readSystemPrompt(context, system))
    return failure;
  bool isRaw = context.settings.raw;
  if (isRaw ? text.empty() : isBlank(text.view()))
    return exec::fail(exec::Usage, "the prompt is empty");
  if (isRaw) {
    encodePlain(context, text.view(), ids);
  } else {
    Conversation conversation(context.model);
    if (exec::Failure failure = giveSystem(conversation, system.view()))
      return failure;
    noteMissingTemplate(context.model);
    conversation.addUser(text.view());
    conversation.render(ids);
  }
  if (ids.empty())
    return exec::fail(exec::Usage, "the prompt has no tokens");
  return {};
}

exec::Failure chat::runComplete(Context context) {
  if (exec::Failure failure = checkContextSize(context.model, context.settings))
    return failure;
  exec::Array<int32_t> prompt, answer;
  if (exec::Failure failure = encodePrompt(context, prompt))
    return failure;
  Session session(context.model, context.settings);
  if (exec::Failure failure = session.start())
    return failure;
  if (prompt.size() > session.contextSize())
    return exec::fail(exec::Usage,
                      "the prompt has %zu tokens, the context holds %u",
                      prompt.size(), session.contextSize());

  AnswerStream stream(context.model.tokenizer, context.settings.reversePrompts,
                      context.out);
  Ending ending = session.answer(prompt, stream, context.out, answer);
  context.out.write("\n");
  context.out.flush();
  if (ending == Ending::ContextFull)
    fprintf(stderr,
            "note: the answer was cut, the context of %u tokens is "
            "full\n",
            session.contextSize());
  if (ending == Ending::Interrupted)
    return exec::fail(exec::Interrupted, "%s", "");
  return {};
}
