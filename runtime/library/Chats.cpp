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

/// What changes a chat waits until its answer is written.
static int checkIdle(const tritc_chat *chat, tritc_error *error) {
  if (int status = check({{"chat", isValid(chat)}}, error))
    return status;
  if (!chat->bell.isIdle())
    return report(TRITC_USAGE, "this chat is writing an answer", error);
  return TRITC_OK;
}

extern "C" {

tritc_chat *tritc_chat_new(tritc_model *model) {
  return isValid(model) ? base::create<tritc_chat>(*model) : nullptr;
}

void tritc_chat_free(tritc_chat *chat) {
  if (!isValid(chat) || chat->isFreed.exchange(true))
    return;
  chat->bell.stop();
  Held<tritc_chat>::release(chat);
}

tritc_model *tritc_chat_model(const tritc_chat *chat) {
  return isValid(chat) ? &chat->model : nullptr;
}

tritc_chat *tritc_chat_fork(const tritc_chat *chat) {
  if (!isValid(chat))
    return nullptr;
  base::Array<char> bytes;
  chat->conversation.write(bytes);
  tritc_chat *other = base::create<tritc_chat>(chat->model);
  other->conversation.read(bytes.view());
  return other;
}

int tritc_chat_say(tritc_chat *chat, TRITC_ROLE role, const char *text,
                   size_t bytes, tritc_error *error) {
  if (int status = checkIdle(chat, error))
    return status;
  if (int status = check({pointer("text", text, bytes)}, error))
    return status;
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
  if (int status = checkIdle(chat, error))
    return status;
  if (chat->conversation.isEmpty() || chat->conversation.endsWithAnswer())
    return report(TRITC_USAGE, "there is no message to answer", error);
  if (!chat->bell.begin()) // of two threads at once
    return checkIdle(chat, error);
  Held held(*chat);
  base::Array<int32_t> ids, said;
  chat->conversation.render(ids);
  int status = answer(chat->model, ids,
                      {.sampling = sampling,
                       .onToken = on_token,
                       .context = context,
                       .result = result,
                       .said = &said},
                      chat->bell, error);
  if (status == TRITC_OK || status == TRITC_STOPPED)
    chat->conversation.addAnswer(said);
  chat->bell.end();
  return status;
}

void tritc_chat_stop(tritc_chat *chat) {
  if (isValid(chat))
    chat->bell.stop();
}

int tritc_chat_undo(tritc_chat *chat) {
  if (checkIdle(chat, nullptr) || chat->conversation.isEmpty())
    return 0;
  chat->conversation.removeLast();
  return 1;
}

size_t tritc_chat_tokens(const tritc_chat *chat) {
  base::Array<int32_t> ids;
  if (isValid(chat))
    chat->conversation.render(ids);
  return ids.size();
}

int tritc_chat_save(const tritc_chat *chat, void *bytes, size_t room,
                    size_t *size, tritc_error *error) {
  if (int status = check(
          {{"chat", isValid(chat)}, pointer("bytes", bytes, room)}, error))
    return status;
  base::Array<char> all;
  chat->conversation.write(all);
  return fill<char>(all, static_cast<char *>(bytes), room, size);
}

int tritc_chat_load(tritc_model *model, const void *bytes, size_t size,
                    tritc_chat **chat, tritc_error *error) {
  if (int status = check({{"model", isValid(model)},
                          pointer("bytes", bytes, size),
                          pointer("chat", chat)},
                         error))
    return status;
  base::Owned<tritc_chat> made(tritc_chat_new(model));
  if (!made->conversation.read({static_cast<const char *>(bytes), size}))
    return report(TRITC_USAGE, "no conversation of this model", error);
  *chat = made.release();
  return TRITC_OK;
}

} // extern "C"
