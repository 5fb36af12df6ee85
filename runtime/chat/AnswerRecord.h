//===- AnswerRecord.h - An answer for other programs ----------------------===//
#pragma once

#include "runtime/chat/Commands.h"
#include "runtime/chat/Session.h"

namespace tritc::chat {

/// An answer with how it came about.
struct AnswerRecord {
  base::Array<char> text;
  base::Array<int32_t> ids;
  size_t promptTokens = 0;
  Ending ending = Ending::Stop;
};

/// Answers `prompt` into `record`. \pre as Session::answer
void answerInto(const Context &context, Session &session,
                std::span<const int32_t> prompt, AnswerRecord &record);

/// Writes the members of a JSON object, without its braces: `text`,
/// `finish_reason` ("stop", "length", "context" or "interrupted"), counts of
/// tokens, times in seconds and, with --logprobs, `logprobs`: `id`, `text` and
/// the natural logarithm of the probability, before sampling, of each token.
void writeAnswer(Output &out, const Context &context, const Session &session,
                 const AnswerRecord &record);

} // namespace tritc::chat
