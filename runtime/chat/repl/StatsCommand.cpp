//===- StatsCommand.cpp - /stats ------------------------------------------===//

#include "runtime/chat/repl/Repl.h"
#include "runtime/chat/repl/SlashCommand.h"

using namespace tritc;
using namespace tritc::chat;

void chat::statsCommand(Repl &repl, std::string_view) {
  const Speed &speed = repl.session.speed();
  Output &ui = repl.ui;
  ui.print("prompt  %zu tokens, %.1f tokens/s (%zu more from the cache)\n",
           speed.promptTokens,
           tokensPerSecond(speed.promptTokens, speed.promptSeconds),
           speed.reusedTokens);
  ui.print("answer  %zu tokens, %.1f tokens/s, the first after %.2f s\n",
           speed.answerTokens,
           tokensPerSecond(speed.answerTokens, speed.answerSeconds),
           speed.firstTokenSeconds);
  if (speed.guessedTokens)
    ui.print("guessed %zu tokens ahead, %zu of them right\n",
             speed.guessedTokens, speed.rightGuesses);
  size_t used = repl.session.cachedTokens(), all = repl.session.contextSize();
  constexpr size_t marks = 20;
  size_t filled = (used * marks + all - 1) / all;
  char gauge[marks + 1] = {};
  for (size_t i = 0; i < marks; ++i)
    gauge[i] = i < filled ? '#' : '-';
  ui.print("context %zu of %zu tokens [%s] %zu %%\n", used, all, gauge,
           used * 100 / all);
}
