//===- StatsCommand.cpp - /stats ------------------------------------------===//

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
  ui.print("context %zu of %u tokens\n", repl.session.cachedTokens(),
           repl.session.contextSize());
}
