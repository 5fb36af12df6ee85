//===- Prompt.h - What is to be answered ----------------------------------===//
#pragma once

#include "runtime/chat/Commands.h"
#include "runtime/chat/TextFile.h"

namespace tritc::chat {

/// More than this never fits into the context, whatever the text is.
TextLimit contextLimit(const Context &context);

/// The prompt as text: the texts of -p, the words of the command line, the
/// files of -f and standard input, in this order, a newline in between; what is
/// empty adds nothing. Standard input is read unless it is a terminal, is
/// closed, or was begun by somebody else; next to another text a socket has
/// two seconds to begin. Usage where nobody said anything, or too much.
exec::Failure readPrompt(const Context &context, TextLimit limit,
                         exec::Array<char> &text);

/// -sys and the file of -sysf, a newline in between.
exec::Failure readSystemPrompt(const Context &context, exec::Array<char> &text);

} // namespace tritc::chat
