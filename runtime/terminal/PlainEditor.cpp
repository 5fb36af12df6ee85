//===- PlainEditor.cpp - Writing without escape sequences -----------------===//
//
// What Editor does on a terminal that shows characters one after the other and
// nothing else. Lines may have any length, unlike those that the kernel edits.
//
//===----------------------------------------------------------------------===//

#include "runtime/terminal/Characters.h"
#include "runtime/terminal/Editor.h"

using namespace tritc;
using namespace tritc::terminal;

/// The echo, if the terminal had one.
void Editor::showPlain(std::string_view text) {
  if (terminal.showsInput())
    terminal.write(text);
}

/// Erases from `position` to the end.
void Editor::erasePlain(size_t position) {
  std::string_view erased = buffer.text();
  erased.remove_prefix(position);
  for (size_t column = columnsOf(erased); column > 0; --column)
    showPlain("\b \b");
  buffer.eraseTo(position);
}

Editor::Result Editor::readPlain(base::Array<char> &text) {
  terminal.write(look.first);
  showPlain(buffer.text());
  while (true) {
    Key key;
    KeyReader::Result result = keys.next(key, true);
    if (result == KeyReader::Result::End)
      return Result::End;
    bool isInterrupted = result == KeyReader::Result::Interrupted ||
                         (key.code == 'c' && key.control);
    if (result == KeyReader::Result::Redraw)
      continue;
    if (isInterrupted) {
      showPlain("\n");
      if (buffer.text().empty())
        return Result::Interrupted;
      buffer.assign("");
      terminal.write(look.first);
    } else if (key.code == Text || key.code == Paste || key.code == Tab) {
      size_t before = buffer.text().size();
      buffer.insert(key.code == Tab ? "\t" : key.text);
      std::string_view added = buffer.text();
      added.remove_prefix(before);
      showPlain(added);
    } else if (key.code == Backspace) {
      erasePlain(buffer.left());
    } else if (key.control && key.code == 'u') {
      erasePlain(buffer.lineStart());
    } else if (key.control && key.code == 'w') {
      erasePlain(buffer.blankLeft());
    } else if (key.control && key.code == 'd' && buffer.text().empty()) {
      showPlain("\n");
      return Result::End;
    } else if (key.control && key.code == 'z') {
      terminal.suspend();
    } else if (key.code == Enter) {
      enter();
      showPlain("\n");
      if (state == State::Sent)
        break;
      terminal.write(look.continuation);
    }
  }
  text.append(buffer.text());
  return Result::Text;
}
