//===- Repl.h - Chat on a terminal ----------------------------------------===//
#pragma once

#include "runtime/chat/Commands.h"
#include "runtime/chat/Conversation.h"
#include "runtime/chat/Session.h"
#include "runtime/chat/Style.h"
#include "runtime/terminal/Editor.h"

namespace tritc::chat {

/// A chat on a terminal. What is not part of an answer goes to `ui`, so that
/// the answers alone can be sent to a file. Its members are what the slash
/// commands work with.
class Repl {
public:
  Repl(Context context, Output &ui, terminal::Terminal &terminal);

  base::Failure run();

  /// Answers the conversation as it is. \pre it ends with the user's message
  /// \returns false when there is nothing to answer, no place for it, or Ctrl-C
  ///          came before the first token; the conversation is then as before
  bool answer();
  /// Prints a line for the user, in brackets and dim.
  __attribute__((format(printf, 2, 3))) void note(const char *format, ...);
  /// Prints what went wrong.
  void report(const base::Failure &failure);

  Context context;
  Output &ui;
  Style style;
  Conversation conversation;
  Session session;
  terminal::Editor editor;
  base::Array<char> attached; ///< files to go in front of the next message
  bool isLeaving = false;

private:
  base::Failure begin();
  void greet();
  base::Failure converse();
  void take(std::string_view text);
  void send(std::string_view text);
  Ending stream();
  size_t makeRoom(size_t said);
  void explain(Ending ending);

  terminal::Terminal &terminal;
  base::Array<char> message;
  base::Array<int32_t> prompt;
  base::Array<int32_t> answerIds;
  bool wasNearlyFull = false;
};

} // namespace tritc::chat
