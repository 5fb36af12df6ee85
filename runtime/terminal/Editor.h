//===- Editor.h - Writing a message on a terminal -------------------------===//
#pragma once

#include "runtime/terminal/Completions.h"
#include "runtime/terminal/EditBuffer.h"
#include "runtime/terminal/History.h"
#include "runtime/terminal/KeyReader.h"
#include "runtime/terminal/LineView.h"

namespace tritc::terminal {

/// What the editor asks of the one it reads for.
struct EditorClient {
  void *context;
  /// Whether Enter sends the text; otherwise it starts another line.
  bool (*isComplete)(void *context, std::string_view text);
  /// Fills in what the text's last word may become.
  void (*complete)(void *context, Completions &completions);
};

/// How a prompt looks.
struct Prompt {
  std::string_view first;        ///< in front of the first line
  std::string_view continuation; ///< in front of the others
  std::string_view textStyle;    ///< escape sequence for what is typed
};

/// Reads texts of one line or several. On a plain terminal what is typed is
/// echoed, and Backspace, Ctrl-U and Ctrl-W are all there is.
class Editor {
public:
  enum class Result {
    Text,
    End,         ///< Ctrl-D on an empty line, or the terminal has gone
    Interrupted, ///< Ctrl-C on an empty line; elsewhere it clears the line
  };

  Editor(Terminal &terminal, EditorClient client)
      : terminal(terminal), client(client), keys(terminal), view(terminal) {}

  History &history() { return past; }
  /// Reads a text; the cursor stands at the begin of a row before and after.
  Result read(const Prompt &prompt, base::Array<char> &text);
  /// What the next read() starts with.
  void prepare(std::string_view text) { prepared.append(text); }
  /// Opens the user's editor for the text of the next read(). \returns why not
  base::Failure prepareExternally(std::string_view text);
  /// See KeyReader.
  bool takeAhead() { return keys.takeAhead(); }

private:
  enum class State { Writing, Sent, Ended, Interrupted };
  using Action = void (Editor::*)();
  struct Binding {
    uint32_t code;
    bool control, alt;
    Action action;
  };
  static const Binding bindings[];

  Result readPlain(base::Array<char> &text);
  void showPlain(std::string_view text);
  void erasePlain(size_t position);

  void obey(const Key &key);
  bool searchFor(const Key &key);
  Picture picture() const;
  void say(std::string_view message);
  void browse(size_t index);
  void findNext(bool isOlder);
  void list(const Completions &completions);

  template <size_t (EditBuffer::*Place)() const>
  void move();
  template <size_t (EditBuffer::*Place)() const>
  void erase();
  template <size_t (EditBuffer::*Place)() const>
  void kill();
  void enter();
  void newLine();
  void above();
  void below();
  void older();
  void newer();
  void deleteOrEnd();
  void interrupt();
  void suspend();
  void clearScreen();
  void transpose();
  void undo();
  void yank();
  void completeWord();
  void editOutside();
  void searchOlder();

  Terminal &terminal;
  EditorClient client;
  KeyReader keys;
  LineView view;
  History past;
  EditBuffer buffer;
  Prompt look;
  State state = State::Writing;
  size_t browsed = 0;      ///< entry of the history; its size for the draft
  base::Array<char> draft; ///< what was written before browsing
  base::Array<char> prepared;
  bool wasKill = false, isKill = false;
  bool wasTab = false, isTab = false;
  // While searching the history.
  bool isSearching = false, searchFailed = false;
  base::Array<char> sought;
  mutable base::Array<char> searchPrompt;
};

} // namespace tritc::terminal
