//===- Chats.cpp - Conversations ------------------------------------------===//

#include "runtime/library/Answers.h"

using namespace tritc;
using namespace tritc::library;

/// The last answer is a chat's own, and a message of a user waits for one.
static base::Failure checkTurn(const tritc_chat &chat, TRITC_ROLE role) {
  const chat::Conversation &said = chat.conversation;
  bool isUsersTurn = said.isEmpty() || said.endsWithAnswer();
  switch (role) {
  case TRITC_SYSTEM:
    if (!said.isEmpty())
      return base::fail(base::Usage, "the system message comes first");
    if (!said.takesSystem())
      return base::fail(base::Usage, "the chat template of this model has no "
                                     "place for a system message");
    return {};
  case TRITC_USER:
    if (!isUsersTurn)
      return base::fail(base::Usage, "the last message has no answer yet");
    return {};
  case TRITC_ASSISTANT:
    if (isUsersTurn)
      return base::fail(base::Usage, "an answer follows a user's message");
    return {};
  }
  return base::fail(base::Usage, "a role that is not known: %d",
                    static_cast<int>(role));
}

extern "C" {

tritc_chat *tritc_chat_new(tritc_model *model) {
  return base::create<tritc_chat>(*model);
}

void tritc_chat_free(tritc_chat *chat) { base::destroy(chat); }

tritc_chat *tritc_chat_fork(const tritc_chat *chat) {
  base::Array<char> bytes;
  chat->conversation.write(bytes);
  tritc_chat *other = tritc_chat_new(&chat->model);
  other->conversation.read(bytes.view());
  return other;
}

int tritc_chat_say(tritc_chat *chat, TRITC_ROLE role, const char *text,
                   size_t bytes, tritc_error *error) {
  if (chat->model.model.embeds())
    return report(TRITC_USAGE, "this model makes vectors, it writes no text",
                  error);
  if (base::Failure failure = checkTurn(*chat, role))
    return report(failure, error);
  std::string_view said(text, bytes);
  switch (role) {
  case TRITC_SYSTEM:
    chat->conversation.giveSystem(said);
    break;
  case TRITC_USER:
    chat->conversation.addUser(said);
    break;
  case TRITC_ASSISTANT:
    chat->conversation.addAnswer(said);
    break;
  }
  return TRITC_OK;
}

int tritc_chat_answer(tritc_chat *chat, const tritc_sampling *sampling,
                      tritc_on_token on_token, void *context,
                      tritc_result *result, tritc_error *error) {
  if (chat->conversation.isEmpty() || chat->conversation.endsWithAnswer())
    return report(TRITC_USAGE, "there is no message to answer", error);
  chat->job = beginMark;
  base::Array<int32_t> ids, said;
  chat->conversation.render(ids);
  int status = answer(chat->model, ids,
                      {.sampling = sampling,
                       .onToken = on_token,
                       .context = context,
                       .result = result,
                       .said = &said,
                       .job = &chat->job},
                      error);
  chat->job = 0;
  if (status == TRITC_OK || status == TRITC_STOPPED)
    chat->conversation.addAnswer(said);
  return status;
}

void tritc_chat_stop(tritc_chat *chat) {
  uint64_t job = chat->job;
  while (job != 0 && job != stopMark)
    if (chat->job.compare_exchange_weak(job, stopMark)) {
      if (job != beginMark)
        chat->model.scheduler.cancel(job);
      return;
    }
}

int tritc_chat_undo(tritc_chat *chat) {
  if (chat->conversation.isEmpty())
    return 0;
  chat->conversation.removeLast();
  return 1;
}

size_t tritc_chat_tokens(const tritc_chat *chat) {
  base::Array<int32_t> ids;
  chat->conversation.render(ids);
  return ids.size();
}

int tritc_chat_save(const tritc_chat *chat, void *bytes, size_t room,
                    size_t *size, tritc_error *) {
  base::Array<char> all;
  chat->conversation.write(all);
  return fill<char>(all, static_cast<char *>(bytes), room, size);
}

int tritc_chat_load(tritc_model *model, const void *bytes, size_t size,
                    tritc_chat **chat, tritc_error *error) {
  base::Owned<tritc_chat> made(tritc_chat_new(model));
  if (!made->conversation.read({static_cast<const char *>(bytes), size}))
    return report(TRITC_USAGE, "no conversation of this model", error);
  *chat = made.release();
  return TRITC_OK;
}

} // extern "C"
