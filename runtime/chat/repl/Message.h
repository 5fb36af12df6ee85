//===- Message.h - Messages of several lines, and slashes -----------------===//
#pragma once

#include <string_view>

namespace tritc::chat {

/// Whether Enter sends `text`: false inside a block that three double quotes
/// opened and none have closed.
bool isCompleteMessage(std::string_view text);

/// Whether `text` is meant as a command: a slash and a word of lower-case
/// letters, or /?. Paths, comments and /Capitals are messages; so is what comes
/// after a second slash.
bool isSlashCommand(std::string_view text);

/// The message that `text` sends: without the quotes of a block, without the
/// first of two slashes that a blank does not follow.
std::string_view messageOf(std::string_view text);

/// Cuts the quotes of a block off, and the line ends next to them.
std::string_view withoutQuotes(std::string_view text);

/// Cuts the first word off `text`, and the blanks around it.
std::string_view takeWord(std::string_view &text);

} // namespace tritc::chat
