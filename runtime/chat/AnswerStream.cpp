//===- AnswerStream.cpp - Tokens to text as they come ---------------------===//

#include "runtime/chat/AnswerStream.h"

using namespace tritc;
using namespace tritc::chat;

/// Where in `text` the earliest reverse prompt starts that is there whole, or
/// whose beginning ends the text; text.size() if there is neither.
static size_t firstMatch(std::string_view text, const TextList &prompts,
                         bool &isWhole) {
  isWhole = false;
  for (size_t start = 0; start < text.size(); ++start) {
    std::string_view rest(text.data() + start, text.size() - start);
    bool mayBecome = false;
    for (size_t i = 0; i < prompts.count; ++i) {
      isWhole |= rest.starts_with(prompts.items[i]);
      mayBecome |= prompts.items[i].starts_with(rest);
    }
    if (isWhole || mayBecome)
      return start;
  }
  return text.size();
}

void AnswerStream::write(std::string_view text) {
  if (isShown)
    writeShown(out, text);
  else
    out.write(text);
}

void AnswerStream::take(std::string_view text) {
  if (isOver)
    return;
  if (reversePrompts.count == 0)
    return write(text);
  held.append(text);
  size_t certain = firstMatch(held.view(), reversePrompts, isOver);
  write({held.data(), certain});
  memmove(held.data(), held.data() + certain, held.size() - certain);
  held.resize(held.size() - certain);
}

bool AnswerStream::add(int32_t id) {
  if (keepsSpecial || !tokenizer.isSpecial(id))
    take(characters.push(tokenizer.bytesOf(id)));
  out.flush();
  return !isOver;
}

void AnswerStream::finish() {
  take(characters.flush());
  if (!isOver)
    write(held.view());
  held.clear();
  out.flush();
}
