//===- Input.h - Text from files and standard input -----------------------===//
#pragma once

#include "runtime/chat/Options.h"
#include "runtime/exec/Array.h"

namespace tritc::chat {

/// Appends everything up to the end of an open file. \returns false with errno
/// set when reading fails; Ctrl-C makes it EINTR.
bool readAll(int descriptor, exec::Array<char> &text);

/// Appends the contents of a file; Unreadable with its name when it fails,
/// Interrupted without a message after Ctrl-C.
exec::Failure readFile(std::string_view path, exec::Array<char> &text);

/// The prompt as text: -p, else the file of -f, else standard input unless it
/// is a terminal (Usage). One newline at the end of a file or of standard input
/// belongs to the file, not to the prompt.
exec::Failure readPrompt(const Settings &settings, exec::Array<char> &text);

} // namespace tritc::chat
