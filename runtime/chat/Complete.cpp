//===- Complete.cpp - Answer one prompt -----------------------------------===//

#include "runtime/chat/AnswerRecord.h"
#include "runtime/chat/Commands.h"
#include "runtime/chat/Prompt.h"
#include "runtime/chat/Snapshot.h"

using namespace tritc;
using namespace tritc::chat;

/// Whether there is nothing to answer. Templates may trim what they are given.
static bool isBlank(std::string_view text) {
  return text.find_first_not_of(" \t\n\v\f\r") == text.npos;
}

/// Answers `prompt` on `out`, as text or as JSON; appends the tokens to
/// `answer`.
static Ending printAnswer(Context context, Session &session,
                          std::span<const int32_t> prompt,
                          base::Array<int32_t> &answer) {
  const Settings &settings = context.settings;
  Ending ending;
  if (settings.json) {
    AnswerRecord record;
    answerInto(context, session, prompt, record);
    ending = record.ending;
    context.out.write("{");
    writeAnswer(context.out, context, session, record);
    context.out.write("}\n");
    answer.append(record.ids);
  } else {
    AnswerStream stream(context.model.tokenizer, settings.reversePrompts,
                        context.out);
    ending = session.answer(prompt, stream, context.out, answer);
    stream.finish();
    context.out.write("\n");
  }
  return ending;
}

base::Failure chat::runComplete(Context context) {
  const Settings &settings = context.settings;
  if (settings.raw && settings.sessionFile.data())
    return base::fail(base::Usage,
                      "--session: keeps conversations, --raw is none");
  if (base::Failure failure = checkContextSize(context.model, settings))
    return failure;
  base::Array<char> text, system;
  if (base::Failure failure = readPrompt(context, contextLimit(context), text))
    return failure;
  if (base::Failure failure = readSystemPrompt(context, system))
    return failure;
  if (settings.raw ? text.empty() : isBlank(text.view()))
    return base::fail(base::Usage, "the prompt is empty");
  Session session(context.model, settings);
  if (base::Failure failure = session.start())
    return failure;

  Conversation conversation(context.model);
  base::Array<int32_t> prompt, answer;
  if (settings.raw) {
    encodePlain(context, text.view(), prompt);
  } else {
    if (base::Failure failure =
            resume(context, system.view(), conversation, session))
      return failure;
    noteMissingTemplate(context.model);
    conversation.addUser(text.view());
    conversation.render(prompt);
  }
  if (prompt.empty())
    return base::fail(base::Usage, "the prompt has no tokens");
  if (prompt.size() > session.contextSize())
    return base::fail(base::Usage,
                      "the prompt has %zu tokens, the context holds %u",
                      prompt.size(), session.contextSize());

  Ending ending = printAnswer(context, session, prompt, answer);
  context.out.flush();
  if (ending == Ending::ContextFull && !settings.json)
    fprintf(stderr,
            "note: the answer was cut, the context of %u tokens is "
            "full\n",
            session.contextSize());
  if (ending == Ending::Stuck && !settings.json)
    fprintf(stderr, "note: the answer was cut, %s\n", whyStuck);
  if (ending == Ending::Interrupted)
    return base::fail(base::Interrupted, "%s", "");
  conversation.addAnswer(answer);
  return suspend(context, conversation, session);
}
