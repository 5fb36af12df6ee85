//===- AnswerStream.h - Tokens to text as they come -----------------------===//
#pragma once

#include "runtime/chat/Options.h"
#include "runtime/chat/Output.h"
#include "runtime/text/Tokenizer.h"
#include "runtime/text/Utf8Stream.h"

namespace tritc::chat {

/// Writes an answer token by token: whole characters only, special tokens left
/// out unless they are asked for, and nothing of a reverse prompt, for which
/// text that may become one is held back. On a terminal, nothing in an answer
/// acts on it.
class AnswerStream {
public:
  AnswerStream(const text::Tokenizer &tokenizer, const TextList &reversePrompts,
               Output &out, bool keepsSpecial = false)
      : tokenizer(tokenizer), reversePrompts(reversePrompts), out(out),
        keepsSpecial(keepsSpecial), isShown(out.isTerminal()) {}

  /// \returns false once a reverse prompt was reached; the answer ends there.
  bool add(int32_t id);
  /// Writes what was held back. Call once, at the end.
  void finish();

private:
  void take(std::string_view text);
  void write(std::string_view text);

  const text::Tokenizer &tokenizer;
  const TextList &reversePrompts;
  Output &out;
  const bool keepsSpecial;
  text::Utf8Stream characters;
  base::Array<char> held;
  bool isShown;
  bool isOver = false;
};

} // namespace tritc::chat
