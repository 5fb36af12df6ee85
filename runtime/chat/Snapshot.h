//===- Snapshot.h - A conversation in a file ------------------------------===//
//
// What was said, and what the model computed of it: its KV cache, so that a
// conversation goes on at the cost of one read. A snapshot is for one model,
// known by the hash of its content, and one form of the cache; it is written
// and taken over as a whole.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/chat/Commands.h"
#include "runtime/chat/Conversation.h"
#include "runtime/chat/Session.h"

namespace tritc::chat {

/// OutputFailed with the name of the file, which is then as it was before.
base::Failure saveSnapshot(std::string_view path, const Model &model,
                           const Conversation &conversation, Session &session);

/// Unreadable for a file that is not there; Malformed for one that is no
/// snapshot, of another model, cut off or damaged. Both parts are then as they
/// were before.
base::Failure loadSnapshot(std::string_view path, const Model &model,
                           Conversation &conversation, Session &session);

/// Loads the file of --session, if there is one. `system` takes the place of
/// its system message, unless it is empty. Errors as loadSnapshot and
/// giveSystem.
base::Failure resume(const Context &context, std::string_view system,
                     Conversation &conversation, Session &session);

/// Saves the file of --session, if one is named.
base::Failure suspend(const Context &context, const Conversation &conversation,
                      Session &session);

} // namespace tritc::chat
