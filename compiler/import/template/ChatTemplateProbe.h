//===- ChatTemplateProbe.h - Running a template, and what we make of it ---===//
//
// Private to ChatTemplate*.cpp.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/template/ChatTemplate.h"
#include "compiler/import/template/Jinja.h"

#include <ctime>

namespace tritc::import {

/// A system message or none, then a user's messages with answers in between.
struct ProbeConversation {
  std::optional<std::string> system;
  std::vector<std::string> users;
  std::vector<std::string> answers; ///< one less than users
};

/// A template that can be run.
class ChatProbe {
public:
  ChatProbe(jinja::Template program, const SpecialTexts &special)
      : program(std::move(program)), special(special) {}

  /// What the template makes of a conversation, and, with `addsPrompt`, in
  /// front of an answer. A time is written as pieces have it, or as `time` is
  /// if that is given.
  llvm::Expected<std::string> render(const ProbeConversation &conversation,
                                     const struct tm *time = nullptr,
                                     bool addsPrompt = true) const;

  /// Texts that the template looks for in others.
  const std::vector<std::string> &soughtTexts() const {
    return program.soughtTexts();
  }

private:
  jinja::Template program;
  const SpecialTexts &special;
};

/// What `chat` makes of it, as the runtime does.
std::string compose(const ChatTemplate &chat,
                    const ProbeConversation &conversation,
                    const struct tm *time = nullptr);

/// Finds the pieces and rules that a template has if pieces and rules are what
/// it has. Whether they are, proveChatTemplate says.
llvm::Expected<ChatTemplate> deriveChatTemplate(const ChatProbe &probe);

/// Fails unless `chat` is what the template does. Where it treats a certain
/// content in a way of its own, `chat` gets a remark.
llvm::Error proveChatTemplate(const ChatProbe &probe, ChatTemplate &chat);

/// A failure of a few words.
llvm::Error because(const llvm::Twine &why);

} // namespace tritc::import
