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
base::Failure readPrompt(const Context &context, TextLimit limit,
                         base::Array<char> &text);

/// Appends a text of the command line, as -e wants it read.
void appendArgument(const Settings &settings, std::string_view argument,
                    base::Array<char> &text);

/// Whether standard input belongs to a prompt that has a text already. Scripts
/// leave all kinds of things there; a line on standard error says what is not
/// read.
bool isMoreOfThePrompt();

/// Calls, in the order of readPrompt(), `onText` for each text of the command
/// line and `onFile` for each file, until one of them fails.
template <typename OnText, typename OnFile>
base::Failure forEachPart(const Settings &settings, OnText onText,
                          OnFile onFile) {
  for (std::string_view prompt : settings.prompts)
    if (base::Failure failure = onText(prompt))
      return failure;
  if (!settings.words.empty())
    if (base::Failure failure = onText(settings.words.view()))
      return failure;
  bool isRead = false; // standard input
  for (std::string_view path : settings.promptFiles) {
    InputFile input(path);
    if (base::Failure failure = input.failure())
      return failure;
    isRead |= input.isStandardInput();
    if (base::Failure failure = onFile(input.file()))
      return failure;
  }
  if (isRead || (settings.hasPrompt() && !isMoreOfThePrompt()))
    return {};
  return onFile(OpenFile{0, "standard input"});
}

/// -sys and the file of -sysf, a newline in between.
base::Failure readSystemPrompt(const Context &context, base::Array<char> &text);

} // namespace tritc::chat
