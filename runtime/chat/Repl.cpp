//===- Repl.cpp - Chat on a terminal --------------------------------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Conversation.h"
#include "runtime/chat/Input.h"
#include "runtime/chat/Interrupt.h"
#include "runtime/chat/Session.h"

#include <unistd.h>

using namespace tritc;
using namespace tritc::chat;

namespace {
/// A chat on a terminal. What is not part of an answer goes to `ui`, so that
/// the answers alone can be sent to a file.
class Repl {
public:
  Repl(Context context, Output &ui)
      : context(context), ui(ui), conversation(context.model),
        session(context.model, context.settings), lines(STDIN_FILENO) {}

  exec::Failure run();

private:
  enum class Next { Continue, Leave };
  using Handler = Next (Repl::*)(std::string_view argument);
  struct SlashCommand {
    const char *name;
    const char *argument;
    const char *help;
    Handler handler;
  };
  static const SlashCommand slashCommands[];

  LineReader::Result readMessage();
  Next obey(std::string_view line);
  bool answer();
  void explain(Ending ending);

  Next help(std::string_view);
  Next leave(std::string_view) { return Next::Leave; }
  Next clear(std::string_view);
  Next regenerate(std::string_view);
  Next setSystem(std::string_view text);
  Next set(std::string_view assignment);
  Next stats(std::string_view);

  Context context;
  Output &ui;
  Conversation conversation;
  Session session;
  LineReader lines;
  exec::Array<char> message;
  exec::Array<int32_t> prompt;
  exec::Array<int32_t> answerIds;
};
} // namespace

const Repl::SlashCommand Repl::slashCommands[] = {
    {"/help", "", "print this", &Repl::help},
    {"/exit", "", "leave, as Ctrl-D does", &Repl::leave},
    {"/clear", "", "forget the conversation", &Repl::clear},
    {"/regen", "", "answer the last message again", &Repl::regenerate},
    {"/system", "[TEXT]", "set what the model is told first; none: nothing",
     &Repl::setSystem},
    {"/set", "[NAME VALUE]", "change a setting; none: list them", &Repl::set},
    {"/stats", "", "print speed and use of the context", &Repl::stats},
};

/// Cuts the first word off `text`, and the blanks around it.
static std::string_view takeWord(std::string_view &text) {
  auto skipBlanks = [&] {
    while (text.starts_with(' ') || text.starts_with('\t'))
      text.remove_prefix(1);
  };
  skipBlanks();
  size_t length = 0;
  while (length < text.size() && text[length] != ' ' && text[length] != '\t')
    ++length;
  std::string_view word(text.data(), length);
  text.remove_prefix(length);
  skipBlanks();
  return word;
}

/// Reads a message; a line that ends with a backslash goes on in the next.
LineReader::Result Repl::readMessage() {
  message.clear();
  const char *mark = "> ";
  while (true) {
    ui.write(mark);
    ui.flush();
    LineReader::Result result = lines.next(message);
    if (result != LineReader::Result::Line || message.empty() ||
        message.back() != '\\')
      return result;
    message.back() = '\n';
    mark = "| ";
  }
}

Repl::Next Repl::obey(std::string_view line) {
  std::string_view argument = line;
  std::string_view name = takeWord(argument);
  for (const SlashCommand &command : slashCommands)
    if (name == command.name)
      return (this->*command.handler)(argument);
  ui.write("unknown command ");
  writeEscaped(ui, name);
  ui.write("; /help lists them all\n");
  return Next::Continue;
}

Repl::Next Repl::help(std::string_view) {
  for (const auto &[name, argument, text, handler] : slashCommands)
    ui.print("  %-8s %-13s %s\n", name, argument, text);
  ui.write("  a line that ends with \\ goes on in the next; Ctrl-C stops an "
           "answer\n");
  return Next::Continue;
}

Repl::Next Repl::clear(std::string_view) {
  conversation.clear();
  return Next::Continue;
}

Repl::Next Repl::regenerate(std::string_view) {
  if (!conversation.endsWithAnswer()) {
    ui.write("there is no answer yet\n");
    return Next::Continue;
  }
  exec::Array<int32_t> before;
  before.append(conversation.lastAnswer());
  conversation.removeLast();
  if (!answer())
    conversation.addAnswer(before);
  return Next::Continue;
}

Repl::Next Repl::setSystem(std::string_view text) {
  conversation.setSystem(text);
  return Next::Continue;
}

Repl::Next Repl::set(std::string_view assignment) {
  if (assignment.empty()) {
    printSettable(ui, context.settings);
    return Next::Continue;
  }
  std::string_view name = takeWord(assignment);
  std::string_view value = takeWord(assignment);
  if (!assignment.empty()) {
    ui.write("/set: expected one value\n");
    return Next::Continue;
  }
  if (exec::Failure failure = setByName(name, value, context.settings)) {
    ui.print("%s\n", failure.message);
    return Next::Continue;
  }
  if (name == "seed")
    session.reseed();
  return Next::Continue;
}

static double perSecond(size_t tokens, double seconds) {
  return seconds > 0 ? static_cast<double>(tokens) / seconds : 0;
}

Repl::Next Repl::stats(std::string_view) {
  const Speed &speed = session.speed();
  ui.print("prompt  %zu tokens, %.1f tokens/s (%zu more from the cache)\n",
           speed.promptTokens,
           perSecond(speed.promptTokens, speed.promptSeconds),
           speed.reusedTokens);
  ui.print("answer  %zu tokens, %.1f tokens/s\n", speed.answerTokens,
           perSecond(speed.answerTokens, speed.answerSeconds));
  ui.print("context %zu of %u tokens\n", session.cachedTokens(),
           session.contextSize());
  return Next::Continue;
}

void Repl::explain(Ending ending) {
  if (ending == Ending::ContextFull)
    ui.print("[the context of %u tokens is full; /clear starts anew]\n",
             session.contextSize());
  if (ending == Ending::Interrupted)
    ui.write("[stopped]\n");
}

/// Answers the conversation as it is. \pre it ends with the user's message
/// \returns false when there is nothing to answer, no place for it, or Ctrl-C
///          came before the first token; the conversation is then as before
bool Repl::answer() {
  conversation.render(prompt);
  if (prompt.empty())
    return false;
  if (prompt.size() > session.contextSize()) {
    ui.print("[this makes %zu tokens, the context holds %u; /clear starts "
             "anew]\n",
             prompt.size(), session.contextSize());
    return false;
  }
  AnswerStream stream(context.model.tokenizer, context.settings.reversePrompts,
                      context.out);
  Ending ending = session.answer(prompt, stream, context.out, answerIds);
  bool isAnswered = ending != Ending::Interrupted || !answerIds.empty();
  if (isAnswered)
    conversation.addAnswer(answerIds);
  Interrupt::flag().store(false);
  context.out.write("\n");
  context.out.flush();
  explain(ending);
  return isAnswered;
}

exec::Failure Repl::run() {
  if (exec::Failure failure = session.start())
    return failure;
  conversation.setSystem(context.settings.systemPrompt);
  writeEscaped(ui, context.model.name());
  ui.print(" on %s, %u tokens of context; /help lists the commands\n",
           context.model.program.targetName, session.contextSize());
  bool wasInterrupted = false;
  while (!context.out.hasFailed() && !ui.hasFailed()) {
    LineReader::Result result = readMessage();
    if (result == LineReader::Result::End) {
      ui.write("\n");
      break;
    }
    if (result == LineReader::Result::Interrupted) {
      ui.write("\n");
      if (wasInterrupted)
        return exec::fail(exec::Interrupted, "%s", "");
      wasInterrupted = true;
      ui.write("Ctrl-C again or Ctrl-D leaves\n");
      continue;
    }
    wasInterrupted = false;
    std::string_view line = message.view();
    if (line.empty())
      continue;
    if (line.starts_with('/')) {
      if (obey(line) == Next::Leave)
        break;
      continue;
    }
    conversation.addUser(line);
    if (!answer())
      conversation.removeLast();
  }
  return {};
}

exec::Failure chat::runRepl(Context context) {
  Output standardError(STDERR_FILENO);
  Output &ui = context.out.isTerminal() ? context.out : standardError;
  Repl repl(context, ui);
  return repl.run();
}
