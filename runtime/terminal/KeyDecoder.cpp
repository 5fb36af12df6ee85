//===- KeyDecoder.cpp - From a terminal's bytes to keys -------------------===//

#include "runtime/terminal/KeyDecoder.h"
#include "runtime/text/Utf8.h"

using namespace tritc;
using namespace tritc::terminal;

static constexpr char escapeByte = '\x1b';
static constexpr std::string_view pasteEnd = "\x1b[201~";

namespace {
/// What a control sequence says: ESC [ first ; second final.
struct Sequence {
  uint32_t first = 0;
  uint32_t second = 0;
  uint32_t third = 0;
  char final = 0;
};
} // namespace

/// ESC [ final and ESC O final.
static constexpr struct {
  char final;
  KeyCode code;
} finals[] = {
    {'A', Up},   {'B', Down}, {'C', Right}, {'D', Left},
    {'H', Home}, {'F', End},  {'M', Enter}, {'Z', BackTab},
    {'a', Up},   {'b', Down}, {'c', Right}, {'d', Left}, // rxvt, Ctrl or Shift
};

/// ESC [ number ~ and, of rxvt, ESC [ number $ or ^ with Shift or Ctrl.
static constexpr struct {
  uint32_t number;
  KeyCode code;
} numbers[] = {
    {1, Home},   {2, Insert},   {3, Delete}, {4, End},
    {5, PageUp}, {6, PageDown}, {7, Home},   {8, End},
};

/// Control characters that have a key of their own, and what others call them.
static uint32_t namedKey(uint32_t point) {
  switch (point) {
  case '\r':
  case '\n':
    return Enter;
  case '\t':
    return Tab;
  case 0x7f:
  case '\b':
    return Backspace;
  case 0x1b:
    return Escape;
  default:
    return point;
  }
}

/// The key of a code point: Ctrl-A is 'a' with Ctrl.
static void setCharacter(Key &key, uint32_t point) {
  key.code = namedKey(point);
  if (key.code >= 0x20)
    return;
  key.control = true;
  // Ctrl-@ to Ctrl-_ are 0 to 31.
  key.code += point >= 1 && point <= 26 ? 0x60 : 0x40;
}

/// Modifiers as xterm numbers them, one more than the sum of their bits.
static void setModifiers(Key &key, uint32_t number) {
  uint32_t bits = number ? number - 1 : 0;
  key.shift |= bits & 1;
  key.alt |= bits >> 1 & 1;
  key.control |= bits >> 2 & 1;
}

static void setKey(Key &key, const Sequence &sequence) {
  // A character with modifiers, in the two ways that terminals spell it.
  if (sequence.final == 'u' ||
      (sequence.final == '~' && sequence.first == 27 && sequence.third)) {
    setCharacter(key, sequence.final == 'u' ? sequence.first : sequence.third);
    return setModifiers(key, sequence.second);
  }
  if (sequence.final == '~' || sequence.final == '^' || sequence.final == '$') {
    for (const auto &[number, code] : numbers)
      if (number == sequence.first)
        key.code = code;
    key.control |= sequence.final == '^';
    return setModifiers(key, sequence.second);
  }
  for (const auto &[final, code] : finals)
    if (final == sequence.final)
      key.code = code;
  setModifiers(key, sequence.second);
}

void KeyDecoder::feed(std::string_view bytes) {
  if (position > 0) {
    size_t left = input.size() - position;
    memmove(input.data(), input.data() + position, left);
    input.resize(left);
    position = 0;
  }
  input.append(bytes);
}

bool KeyDecoder::takeInterrupts() {
  size_t kept = position;
  for (size_t at = position; at < input.size(); ++at)
    if (input[at] != '\3')
      input[kept++] = input[at];
  bool found = kept < input.size();
  input.resize(kept);
  return found;
}

KeyDecoder::Result KeyDecoder::paste(Key &key, bool isAll) {
  std::string_view all = rest();
  size_t from = searched > pasteEnd.size() ? searched - pasteEnd.size() : 0;
  auto found = static_cast<const char *>(memmem(
      all.data() + from, all.size() - from, pasteEnd.data(), pasteEnd.size()));
  if (!found && !isAll) {
    searched = all.size();
    return Result::Incomplete;
  }
  size_t length = found ? static_cast<size_t>(found - all.data()) : all.size();
  key.code = Paste;
  key.text = {all.data(), length};
  position += length + (found ? pasteEnd.size() : 0);
  pasting = false;
  return Result::Key;
}

/// Operating system commands and the like, which a terminal sends in answer to
/// somebody's question: up to BEL or ESC \. They are no keys.
KeyDecoder::Result KeyDecoder::stringSequence(size_t start, bool isAll) {
  std::string_view all = rest();
  for (size_t at = start; at < all.size(); ++at) {
    bool isTwoBytes = all[at] == escapeByte && at + 1 < all.size();
    if (all[at] == '\a' || isTwoBytes) {
      position += at + 1 + isTwoBytes;
      return Result::Key;
    }
  }
  if (!isAll)
    return Result::Incomplete;
  position = input.size();
  return Result::Key;
}

KeyDecoder::Result KeyDecoder::sequence(Key &key, size_t start, bool isAll) {
  std::string_view all = rest();
  size_t at = start;
  if (at < all.size() && all[at] == '[') // a function key of the Linux console
    ++at;
  uint32_t values[3] = {};
  size_t count = 0;
  for (; at < all.size() && all[at] >= 0x20 && all[at] < 0x40; ++at) {
    if (all[at] == ';')
      ++count;
    else if (all[at] >= '0' && all[at] <= '9' && count < 3 &&
             values[count] < 0x110000)
      values[count] = values[count] * 10 + static_cast<uint32_t>(all[at] - '0');
    else if (all[at] == '$')
      break; // rxvt's Shift; elsewhere no final byte
  }
  if (at >= all.size() && !isAll)
    return Result::Incomplete;
  position += std::min(at + 1, all.size());
  if (at >= all.size() || all[start] == '[')
    return Result::Key;
  Sequence found = {values[0], values[1], values[2], all[at]};
  if (found.final == '~' && found.first == 200) {
    pasting = true;
    searched = 0;
    return paste(key, isAll);
  }
  setKey(key, found);
  return Result::Key;
}

KeyDecoder::Result KeyDecoder::escape(Key &key, bool isAll) {
  std::string_view all = rest();
  size_t at = 1;
  // Some terminals spell Alt as a further Escape in front.
  if (all.size() > 2 && all[1] == escapeByte &&
      (all[2] == '[' || all[2] == 'O')) {
    key.alt = true;
    at = 2;
  }
  if (at == all.size() || (all.size() == 2 && all[1] == escapeByte)) {
    if (!isAll)
      return Result::Incomplete;
    ++position;
    key.code = Escape;
    return Result::Key;
  }
  char kind = all[at];
  if ((kind == '[' || kind == 'O') && at + 1 == all.size() && isAll) {
    position += at + 1;
    setCharacter(key, static_cast<unsigned char>(kind));
    key.alt = true;
    return Result::Key;
  }
  if (kind == '[' || kind == 'O')
    return sequence(key, at + 1, isAll);
  if (kind == ']' || kind == 'P' || kind == '_' || kind == '^')
    return stringSequence(at + 1, isAll);
  text::CodePoint point = text::decodeUtf8(all, at);
  if (point.cutOff && !isAll)
    return Result::Incomplete;
  position += at + point.length;
  setCharacter(key, point.value);
  key.alt = true;
  return Result::Key;
}

/// A control character, or all printable ones that follow.
KeyDecoder::Result KeyDecoder::character(Key &key, bool isAll) {
  std::string_view all = rest();
  size_t length = 0;
  while (length < all.size()) {
    auto byte = static_cast<unsigned char>(all[length]);
    if (byte < 0x20 || byte == 0x7f)
      break;
    text::CodePoint point = text::decodeUtf8(all, length);
    if (point.cutOff && !isAll)
      break;
    length += point.length;
  }
  if (length > 0) {
    key.code = Text;
    key.text = {all.data(), length};
    position += length;
    return Result::Key;
  }
  auto byte = static_cast<unsigned char>(all[0]);
  if (byte >= 0x80)
    return Result::Incomplete;
  ++position;
  setCharacter(key, byte);
  return Result::Key;
}

KeyDecoder::Result KeyDecoder::next(Key &key, bool isAll) {
  key = Key();
  if (pasting)
    return paste(key, isAll);
  if (isEmpty())
    return Result::Empty;
  if (input[position] == escapeByte)
    return escape(key, isAll);
  return character(key, isAll);
}
