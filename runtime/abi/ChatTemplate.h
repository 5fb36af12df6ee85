//===- ChatTemplate.h - How a conversation becomes text -------------------===//
//
// A chat template reduced to what does not depend on what is said: literal
// pieces between the contents, and how the contents are stripped. The compiler
// proves on probe conversations that the reduction does what the template does;
// the runtime renders with it. Both walk through a conversation with the one
// function below, so that the rule exists once.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/abi/TimeText.h"

/// The characters that Python's str.strip() takes away. Bit i of a set of
/// TritcTrim is tritc_spaces[i].
inline constexpr uint16_t tritc_spaces[] = {
    '\t',   '\n',   '\v',   '\f',   '\r',   ' ',    0x1c,   0x1d,
    0x1e,   0x1f,   0x85,   0xa0,   0x1680, 0x2000, 0x2001, 0x2002,
    0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
    0x2028, 0x2029, 0x202f, 0x205f, 0x3000};
#define TRITC_SPACES 29u
#define TRITC_ALL_SPACES ((1u << TRITC_SPACES) - 1)

/// In a piece: between two of these stands a format of strftime. No byte of
/// UTF-8.
#define TRITC_TIME_MARK '\xff'
/// Longest format, and longest text that one makes.
#define TRITC_TIME_LIMIT 64u

enum TritcChatRole : uint32_t { TritcSystem, TritcUser, TritcAssistant };

/// Calls `onPiece(piece)` and `onContent(TritcChatRole, uint32_t index, const
/// TritcTrim &)` for all that a conversation is made of, in order; `index`
/// counts the messages of that role. There are `users` messages of a user, at
/// least one, and an answer to each but the last. `Chat` is a
/// TritcChatTemplate, whatever its pieces are made of.
template <typename Chat, typename OnPiece, typename OnContent>
void tritc_walk_chat(const Chat &chat, bool hasSystem, uint32_t users,
                     OnPiece &&onPiece, OnContent &&onContent) {
  const auto &pieces = chat.turns[hasSystem].pieces;
  const TritcChatTrims &trims = chat.turns[hasSystem].trims;
  uint32_t systemAt = chat.rules.systemIsLast ? users - 1 : 0;
  onPiece(pieces[TRITC_CHAT_OPEN]);
  for (uint32_t i = 0; i < users; ++i) {
    if (hasSystem && i == systemAt) {
      onContent(TritcSystem, 0u, trims.system);
      onPiece(pieces[TRITC_CHAT_AFTER_SYSTEM]);
    }
    onContent(TritcUser, i, i == 0 ? trims.firstUser : trims.laterUser);
    if (i + 1 == users)
      break;
    onPiece(pieces[i == 0 ? TRITC_CHAT_TO_ANSWER : TRITC_CHAT_TO_ANSWER_LATER]);
    onContent(TritcAssistant, i, trims.answer);
    onPiece(
        pieces[i + 2 == users ? TRITC_CHAT_TO_LAST_USER : TRITC_CHAT_TO_USER]);
  }
  onPiece(pieces[users == 1 ? TRITC_CHAT_PROMPT : TRITC_CHAT_PROMPT_LATER]);
}

/// Whether a conversation counts as one with a system message, of `bytes` bytes
/// of which stripping all white space leaves `visible`.
static inline bool tritc_has_system(const TritcChatRules &rules, bool isThere,
                                    uint64_t bytes, uint64_t visible) {
  return isThere && !(bytes == 0 && rules.emptyIsNone) &&
         !(bytes != 0 && visible == 0 && rules.blankIsNone);
}

/// Length of the character of the set `spaces` at `text`, 0 if there is none.
/// `limit` bytes may be read.
static inline uint32_t tritc_space_at(const char *text, uint64_t limit,
                                      uint32_t spaces) {
  for (uint32_t i = 0; i < TRITC_SPACES; ++i) {
    uint32_t c = tritc_spaces[i];
    char bytes[3] = {(char)c, 0, 0};
    uint32_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    if (length == 2) {
      bytes[0] = (char)(0xc0 | c >> 6);
      bytes[1] = (char)(0x80 | (c & 0x3f));
    } else if (length == 3) {
      bytes[0] = (char)(0xe0 | c >> 12);
      bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
      bytes[2] = (char)(0x80 | (c & 0x3f));
    }
    if ((spaces >> i & 1) && length <= limit &&
        memcmp(text, bytes, length) == 0)
      return length;
  }
  return 0;
}

/// Narrows [*begin, *end) of `text` to what stripping leaves.
static inline void tritc_strip(const char *text, uint64_t *begin, uint64_t *end,
                               uint32_t leading, uint32_t trailing) {
  while (leading) {
    uint32_t length = tritc_space_at(text + *begin, *end - *begin, leading);
    if (length == 0)
      break;
    *begin += length;
  }
  while (trailing && *begin < *end) {
    uint64_t start = *end - 1;
    while (start > *begin && ((unsigned char)text[start] & 0xc0) == 0x80)
      --start;
    if (tritc_space_at(text + start, *end - start, trailing) != *end - start)
      break;
    *end = start;
  }
}

/// Narrows [*begin, *end) of an answer to what is behind the last `marker` in
/// it. \returns whether there was one
static inline bool tritc_cut(const char *text, uint64_t *begin, uint64_t end,
                             const char *marker, uint64_t length) {
  for (uint64_t at = end; length > 0 && at >= *begin + length; --at)
    if (memcmp(text + at - length, marker, length) == 0) {
      *begin = at;
      return true;
    }
  return false;
}

/// Calls `append(const char *, uint64_t)` with the text of a piece, in which
/// the times are those of `now`.
template <typename Append>
void tritc_expand_times(const char *piece, uint64_t bytes, const struct tm &now,
                        Append &&append) {
  while (bytes > 0) {
    auto mark = (const char *)memchr(piece, TRITC_TIME_MARK, bytes);
    uint64_t before = mark ? (uint64_t)(mark - piece) : bytes;
    append(piece, before);
    if (!mark)
      return;
    piece += before + 1;
    bytes -= before + 1;
    auto close = (const char *)memchr(piece, TRITC_TIME_MARK, bytes);
    uint64_t length = close ? (uint64_t)(close - piece) : bytes;
    char format[TRITC_TIME_LIMIT + 1] = "", shown[TRITC_TIME_LIMIT + 1];
    memcpy(format, piece, length <= TRITC_TIME_LIMIT ? length : 0);
    append(shown, tritc_time_text(shown, sizeof(shown), format, now));
    piece += length + (close != nullptr);
    bytes -= length + (close != nullptr);
  }
}
