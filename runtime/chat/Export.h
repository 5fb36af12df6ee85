//===- Export.h - A conversation for other programs and for people --------===//
#pragma once

#include "runtime/chat/Conversation.h"

namespace tritc::chat {

/// Writes the conversation to a file: as JSON where its name ends in .json, a
/// list of {"role", "content"} as --messages reads it; otherwise as Markdown.
/// OutputFailed with its name.
base::Failure exportConversation(std::string_view path, std::string_view model,
                                 const Conversation &conversation);

} // namespace tritc::chat
