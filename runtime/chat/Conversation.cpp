//===- Conversation.cpp - Who said what, as token ids ---------------------===//

#include "runtime/chat/Conversation.h"

using namespace tritc;
using namespace tritc::chat;

void Conversation::setSystem(std::string_view text) {
  giveSystem(text);
  hasSystem = !text.empty();
}

void Conversation::giveSystem(std::string_view text) {
  hasSystem = true;
  systemText.clear();
  systemText.append(text);
}

void Conversation::add(TritcChatRole role, std::string_view text) {
  size_t begin = texts.size();
  texts.append(text);
  messages.push({role, false, begin, texts.size()});
}

void Conversation::addUser(std::string_view text) { add(TritcUser, text); }

void Conversation::addAnswer(std::string_view text) {
  add(TritcAssistant, text);
}

void Conversation::addAnswer(std::span<const int32_t> ids) {
  size_t begin = answers.size();
  answers.append(ids);
  messages.push({TritcAssistant, true, begin, answers.size()});
}

void Conversation::clear() {
  messages.clear();
  texts.clear();
  answers.clear();
}

void Conversation::removeLast() {
  Message last = messages.back();
  if (last.isIds)
    answers.resize(last.begin);
  else
    texts.resize(last.begin);
  messages.pop();
}

/// All but the last answer, or all, lose what the template cuts off; what is
/// left is stripped.
void Conversation::renderAnswer(const Message &message,
                                const TritcChatTrims &trims) const {
  std::string_view bytes(texts.data() + message.begin,
                         message.end - message.begin);
  std::span<const int32_t> ids;
  if (message.isIds) {
    ids = {answers.data() + message.begin, message.end - message.begin};
    spelled.clear();
    for (int32_t id : ids)
      spelled.append(model.tokenizer.bytesOf(id));
    bytes = spelled.view();
  }
  uint64_t begin = 0, end = bytes.size();
  std::string_view marker =
      exec::textAt(model.image, model.image.chat.cutAfter);
  bool isSpared =
      model.image.chat.rules.sparesLast && &message + 2 == messages.end();
  bool isCut = !isSpared && tritc_cut(bytes.data(), &begin, end, marker.data(),
                                      marker.size());
  const TritcTrim &rule = isCut ? trims.cutAnswer : trims.answer;
  if (!message.isIds)
    return writer.content({bytes.data() + begin, end - begin}, rule);
  tritc_strip(bytes.data(), &begin, &end, rule.leading, rule.trailing);
  writer.answer(ids, bytes, begin, end);
}

void Conversation::render(base::Array<int32_t> &ids,
                          base::Array<char> *text) const {
  const TritcChatTemplate &chat = model.image.chat;
  writer.begin(ids, text);
  uint32_t users = static_cast<uint32_t>(messages.size() + 1) / 2;
  if (users == 0)
    return;
  uint64_t begin = 0, end = systemText.size();
  tritc_strip(systemText.data(), &begin, &end, TRITC_ALL_SPACES, 0);
  bool isThere =
      tritc_has_system(chat.rules, hasSystem, systemText.size(), end - begin);
  tritc_walk_chat(
      chat, isThere, users, [&](TritcSpan piece) { writer.piece(piece); },
      [&](TritcChatRole role, uint32_t index, const TritcTrim &trim) {
        if (role == TritcSystem)
          return writer.content(systemText.view(), trim);
        const Message &message =
            messages[2 * index + (role == TritcAssistant ? 1 : 0)];
        if (role == TritcAssistant)
          return renderAnswer(message, chat.turns[isThere].trims);
        writer.content(
            {texts.data() + message.begin, message.end - message.begin}, trim);
      });
  writer.end();
}

void Conversation::forget(size_t first, size_t count) {
  // All is written anew: turns are forgotten once in a long while.
  base::Array<Message> oldMessages = std::move(messages);
  base::Array<char> oldTexts = std::move(texts);
  base::Array<int32_t> oldAnswers = std::move(answers);
  for (size_t i = 0; i < oldMessages.size(); ++i) {
    const Message &message = oldMessages[i];
    if (i >= 2 * first && i < 2 * (first + count))
      continue;
    size_t length = message.end - message.begin;
    if (message.isIds)
      addAnswer(
          std::span<const int32_t>(oldAnswers.data() + message.begin, length));
    else
      add(message.role, {oldTexts.data() + message.begin, length});
  }
}

std::string_view Conversation::textOf(const Message &message) const {
  if (!message.isIds)
    return {texts.data() + message.begin, message.end - message.begin};
  spelled.clear();
  for (size_t i = message.begin; i < message.end; ++i)
    if (!model.tokenizer.isSpecial(answers[i]))
      spelled.append(model.tokenizer.bytesOf(answers[i]));
  return spelled.view();
}

//===----------------------------------------------------------------------===//
// In a file
//===----------------------------------------------------------------------===//

namespace {
/// In front of the bytes of each message, the system message first.
struct StoredMessage {
  uint32_t role;
  uint32_t isIds; ///< the bytes are ids, int32_t
  uint64_t bytes;
};
} // namespace

void Conversation::write(base::Array<char> &bytes) const {
  auto put = [&](StoredMessage stored, const void *data) {
    bytes.append(reinterpret_cast<const char *>(&stored), sizeof(stored));
    bytes.append(static_cast<const char *>(data), stored.bytes);
  };
  if (hasSystem)
    put({TritcSystem, 0, systemText.size()}, systemText.data());
  for (const Message &message : messages) {
    uint64_t length = message.end - message.begin;
    if (message.isIds)
      put({message.role, 1, length * sizeof(int32_t)},
          answers.data() + message.begin);
    else
      put({message.role, 0, length}, texts.data() + message.begin);
  }
}

bool Conversation::readMessage(uint32_t role, bool isIds,
                               std::string_view bytes) {
  bool awaitsUser = isEmpty() || endsWithAnswer();
  if (role == TritcSystem && !isIds && isEmpty() && !hasSystem &&
      takesSystem()) {
    giveSystem(bytes);
    return true;
  }
  if (role == TritcUser && !isIds && awaitsUser) {
    addUser(bytes);
    return true;
  }
  if (role != TritcAssistant || awaitsUser)
    return false;
  if (!isIds) {
    addAnswer(bytes);
    return true;
  }
  base::Array<int32_t> ids;
  ids.resize(bytes.size() / sizeof(int32_t));
  if (!ids.empty())
    memcpy(ids.data(), bytes.data(), ids.size() * sizeof(int32_t));
  for (int32_t id : ids)
    if (id < 0 || static_cast<uint32_t>(id) >= model.image.vocabSize)
      return false;
  addAnswer(ids);
  return bytes.size() % sizeof(int32_t) == 0;
}

bool Conversation::read(std::string_view bytes) {
  Conversation made(model);
  while (!bytes.empty()) {
    StoredMessage stored;
    if (bytes.size() < sizeof(stored))
      return false;
    memcpy(&stored, bytes.data(), sizeof(stored));
    bytes.remove_prefix(sizeof(stored));
    if (stored.bytes > bytes.size() ||
        !made.readMessage(stored.role, stored.isIds == 1,
                          {bytes.data(), stored.bytes}))
      return false;
    bytes.remove_prefix(stored.bytes);
  }
  hasSystem = made.hasSystem;
  systemText = std::move(made.systemText);
  messages = std::move(made.messages);
  texts = std::move(made.texts);
  answers = std::move(made.answers);
  return true;
}
