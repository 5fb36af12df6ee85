//===- AnswerRecord.cpp - An answer for other programs --------------------===//

#include "runtime/chat/AnswerRecord.h"

using namespace tritc;
using namespace tritc::chat;

void chat::answerInto(const Context &context, Session &session,
                      std::span<const int32_t> prompt, AnswerRecord &record) {
  record.text.clear();
  record.promptTokens = prompt.size();
  Output memory(record.text);
  AnswerStream stream(context.model.tokenizer, context.settings.reversePrompts,
                      memory);
  record.ending = session.answer(prompt, stream, memory, record.ids);
  stream.finish();
}

static const char *reasonOf(Ending ending) {
  switch (ending) {
  case Ending::Stop:
    return "stop";
  case Ending::Length:
    return "length";
  case Ending::ContextFull:
    return "context";
  case Ending::Stuck:
    return "grammar";
  case Ending::Interrupted:
  case Ending::Failed:
    break;
  }
  return "interrupted";
}

static void writeLogprobs(Output &out, const Context &context,
                          const Session &session,
                          std::span<const int32_t> ids) {
  out.write(", \"logprobs\": [");
  for (size_t i = 0; i < ids.size(); ++i) {
    out.print("%s{\"id\": %d, \"text\": ", i ? ", " : "", ids[i]);
    writeJsonString(out, context.model.tokenizer.bytesOf(ids[i]));
    out.print(", \"logprob\": %.9g}", session.logprobs()[i]);
  }
  out.write("]");
}

void chat::writeAnswer(Output &out, const Context &context,
                       const Session &session, const AnswerRecord &record) {
  const Speed &speed = session.speed();
  out.write("\"text\": ");
  writeJsonString(out, record.text.view());
  out.print(", \"finish_reason\": \"%s\", \"prompt_tokens\": %zu, "
            "\"cached_tokens\": %zu, \"answer_tokens\": %zu",
            reasonOf(record.ending), record.promptTokens, speed.reusedTokens,
            record.ids.size());
  out.print(", \"first_token_seconds\": %.6f, \"answer_seconds\": %.6f, "
            "\"tokens_per_second\": %.2f",
            speed.firstTokenSeconds, speed.answerSeconds,
            tokensPerSecond(speed.answerTokens, speed.answerSeconds));
  out.print(", \"guessed_tokens\": %zu, \"right_guesses\": %zu",
            speed.guessedTokens, speed.rightGuesses);
  if (context.settings.logprobs)
    writeLogprobs(out, context, session, record.ids);
}
