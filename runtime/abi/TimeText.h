//===- TimeText.h - A time, as Python's strftime on Linux shows it --------===//
//
// Templates are written for Python, which asks glibc; its letters P, k and l,
// its flags and what it makes of mistakes are not the standard's, and no other
// C library has them. Standard strftime is asked for one standard letter at a
// time. (Only %z is not padded, where a flag or a width is given.)
//
//===----------------------------------------------------------------------===//
#pragma once

#include <stddef.h>
#include <string.h>
#include <time.h>

/// What stands between '%' and its letter.
struct TritcTimeSpec {
  char flag = 0; ///< '-', '_' or '0', how to pad; 0: as the letter is
  bool upper = false, changesCase = false;
  size_t width = 0;
  char modifier = 0; ///< 'E' or 'O'
};

static inline bool tritc_is_one_of(char c, const char *list) {
  return c && strchr(list, c);
}

/// Reads from behind the '%' on. \returns the place of the letter
static inline const char *tritc_time_spec(const char *at, TritcTimeSpec &spec) {
  for (; tritc_is_one_of(*at, "-_0^#"); ++at)
    if (*at == '^')
      spec.upper = true;
    else if (*at == '#')
      spec.changesCase = true;
    else
      spec.flag = *at;
  for (; *at >= '0' && *at <= '9'; ++at)
    if (spec.width < 1000)
      spec.width = spec.width * 10 + static_cast<size_t>(*at - '0');
  if (*at == 'E' || *at == 'O')
    spec.modifier = *at++;
  return at;
}

/// Does glibc know it, with that modifier?
static inline bool tritc_is_time_letter(char letter, char modifier) {
  const char *refused = modifier == 'E'   ? "aAbBhdDeFgGHIjklmMSUVwW"
                        : modifier == 'O' ? "aAcDFxXY"
                                          : "";
  return tritc_is_one_of(letter, "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%") &&
         !tritc_is_one_of(letter, refused);
}

/// Standard strftime of a letter that glibc knows. \returns the length, which
/// may be more than the `size` that is there
static inline size_t tritc_standard_time(char *text, size_t size, char letter,
                                         const struct tm &time) {
  constexpr struct {
    char letter, standard;
  } glibcs[] = {{'k', 'H'}, {'l', 'I'}, {'P', 'p'}};
  char format[] = {'%', letter, 0};
  for (auto [own, standard] : glibcs)
    if (letter == own)
      format[1] = standard;
  char shown[64];
  size_t length = strftime(shown, sizeof(shown), format, &time);
  if (length < size)
    memcpy(text, shown, length);
  return length;
}

/// Pads the number that `text` is with `pad`, or takes its padding away.
static inline size_t tritc_pad_number(char *text, size_t length, char pad) {
  size_t zeros = 0;
  while (zeros + 1 < length && (text[zeros] == '0' || text[zeros] == ' '))
    ++zeros;
  if (pad != '-') {
    memset(text, pad, zeros);
    return length;
  }
  memmove(text, text + zeros, length - zeros);
  return length - zeros;
}

static inline void tritc_change_case(char *text, size_t length, char first,
                                     char last) {
  for (size_t i = 0; i < length; ++i)
    if (text[i] >= first && text[i] <= last)
      text[i] = static_cast<char>(text[i] ^ ('a' ^ 'A'));
}

/// What the `bytes` from a '%' to its letter become, in `text` of `size` bytes.
/// \returns its length; `size` where it does not fit
static inline size_t tritc_time_part(char *text, size_t size, const char *part,
                                     size_t bytes, const TritcTimeSpec &spec,
                                     const struct tm &time) {
  char letter = part[bytes - 1];
  bool isKnown = tritc_is_time_letter(letter, spec.modifier);
  bool isNumber = isKnown && tritc_is_one_of(letter, "CdegGHIjklmMsSuUVwWyY");
  char pad = isNumber && !tritc_is_one_of(letter, "ekls") ? '0' : ' ';
  if (spec.flag)
    pad = spec.flag == '_' ? ' ' : spec.flag;
  bool turns = spec.changesCase, lowers = letter == 'P';
  size_t length = bytes;
  if (isKnown) {
    length = tritc_standard_time(text, size, letter, time);
    if (isNumber && length < size)
      length = tritc_pad_number(text, length, pad);
    lowers |= turns && tritc_is_one_of(letter, "pZ");
    turns = turns && tritc_is_one_of(letter, "aAbBh");
  } else if (bytes < size) { // a mistake stays as it was written
    memcpy(text, part, bytes);
    turns = false;
  }
  if (length >= size)
    return size;
  if (lowers)
    tritc_change_case(text, length, 'A', 'Z');
  else if (spec.upper || turns)
    tritc_change_case(text, length, 'a', 'z');
  if (spec.width <= length)
    return length;
  if (spec.width >= size)
    return size;
  memmove(text + spec.width - length, text, length);
  memset(text, pad == '0' ? '0' : ' ', spec.width - length);
  return spec.width;
}

/// Writes `time` as `format` has it, without a null. \returns the length, 0
/// where that is `size` or more
static inline size_t tritc_time_text(char *text, size_t size,
                                     const char *format,
                                     const struct tm &time) {
  size_t used = 0;
  for (const char *at = format; *at && used < size;) {
    if (*at != '%') {
      text[used++] = *at++;
      continue;
    }
    TritcTimeSpec spec;
    const char *letter = tritc_time_spec(at + 1, spec);
    const char *behind = letter + (*letter != 0);
    used += tritc_time_part(text + used, size - used, at,
                            static_cast<size_t>(behind - at), spec, time);
    at = behind;
  }
  return used < size ? used : 0;
}
