//===- Messages.h - A conversation from JSON ------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/chat/Conversation.h"

namespace tritc::chat {

/// Fills an empty conversation from a list of {"role": .., "content": ..}, as
/// chat interfaces have it: a system message or none, then the user and the
/// assistant ("system", "user", "assistant") in turn, the user last. Malformed
/// with the line of `file`, of which the JSON begins in `firstLine`, and what
/// is wrong there.
base::Failure readMessages(std::string_view json, std::string_view file,
                           Conversation &conversation, size_t firstLine = 1);

} // namespace tritc::chat
