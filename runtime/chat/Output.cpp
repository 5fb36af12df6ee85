//===- Output.cpp - Bytes to a file descriptor ----------------------------===//

#include "runtime/chat/Output.h"
#include "runtime/terminal/Characters.h"
#include "runtime/text/Utf8.h"

#include <cerrno>
#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;

void Output::write(std::string_view bytes) {
  if (buffer.size() + bytes.size() > capacity)
    flush();
  buffer.append(bytes);
  if (buffer.size() > capacity)
    flush();
}

void Output::print(const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  if (length > 0)
    write({line, std::min(static_cast<size_t>(length), sizeof(line) - 1)});
}

void Output::flush() {
  if (memory)
    memory->append(buffer.view());
  size_t done = memory ? buffer.size() : 0;
  while (done < buffer.size() && !errorNumber) {
    ssize_t wrote =
        ::write(descriptor, buffer.data() + done, buffer.size() - done);
    if (wrote >= 0)
      done += static_cast<size_t>(wrote);
    else if (errno != EINTR)
      errorNumber = errno;
  }
  buffer.clear();
}

bool Output::isTerminal() const { return isatty(descriptor); }

base::Failure Output::failure() const {
  if (!errorNumber)
    return {};
  if (errorNumber == EPIPE)
    return base::fail(base::OutputFailed, "%s", "");
  return base::fail(base::OutputFailed, "cannot write: %s",
                    strerror(errorNumber));
}

/// Calls `visit(character, codePoint)` for each character or ill-formed part.
template <typename Visit>
static void forEachCharacter(std::string_view text, Visit &&visit) {
  for (size_t at = 0; at < text.size();) {
    text::CodePoint point = text::decodeUtf8(text, at);
    visit(std::string_view(text.data() + at, point.length), point);
    at += point.length;
  }
}

void chat::writeJsonString(Output &out, std::string_view text) {
  out.write("\"");
  forEachCharacter(text, [&](std::string_view bytes, text::CodePoint point) {
    if (!point.wellFormed)
      out.write("\\ufffd");
    else if (point.value == '"' || point.value == '\\')
      out.print("\\%c", static_cast<char>(point.value));
    else if (terminal::isControl(point.value))
      out.print("\\u%04x", point.value);
    else
      out.write(bytes);
  });
  out.write("\"");
}

void chat::writeEscaped(Output &out, std::string_view text) {
  forEachCharacter(text, [&](std::string_view bytes, text::CodePoint point) {
    if (point.wellFormed && !terminal::isControl(point.value) &&
        point.value != '\\')
      return out.write(bytes);
    for (char byte : bytes) {
      switch (byte) {
      case '\n':
        out.write("\\n");
        break;
      case '\r':
        out.write("\\r");
        break;
      case '\t':
        out.write("\\t");
        break;
      case '\\':
        out.write("\\\\");
        break;
      default:
        out.print("\\x%02x", static_cast<unsigned char>(byte));
      }
    }
  });
}

/// U+2400 to U+241F picture the control characters, U+2421 Delete.
static uint32_t picture(uint32_t point) {
  if (point < 0x20)
    return 0x2400 + point;
  return point == 0x7f ? 0x2421 : text::replacementCharacter;
}

void chat::writeShown(Output &out, std::string_view text) {
  base::Array<char> shown;
  forEachCharacter(text, [&](std::string_view bytes, text::CodePoint point) {
    bool acts = terminal::isControl(point.value) && point.value != '\n' &&
                point.value != '\t';
    if (!acts)
      return out.write(bytes);
    shown.clear();
    if (point.value != '\r')
      text::appendUtf8(picture(point.value), shown);
    out.write(shown.view());
  });
}
