//===- Commands.h - What an emitted program can do ------------------------===//
//
// Each command is one file of its own name. A Failure without a message ends
// the program quietly with its code.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/chat/Model.h"
#include "runtime/chat/Options.h"
#include "runtime/exec/Engine.h"

namespace tritc::chat {

class Conversation;

/// What a command works with. Settings change by /set only.
struct Context {
  const Model &model;
  Settings &settings;
  Output &out;                         ///< standard output
  const TritcProgram *const *programs; ///< all that were compiled, then null
};

/// Chats on a terminal, until Ctrl-D.
base::Failure runRepl(Context context);
/// Answers one prompt: only text on standard output, and a final newline.
base::Failure runComplete(Context context);
/// Answers the prompts of --batch.
base::Failure runBatch(Context context);
base::Failure runBench(Context context);
base::Failure runLogits(Context context);
base::Failure runTokenize(Context context);
/// What a conversation becomes, without computing anything.
base::Failure runPrompt(Context context);
/// The vector of a text, of a model that embeds.
base::Failure runEmbed(Context context);
/// Serves over HTTP until it is told to end.
base::Failure runServe(Context context);
/// Whether the program was linked with what serves.
bool canServe();
base::Failure runPerplexity(Context context);
base::Failure runInfo(Context context);
base::Failure runSelftest(Context context);
/// The notices and licences of all that an executable contains.
base::Failure runLicenses(Context context);

/// Gives `conversation` the text of -sys; Usage where the template has no place
/// for one.
base::Failure giveSystem(Conversation &conversation, std::string_view text);

/// A line on standard error where a chat is not what one would expect.
void noteMissingTemplate(const Model &model);

/// Appends the ids of a text that is no chat: BOS if the tokenizer adds one and
/// --no-bos is not given, special tokens unless --no-parse-special is given.
void encodePlain(const Context &context, std::string_view text,
                 base::Array<int32_t> &ids);

/// The ids of a text whose vector is asked for: in front of it the prompt that
/// the model has for it or --prompt-name names, behind it the end token.
base::Failure encodeForVector(const Context &context, std::string_view text,
                              base::Array<int32_t> &ids);

/// The ids of --ids or, encoded, of the prompt; at least one.
base::Failure readIds(const Context &context, base::Array<int32_t> &ids);

} // namespace tritc::chat
