//===- Editor.cpp - Writing a message on a terminal -----------------------===//

#include "runtime/terminal/Editor.h"
#include "runtime/terminal/Characters.h"
#include "runtime/terminal/ExternalEditor.h"

#include <algorithm>
#include <utility>

using namespace tritc;
using namespace tritc::terminal;

template <size_t (EditBuffer::*Place)() const>
void Editor::move() {
  buffer.moveTo((buffer.*Place)());
}

template <size_t (EditBuffer::*Place)() const>
void Editor::erase() {
  buffer.eraseTo((buffer.*Place)());
}

template <size_t (EditBuffer::*Place)() const>
void Editor::kill() {
  buffer.killTo((buffer.*Place)(), wasKill);
  isKill = true;
}

/// Keys as Emacs and readline have them.
const Editor::Binding Editor::bindings[] = {
    {Enter, false, false, &Editor::enter},
    {'m', true, false, &Editor::enter},
    {Left, false, false, &Editor::move<&EditBuffer::left>},
    {'b', true, false, &Editor::move<&EditBuffer::left>},
    {Right, false, false, &Editor::move<&EditBuffer::right>},
    {'f', true, false, &Editor::move<&EditBuffer::right>},
    {Left, true, false, &Editor::move<&EditBuffer::wordLeft>},
    {Left, false, true, &Editor::move<&EditBuffer::wordLeft>},
    {'b', false, true, &Editor::move<&EditBuffer::wordLeft>},
    {Right, true, false, &Editor::move<&EditBuffer::wordRight>},
    {Right, false, true, &Editor::move<&EditBuffer::wordRight>},
    {'f', false, true, &Editor::move<&EditBuffer::wordRight>},
    {Home, false, false, &Editor::move<&EditBuffer::lineStart>},
    {'a', true, false, &Editor::move<&EditBuffer::lineStart>},
    {End, false, false, &Editor::move<&EditBuffer::lineEnd>},
    {'e', true, false, &Editor::move<&EditBuffer::lineEnd>},
    {Home, true, false, &Editor::move<&EditBuffer::start>},
    {'<', false, true, &Editor::move<&EditBuffer::start>},
    {End, true, false, &Editor::move<&EditBuffer::end>},
    {'>', false, true, &Editor::move<&EditBuffer::end>},
    {Up, false, false, &Editor::above},
    {'p', true, false, &Editor::above},
    {Down, false, false, &Editor::below},
    {'n', true, false, &Editor::below},
    {Up, true, false, &Editor::older},
    {PageUp, false, false, &Editor::older},
    {'p', false, true, &Editor::older},
    {Down, true, false, &Editor::newer},
    {PageDown, false, false, &Editor::newer},
    {'n', false, true, &Editor::newer},
    {Backspace, false, false, &Editor::erase<&EditBuffer::left>},
    {'h', true, false, &Editor::erase<&EditBuffer::left>},
    {Delete, false, false, &Editor::erase<&EditBuffer::right>},
    {'d', true, false, &Editor::deleteOrEnd},
    {'w', true, false, &Editor::kill<&EditBuffer::blankLeft>},
    {Backspace, false, true, &Editor::kill<&EditBuffer::wordLeft>},
    {Backspace, true, false, &Editor::kill<&EditBuffer::wordLeft>},
    {'d', false, true, &Editor::kill<&EditBuffer::wordRight>},
    {Delete, true, false, &Editor::kill<&EditBuffer::wordRight>},
    {Delete, false, true, &Editor::kill<&EditBuffer::wordRight>},
    {'u', true, false, &Editor::kill<&EditBuffer::lineStart>},
    {'k', true, false, &Editor::kill<&EditBuffer::lineEnd>},
    {'y', true, false, &Editor::yank},
    {'t', true, false, &Editor::transpose},
    {'_', true, false, &Editor::undo},
    {'z', false, true, &Editor::undo},
    {'l', true, false, &Editor::clearScreen},
    {'c', true, false, &Editor::interrupt},
    {'z', true, false, &Editor::suspend},
    {'r', true, false, &Editor::searchOlder},
    {'g', true, false, &Editor::editOutside},
    {Tab, false, false, &Editor::completeWord},
};

Picture Editor::picture() const {
  if (!isSearching)
    return {look.first, look.continuation, buffer.text(), buffer.cursor(),
            look.textStyle};
  searchPrompt.clear();
  searchPrompt.append(searchFailed ? "(not found: " : "(search: ");
  searchPrompt.append(sought.view());
  searchPrompt.append(") ");
  return {searchPrompt.view(), look.continuation, buffer.text(),
          buffer.cursor(), look.textStyle};
}

/// Leaves the text where it is, shows a message below, and starts anew.
void Editor::say(std::string_view message) {
  view.finish(picture());
  terminal.write(message);
  view.begin();
}

void Editor::enter() {
  if (!buffer.text().empty() && buffer.text().back() == '\\' &&
      buffer.cursor() == buffer.text().size()) {
    buffer.eraseTo(buffer.left());
    return newLine();
  }
  if (!client.isComplete(client.context, buffer.text()))
    return newLine();
  state = State::Sent;
}

void Editor::newLine() { buffer.insert("\n"); }

void Editor::above() {
  size_t place;
  if (view.rowAbove(picture(), place))
    buffer.moveTo(place);
  else
    older();
}

void Editor::below() {
  size_t place;
  if (view.rowBelow(picture(), place))
    buffer.moveTo(place);
  else
    newer();
}

void Editor::browse(size_t index) {
  if (browsed == past.size()) {
    draft.clear();
    draft.append(buffer.text());
  }
  browsed = index;
  buffer.assign(index == past.size() ? draft.view() : past[index]);
}

void Editor::older() {
  if (browsed > 0)
    browse(browsed - 1);
}

void Editor::newer() {
  if (browsed < past.size())
    browse(browsed + 1);
}

void Editor::deleteOrEnd() {
  if (buffer.text().empty())
    state = State::Ended;
  else
    buffer.eraseTo(buffer.right());
}

void Editor::interrupt() {
  if (buffer.text().empty())
    state = State::Interrupted;
  browsed = past.size();
  buffer.assign("");
}

void Editor::suspend() { terminal.suspend(); }
void Editor::clearScreen() { view.clear(picture()); }
void Editor::transpose() { buffer.transpose(); }
void Editor::undo() { buffer.undo(); }
void Editor::yank() { buffer.yank(); }

void Editor::list(const Completions &completions) {
  constexpr size_t mostListed = 200;
  size_t count = std::min(completions.size(), mostListed), widest = 0;
  for (size_t i = 0; i < count; ++i)
    widest = std::max(widest, columnsOf(completions[i]));
  size_t perRow = std::max(terminal.size().columns / (widest + 2), size_t{1});
  base::Array<char> rows;
  for (size_t i = 0; i < count; ++i) {
    appendClean(completions[i], rows);
    bool isLast = (i + 1) % perRow == 0 || i + 1 == count;
    for (size_t blank = columnsOf(completions[i]);
         !isLast && blank < widest + 2; ++blank)
      rows.push(' ');
    if (isLast)
      rows.push('\n');
  }
  if (count < completions.size())
    rows.append("...\n");
  say(rows.view());
}

/// Puts in what all candidates have in common; when that is nothing, Tab again
/// lists them.
void Editor::completeWord() {
  isTab = true;
  base::Array<char> before;
  before.append(buffer.text().data(), buffer.cursor());
  Completions completions(before.view());
  client.complete(client.context, completions);
  if (completions.size() == 0)
    return;
  std::string_view common = completions.common();
  bool isOne = completions.size() == 1;
  if (common.size() > completions.word().size() || isOne) {
    buffer.replace(completions.start(), buffer.cursor(), common);
    if (isOne && !common.ends_with('/') &&
        buffer.cursor() == buffer.text().size())
      buffer.insert(" ");
    return;
  }
  if (wasTab)
    list(completions);
}

base::Failure Editor::prepareExternally(std::string_view text) {
  prepared.clear();
  prepared.append(text);
  base::Failure failure = editExternally(terminal, prepared);
  if (failure)
    prepared.clear();
  return failure;
}

void Editor::editOutside() {
  base::Array<char> text;
  text.append(buffer.text());
  view.finish(picture());
  base::Failure failure = editExternally(terminal, text);
  if (failure) {
    terminal.write(failure.message);
    terminal.write("\n");
  } else {
    buffer.assign(text.view());
  }
  view.begin();
}

void Editor::searchOlder() {
  isSearching = true;
  searchFailed = false;
  sought.clear();
  if (browsed == past.size()) {
    draft.clear();
    draft.append(buffer.text());
  }
}

/// Goes on to the next older or newer entry that contains what is sought.
void Editor::findNext(bool isOlder) {
  size_t index;
  searchFailed = !(isOlder ? past.findBefore(browsed, sought.view(), index)
                           : past.findAfter(browsed, sought.view(), index));
  if (!searchFailed)
    browse(index);
}

/// \returns whether the search has dealt with the key; others end it and do
/// what they always do, with the text that was found.
bool Editor::searchFor(const Key &key) {
  bool isControl = key.control && !key.alt;
  if (key.code == Text || key.code == Paste) {
    appendClean(key.text, sought);
  } else if (key.code == Backspace) {
    if (!sought.empty())
      sought.resize(clusterBefore(sought.view(), sought.size()));
  } else if (isControl && (key.code == 'r' || key.code == 's')) {
    findNext(key.code == 'r');
    return true;
  } else if (isControl && (key.code == 'g' || key.code == 'c')) {
    isSearching = false;
    browse(past.size());
    return true;
  } else {
    isSearching = false;
    return key.code == Escape;
  }
  size_t index;
  searchFailed =
      !sought.empty() && !past.findBefore(past.size(), sought.view(), index);
  if (!searchFailed && !sought.empty())
    browse(index);
  return true;
}

void Editor::obey(const Key &key) {
  wasKill = std::exchange(isKill, false);
  wasTab = std::exchange(isTab, false);
  if (isSearching && searchFor(key))
    return;
  if (key.code == Text || key.code == Paste)
    return buffer.insert(key.text);
  // Enter with any modifier starts a line; terminals without it send Alt-Enter.
  if (key.code == Enter && (key.alt || key.shift || key.control))
    return newLine();
  for (const Binding &binding : bindings)
    if (key.code == binding.code && key.control == binding.control &&
        key.alt == binding.alt)
      return (this->*binding.action)();
}

Editor::Result Editor::read(const Prompt &prompt, base::Array<char> &text) {
  terminal.enter(Mode::Editing);
  look = prompt;
  buffer.reset();
  buffer.insert(prepared.view());
  prepared.clear();
  browsed = past.size();
  state = State::Writing;
  isSearching = false;
  text.clear();
  if (terminal.isPlain())
    return readPlain(text);

  view.begin();
  bool isDrawn = false;
  while (state == State::Writing) {
    Key key;
    switch (keys.next(key, isDrawn)) {
    case KeyReader::Result::Key:
      obey(key);
      isDrawn = false;
      break;
    case KeyReader::Result::Idle:
      view.draw(picture());
      isDrawn = true;
      break;
    case KeyReader::Result::Redraw:
      view.redraw(picture());
      break;
    case KeyReader::Result::Interrupted:
      interrupt();
      isDrawn = false;
      break;
    case KeyReader::Result::End:
      state = State::Ended;
      break;
    }
  }
  view.finish(picture());
  if (state == State::Ended)
    return Result::End;
  if (state == State::Interrupted)
    return Result::Interrupted;
  text.append(buffer.text());
  past.add(text.view());
  return Result::Text;
}
