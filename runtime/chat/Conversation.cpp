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

void Conversation::render(exec::Array<int32_t> &ids,
                          exec::Array<char> *text) const {
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
