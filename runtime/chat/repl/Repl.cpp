//===- Repl.cpp - Chat on a terminal --------------------------------------===//

#include "runtime/chat/repl/Repl.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Prompt.h"
#include "runtime/chat/Snapshot.h"
#include "runtime/chat/repl/Message.h"
#include "runtime/chat/repl/Progress.h"
#include "runtime/chat/repl/SlashCommand.h"

#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;

static terminal::EditorClient clientFor(Repl *repl) {
  return {repl,
          [](void *, std::string_view text) { return isCompleteMessage(text); },
          [](void *repl, terminal::Completions &completions) {
            completeSlashCommand(*static_cast<Repl *>(repl), completions);
          }};
}

Repl::Repl(Context context, Output &ui, terminal::Terminal &terminal)
    : context(context), ui(ui), style(styleFor(ui)),
      conversation(context.model), session(context.model, context.settings),
      editor(terminal, clientFor(this)), terminal(terminal) {}

void Repl::note(const char *format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  ui.write(style.note);
  ui.print("[%s]", line);
  ui.write(style.plain);
  ui.write("\n");
}

void Repl::report(const base::Failure &failure) {
  ui.print("%s\n", failure.message);
}

void Repl::explain(Ending ending) {
  if (ending == Ending::ContextFull)
    note("the context of %u tokens is full; /undo, /forget or /clear make room",
         session.contextSize());
  if (ending == Ending::Interrupted)
    note("stopped");
  if (ending == Ending::Stuck)
    note("the answer was cut, %s", whyStuck);
  if (context.settings.verbose) {
    const Speed &speed = session.speed();
    note("%zu tokens, %.1f tokens/s, the first after %.2f s",
         speed.answerTokens,
         tokensPerSecond(speed.answerTokens, speed.answerSeconds),
         speed.firstTokenSeconds);
    if (speed.guessedTokens)
      note("%zu tokens guessed ahead, %zu of them right", speed.guessedTokens,
           speed.rightGuesses);
  }
  bool isNearlyFull = session.cachedTokens() >= session.contextSize() / 10 * 9;
  if (isNearlyFull && !wasNearlyFull && ending != Ending::ContextFull)
    note("the context is %zu %% full%s",
         session.cachedTokens() * 100 / session.contextSize(),
         context.settings.keep < 0 ? "" : "; then the oldest turns go");
  wasNearlyFull = isNearlyFull;
}

/// Forgets the oldest turns but those of --keep until a quarter of the context
/// is free, so that not every message has all of it computed anew; makes the
/// prompt again. \returns how many were forgotten: 0, and none is, where
/// that would not make room for the prompt and `said` tokens of its answer
size_t Repl::makeRoom(size_t said) {
  int64_t keep = context.settings.keep;
  size_t size = session.contextSize(), first = static_cast<size_t>(keep);
  size_t forgotten = 0;
  base::Array<char> before;
  conversation.write(before);
  // The last turn is the message that waits for an answer.
  while (keep >= 0 && prompt.size() + said > size - size / 4 &&
         conversation.turns() > first + 1) {
    conversation.forget(first, 1);
    conversation.render(prompt);
    ++forgotten;
  }
  if (prompt.size() + said < size)
    return forgotten;
  conversation.read(before.view());
  conversation.render(prompt);
  return 0;
}

static void noteForgotten(Repl &repl, size_t turns) {
  if (turns)
    repl.note("the context was full: the oldest %zu turn%s forgotten", turns,
              turns == 1 ? " is" : "s are");
}

/// Streams an answer to the prompt into `answerIds`; where the context is full,
/// it goes on without the oldest turns.
Ending Repl::stream() {
  terminal.enter(terminal::Mode::Answering);
  Progress progress(ui, style, terminal.isPlain() || !ui.isTerminal());
  size_t forgotten = 0;
  auto between = [&](size_t done, size_t total) {
    if (editor.takeAhead())
      Interrupt::flag().store(true);
    // In the middle of an answer there is no line for it.
    if (forgotten == 0)
      progress.show(done, total);
  };
  AnswerStream stream(context.model.tokenizer, context.settings.reversePrompts,
                      context.out);
  Ending ending =
      session.answer(prompt, stream, context.out, answerIds, between);
  progress.clear();
  while (ending == Ending::ContextFull) {
    size_t more = makeRoom(answerIds.size());
    if (more == 0)
      break;
    forgotten += more;
    ending = session.goOn(prompt, stream, context.out, answerIds, between);
  }
  stream.finish();
  context.out.write("\n");
  context.out.flush();
  noteForgotten(*this, forgotten);
  return ending;
}

bool Repl::answer() {
  conversation.render(prompt);
  if (prompt.empty())
    return false;
  if (prompt.size() >= session.contextSize())
    noteForgotten(*this, makeRoom(0));
  if (prompt.size() > session.contextSize()) {
    note("this makes %zu tokens, the context holds %u", prompt.size(),
         session.contextSize());
    return false;
  }
  ui.flush();
  Ending ending = stream();
  bool isAnswered = ending != Ending::Interrupted || !answerIds.empty();
  if (isAnswered)
    conversation.addAnswer(answerIds);
  Interrupt::flag().store(false);
  explain(ending);
  return isAnswered;
}

/// Sends a message, with the files that were read before it.
void Repl::send(std::string_view text) {
  base::Array<char> whole;
  whole.append(attached.view());
  whole.append(text);
  conversation.addUser(whole.view());
  if (!answer())
    return conversation.removeLast();
  attached.clear();
  isLeaving |= context.settings.singleTurn;
}

/// A command, or a message.
void Repl::take(std::string_view text) {
  if (isSlashCommand(text))
    return runSlashCommand(*this, ui, text);
  text = messageOf(text);
  if (!text.empty())
    send(text);
}

void Repl::greet() {
  terminal.enter(terminal::Mode::Editing);
  noteMissingTemplate(context.model);
  if (!context.settings.noHistory) {
    base::Array<char> path;
    terminal::historyPath(path);
    editor.history().open(path.view());
  }
  writeEscaped(ui, context.model.name());
  ui.print(" on %s, %u tokens of context; /help lists the commands\n",
           context.model.program.targetName, session.contextSize());
  if (size_t turns = conversation.turns())
    note("going on behind %zu turn%s, %zu tokens", turns, turns == 1 ? "" : "s",
         session.cachedTokens());
}

/// Answers what the command line says, before anything is typed.
base::Failure Repl::begin() {
  base::Array<char> system, first;
  if (base::Failure failure = readSystemPrompt(context, system))
    return failure;
  if (context.settings.hasPrompt())
    if (base::Failure failure =
            readPrompt(context, contextLimit(context), first))
      return failure;
  if (base::Failure failure = session.start())
    return failure;
  if (base::Failure failure =
          resume(context, system.view(), conversation, session))
    return failure;
  greet();
  if (!first.empty())
    send(first.view());
  return {};
}

base::Failure Repl::run() {
  if (base::Failure failure = begin())
    return failure;
  base::Failure failure = converse();
  base::Failure unsaved = suspend(context, conversation, session);
  return unsaved ? unsaved : failure;
}

/// Reads and answers until the user leaves.
base::Failure Repl::converse() {
  bool wasInterrupted = false;
  while (!isLeaving && !context.out.hasFailed() && !ui.hasFailed()) {
    ui.flush();
    switch (editor.read({"> ", "| ", style.typed}, message)) {
    case terminal::Editor::Result::End:
      return {};
    case terminal::Editor::Result::Interrupted:
      if (wasInterrupted)
        return base::fail(base::Interrupted, "%s", "");
      wasInterrupted = true;
      ui.write("Ctrl-C again, Ctrl-D or /exit leaves\n");
      continue;
    case terminal::Editor::Result::Text:
      wasInterrupted = false;
      take(message.view());
    }
  }
  return {};
}

base::Failure chat::runRepl(Context context) {
  Output standardError(STDERR_FILENO);
  bool answersAreShown = context.out.isTerminal();
  Output &ui = answersAreShown ? context.out : standardError;
  // Where neither is a terminal, what is typed shows on the one it comes from.
  int screen = answersAreShown              ? STDOUT_FILENO
               : standardError.isTerminal() ? STDERR_FILENO
                                            : STDIN_FILENO;
  terminal::Terminal terminal(STDIN_FILENO, screen, Interrupt::flag(),
                              isDumbTerminal() || screen == STDIN_FILENO);
  Repl repl(context, ui, terminal);
  return repl.run();
}
