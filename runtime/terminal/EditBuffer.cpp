//===- EditBuffer.cpp - A text with a cursor ------------------------------===//

#include "runtime/terminal/EditBuffer.h"
#include "runtime/terminal/Characters.h"
#include "runtime/text/Utf8.h"

#include <algorithm>
#include <utility>

using namespace tritc;
using namespace tritc::terminal;

/// Bytes of removed text that can be brought back.
static constexpr size_t mostRemoved = size_t{4} << 20;

void terminal::appendClean(std::string_view text, base::Array<char> &out) {
  for (size_t at = 0; at < text.size();) {
    text::CodePoint point = text::decodeUtf8(text, at);
    bool endsLine = text[at] == '\r' || text[at] == '\n';
    bool isPair =
        text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    if (endsLine)
      out.push('\n');
    else if (!point.wellFormed)
      out.append(text::replacementBytes);
    else if (point.value == '\t' || !isControl(point.value))
      out.append(text.data() + at, point.length);
    at += point.length + isPair;
  }
}

void EditBuffer::reset() {
  bytes.clear();
  changes.clear();
  removed.clear();
  at = 0;
}

/// Replaces [begin, end) and moves behind what stands there now.
void EditBuffer::splice(size_t begin, size_t end, std::string_view text) {
  size_t tail = bytes.size() - end;
  size_t size = begin + text.size() + tail;
  bytes.reserve(size);
  memmove(bytes.data() + begin + text.size(), bytes.data() + end, tail);
  if (!text.empty())
    memcpy(bytes.data() + begin, text.data(), text.size());
  bytes.clear();
  bytes.adopt(size);
  at = begin + text.size();
}

/// A splice that undo() takes back.
void EditBuffer::change(size_t begin, size_t end, std::string_view text) {
  if (begin == end && text.empty())
    return;
  if (removed.size() > mostRemoved) {
    changes.clear();
    removed.clear();
  }
  constexpr size_t typedBytes = 4; // one character
  bool goesOn = begin == end && begin == at && text.size() <= typedBytes &&
                !changes.empty() && changes.back().removedBytes == 0 &&
                changes.back().position + changes.back().inserted == begin;
  if (goesOn)
    changes.back().inserted += text.size();
  else
    changes.push({begin, text.size(), removed.size(), end - begin, at});
  removed.append(bytes.data() + begin, end - begin);
  splice(begin, end, text);
}

void EditBuffer::undo() {
  if (changes.empty())
    return;
  Change last = changes.back();
  changes.pop();
  splice(last.position, last.position + last.inserted,
         {removed.data() + last.removedAt, last.removedBytes});
  removed.resize(last.removedAt);
  at = last.cursorBefore;
}

void EditBuffer::replace(size_t begin, size_t end, std::string_view text) {
  cleaned.clear();
  appendClean(text, cleaned);
  change(begin, end, cleaned.view());
}

void EditBuffer::assign(std::string_view text) {
  replace(0, bytes.size(), text);
}

void EditBuffer::insert(std::string_view text) { replace(at, at, text); }

size_t EditBuffer::left() const {
  return at == 0 ? 0 : clusterBefore(text(), at);
}

size_t EditBuffer::right() const {
  return at == bytes.size() ? at : at + clusterAt(text(), at).bytes;
}

size_t EditBuffer::lineStart() const {
  size_t start = at;
  while (start > 0 && bytes[start - 1] != '\n')
    --start;
  return start;
}

size_t EditBuffer::lineEnd() const {
  size_t end = at;
  while (end < bytes.size() && bytes[end] != '\n')
    ++end;
  return end;
}

/// Goes back over what is not `inside`, then over what is.
template <typename Inside>
static size_t backOver(std::string_view text, size_t at, Inside &&inside) {
  for (bool wanted : {false, true})
    while (at > 0) {
      size_t before = clusterBefore(text, at);
      if (inside(before) != wanted)
        break;
      at = before;
    }
  return at;
}

size_t EditBuffer::wordLeft() const {
  return backOver(text(), at,
                  [&](size_t before) { return isInWord(text(), before); });
}

size_t EditBuffer::blankLeft() const {
  return backOver(text(), at, [&](size_t before) {
    return !strchr(" \t\n", bytes[before]);
  });
}

size_t EditBuffer::wordRight() const {
  size_t end = at;
  for (bool wanted : {false, true})
    while (end < bytes.size() && isInWord(text(), end) == wanted)
      end += clusterAt(text(), end).bytes;
  return end;
}

void EditBuffer::eraseTo(size_t position) {
  change(std::min(at, position), std::max(at, position), {});
}

void EditBuffer::killTo(size_t position, bool isInARow) {
  if (!isInARow)
    killed.clear();
  size_t begin = std::min(at, position), end = std::max(at, position);
  std::string_view text(bytes.data() + begin, end - begin);
  if (position < at) { // in front of what was killed before
    base::Array<char> joined;
    joined.append(text);
    joined.append(killed.view());
    killed = std::move(joined);
  } else {
    killed.append(text);
  }
  change(begin, end, {});
}

void EditBuffer::yank() { change(at, at, killed.view()); }

void EditBuffer::transpose() {
  if (at == bytes.size() && at > 0)
    at = left(); // at the end, the two before it
  if (at == 0 || at == bytes.size())
    return;
  size_t begin = left(), end = right();
  base::Array<char> exchanged;
  exchanged.append(bytes.data() + at, end - at);
  exchanged.append(bytes.data() + begin, at - begin);
  change(begin, end, exchanged.view());
}
