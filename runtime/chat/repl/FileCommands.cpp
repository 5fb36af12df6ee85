//===- FileCommands.cpp - /save, /load, /export ---------------------------===//

#include "runtime/chat/Export.h"
#include "runtime/chat/Snapshot.h"
#include "runtime/chat/repl/Repl.h"
#include "runtime/chat/repl/SlashCommand.h"

using namespace tritc;
using namespace tritc::chat;

void chat::saveCommand(Repl &repl, std::string_view written) {
  base::Array<char> path;
  if (!takePath(repl, "/save", written, path))
    return;
  if (base::Failure failure = saveSnapshot(path.view(), repl.context.model,
                                           repl.conversation, repl.session))
    return repl.report(failure);
  repl.note("%zu turns, %zu tokens saved", repl.conversation.turns(),
            repl.session.cachedTokens());
}

void chat::loadCommand(Repl &repl, std::string_view written) {
  base::Array<char> path;
  if (!takePath(repl, "/load", written, path))
    return;
  if (base::Failure failure = loadSnapshot(path.view(), repl.context.model,
                                           repl.conversation, repl.session))
    return repl.report(failure);
  repl.attached.clear();
  repl.note("%zu turns, %zu tokens loaded", repl.conversation.turns(),
            repl.session.cachedTokens());
}

void chat::exportCommand(Repl &repl, std::string_view written) {
  base::Array<char> path;
  if (!takePath(repl, "/export", written, path))
    return;
  if (base::Failure failure = exportConversation(
          path.view(), repl.context.model.name(), repl.conversation))
    return repl.report(failure);
  repl.note("%zu turns written", repl.conversation.turns());
}
