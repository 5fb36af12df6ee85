//===- Conversation.cpp - Who said what, as token ids ---------------------===//

#include "runtime/chat/Conversation.h"

using namespace tritc;
using namespace tritc::chat;

void Conversation::setSystem(std::string_view text) {
  systemText.clear();
  systemText.append(text);
}

void Conversation::addUser(std::string_view text) {
  size_t begin = texts.size();
  texts.append(text);
  messages.push({User, begin, texts.size()});
}

void Conversation::addAnswer(std::span<const int32_t> ids) {
  size_t begin = answers.size();
  answers.append(ids);
  messages.push({Assistant, begin, answers.size()});
}

void Conversation::clear() {
  messages.clear();
  texts.clear();
  answers.clear();
}

void Conversation::removeLast() {
  Message last = messages.back();
  if (last.role == Assistant)
    answers.resize(last.begin);
  else
    texts.resize(last.begin);
  messages.pop();
}

/// `text` without ASCII white space at both ends, if the template trims.
static std::string_view trimmed(std::string_view text, bool trims) {
  auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (trims && !text.empty() && isSpace(text.front()))
    text.remove_prefix(1);
  while (trims && !text.empty() && isSpace(text.back()))
    text.remove_suffix(1);
  return text;
}

void Conversation::flush(exec::Array<int32_t> &ids) const {
  model.tokenizer.encode(pending.view(), text::SpecialTokens::AsText, ids,
                         ids.empty() ? text::Place::Start : text::Place::Later);
  pending.clear();
}

void Conversation::renderPiece(TritcSpan span,
                               exec::Array<int32_t> &ids) const {
  std::string_view piece = exec::textAt(model.image, span);
  pieceIds.clear();
  model.tokenizer.encode(piece, text::SpecialTokens::Recognise, pieceIds);
  for (int32_t id : pieceIds) {
    if (!model.tokenizer.isProtected(id))
      continue;
    std::string_view special = model.tokenizer.bytesOf(id);
    auto found = static_cast<const char *>(
        memmem(piece.data(), piece.size(), special.data(), special.size()));
    if (!found)
      continue;
    size_t before = static_cast<size_t>(found - piece.data());
    pending.append(piece.data(), before);
    flush(ids);
    ids.push(id);
    piece.remove_prefix(before + special.size());
  }
  pending.append(piece);
}

void Conversation::renderMessage(Role role, std::string_view content,
                                 std::span<const int32_t> answer,
                                 exec::Array<int32_t> &ids) const {
  const TritcChatTemplate &chat = model.image.chat;
  renderPiece(chat.prefix[role], ids);
  if (role == Assistant) {
    flush(ids);
    ids.append(answer);
  } else {
    pending.append(trimmed(content, chat.trimsContent));
  }
  renderPiece(chat.suffix[role], ids);
}

void Conversation::render(exec::Array<int32_t> &ids) const {
  ids.clear();
  if (!systemText.empty())
    renderMessage(System, systemText.view(), {}, ids);
  else
    renderPiece(model.image.chat.withoutSystem, ids);
  for (const Message &message : messages) {
    auto [role, begin, end] = message;
    if (role == Assistant)
      renderMessage(role, {}, {answers.data() + begin, end - begin}, ids);
    else
      renderMessage(role, {texts.data() + begin, end - begin}, {}, ids);
  }
  renderPiece(model.image.chat.prefix[Assistant], ids);
  flush(ids);

  // Exactly one BOS, even if the template spells one itself.
  int32_t bos = model.tokenizer.bosId();
  bool wantsBos = model.tokenizer.addsBos() || model.image.chat.startsWithBos;
  if (bos < 0 || !wantsBos || (!ids.empty() && ids[0] == bos))
    return;
  ids.push(0);
  memmove(ids.data() + 1, ids.data(), (ids.size() - 1) * sizeof(int32_t));
  ids[0] = bos;
}
