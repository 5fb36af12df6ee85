//===- ChatText.cpp - A conversation as ids, piece by piece ---------------===//

#include "runtime/chat/ChatText.h"

#include "runtime/text/Utf8.h"

using namespace tritc;
using namespace tritc::chat;

ChatText::ChatText(const Model &model) : model(model) {
  time_t seconds = time(nullptr);
  if (!localtime_r(&seconds, &now))
    now = {};
}

void ChatText::begin(base::Array<int32_t> &toIds, base::Array<char> *toText) {
  ids = &toIds;
  text = toText;
  ids->clear();
  pending.clear();
  swallowsSpace = false;
  if (text)
    text->clear();
}

void ChatText::flush() {
  model.tokenizer.encode(pending.view(), text::SpecialTokens::AsText, *ids,
                         ids->empty() ? text::Place::Start
                                      : text::Place::Later);
  pending.clear();
}

void ChatText::pushId(int32_t id) {
  flush();
  ids->push(id);
  swallowsSpace = false;
}

void ChatText::append(std::string_view added) {
  while (swallowsSpace && !added.empty()) {
    text::CodePoint first = text::decodeUtf8(added, 0);
    swallowsSpace = model.tokenizer.isSpace(first.value);
    if (swallowsSpace)
      added.remove_prefix(first.length);
  }
  pending.append(added);
}

/// Cuts white space off the end of `text`.
static void stripEnd(base::Array<char> &text, uint32_t spaces) {
  uint64_t begin = 0, end = text.size();
  tritc_strip(text.data(), &begin, &end, 0, spaces);
  text.resize(end);
}

void ChatText::literal(std::string_view piece) {
  model.tokenizer.split(piece, steps);
  for (const text::PieceStep &step : steps) {
    append(step.text);
    if (step.id < 0)
      continue;
    if (step.stripsLeft) // White_Space lacks U+001C to U+001F
      stripEnd(pending, TRITC_ALL_SPACES & ~0x3c0u);
    pushId(step.id);
    swallowsSpace = step.stripsRight;
  }
}

void ChatText::piece(TritcSpan span) {
  expanded.clear();
  std::string_view piece = exec::textAt(model.image, span);
  tritc_expand_times(piece.data(), piece.size(), now,
                     [&](const char *bytes, uint64_t count) {
                       expanded.append(bytes, count);
                     });
  literal(expanded.view());
  if (text)
    text->append(expanded.view());
}

void ChatText::content(std::string_view content, const TritcTrim &trim) {
  uint64_t begin = 0, end = content.size();
  tritc_strip(content.data(), &begin, &end, trim.leading, trim.trailing);
  if (begin == end && trim.reachesBack) {
    stripEnd(pending, trim.trailing);
    if (text)
      stripEnd(*text, trim.trailing);
  }
  std::string_view left(content.data() + begin, end - begin);
  append(left);
  if (text)
    text->append(left);
}

void ChatText::answer(std::span<const int32_t> answerIds,
                      std::string_view bytes, uint64_t begin, uint64_t end) {
  auto part = [&](uint64_t from, uint64_t to) {
    return std::string_view(bytes.data() + from, to - from);
  };
  if (text)
    text->append(part(begin, end));
  // Past the tokens in front, and through the one that `begin` cuts.
  size_t first = 0;
  uint64_t at = 0;
  while (first < answerIds.size() && at < begin)
    at += model.tokenizer.bytesOf(answerIds[first++]).size();
  if (at > begin)
    append(part(begin, at < end ? at : end));
  if (at >= end)
    return;
  flush();
  swallowsSpace = false;
  for (; first < answerIds.size(); ++first) {
    uint64_t next = at + model.tokenizer.bytesOf(answerIds[first]).size();
    if (next > end)
      break;
    ids->push(answerIds[first]);
    at = next;
  }
  append(part(at, end));
}

void ChatText::end() {
  flush();
  // Exactly one BOS, even if the template spells one itself.
  const TritcChatRules &rules = model.image.chat.rules;
  int32_t bos = model.tokenizer.bosId();
  if (rules.addsBos && text && bos >= 0) {
    std::string_view spelling = model.tokenizer.bytesOf(bos);
    size_t behind = text->size();
    text->append(spelling);
    memmove(text->data() + spelling.size(), text->data(), behind);
    memcpy(text->data(), spelling.data(), spelling.size());
  }
  bool wantsBos = model.tokenizer.addsBos() || rules.addsBos;
  if (bos < 0 || !wantsBos || (!ids->empty() && (*ids)[0] == bos))
    return;
  ids->push(0);
  memmove(ids->data() + 1, ids->data(), (ids->size() - 1) * sizeof(int32_t));
  (*ids)[0] = bos;
}
