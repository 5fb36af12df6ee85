//===- ChatTemplateProbe.cpp - Running a template, and what we make of it -===//

#include "compiler/import/template/ChatTemplateProbe.h"

#include "compiler/support/Error.h"
#include "runtime/abi/ChatTemplate.h"

namespace tritc::import {

llvm::Error because(const llvm::Twine &why) {
  return makeError(ExitCode::Unreadable, why);
}

/// strftime() of `time`, or what stands for it in a piece.
static std::optional<std::string> timeText(const std::string &format,
                                           const struct tm *time) {
  if (format.empty() || format.size() > TRITC_TIME_LIMIT ||
      llvm::StringRef(format).contains(TRITC_TIME_MARK) ||
      llvm::StringRef(format).contains('\0'))
    return std::nullopt;
  if (!time)
    return TRITC_TIME_MARK + format + TRITC_TIME_MARK;
  char shown[TRITC_TIME_LIMIT + 1];
  return std::string(
      shown, tritc_time_text(shown, sizeof(shown), format.c_str(), *time));
}

llvm::Expected<std::string>
ChatProbe::render(const ProbeConversation &conversation, const struct tm *time,
                  bool addsPrompt) const {
  using jinja::Value;
  Value::List messages;
  auto say = [&](const char *role, const std::string &content) {
    messages.push_back(Value::of(Value::Mapping{
        {"role", Value::of(role)}, {"content", Value::of(content)}}));
  };
  if (conversation.system)
    say("system", *conversation.system);
  for (size_t i = 0; i < conversation.users.size(); ++i) {
    say("user", conversation.users[i]);
    if (i + 1 < conversation.users.size())
      say("assistant", conversation.answers[i]);
  }
  Value::Mapping variables = {{"messages", Value::of(std::move(messages))},
                              {"add_generation_prompt", Value::of(addsPrompt)},
                              {"tools", Value::none()},
                              {"documents", Value::none()}};
  for (const auto &[name, text] : special)
    variables[name] = Value::of(text);
  return program.render(variables, [time](const std::string &format) {
    return timeText(format, time);
  });
}

//===----------------------------------------------------------------------===//
// What we make of it
//===----------------------------------------------------------------------===//

static void strip(std::string &text, uint32_t leading, uint32_t trailing) {
  uint64_t begin = 0, end = text.size();
  tritc_strip(text.data(), &begin, &end, leading, trailing);
  text = text.substr(begin, end - begin);
}

std::string compose(const ChatTemplate &chat,
                    const ProbeConversation &conversation,
                    const struct tm *time) {
  std::string text, visible = conversation.system.value_or("");
  strip(visible, TRITC_ALL_SPACES, TRITC_ALL_SPACES);
  bool hasSystem =
      tritc_has_system(chat.rules, conversation.system.has_value(),
                       conversation.system.value_or("").size(), visible.size());
  auto onPiece = [&](const std::string &piece) {
    if (!time)
      text += piece;
    else
      tritc_expand_times(piece.data(), piece.size(), *time,
                         [&](const char *bytes, uint64_t count) {
                           text.append(bytes, count);
                         });
  };
  auto onContent = [&](TritcChatRole role, uint32_t index, TritcTrim trim) {
    std::string content = role == TritcSystem ? *conversation.system
                          : role == TritcUser ? conversation.users[index]
                                              : conversation.answers[index];
    uint64_t begin = 0;
    bool isCut =
        role == TritcAssistant &&
        !(chat.rules.sparesLast && index + 1 == conversation.answers.size());
    if (isCut && tritc_cut(content.data(), &begin, content.size(),
                           chat.cutAfter.data(), chat.cutAfter.size())) {
      content.erase(0, begin);
      trim = chat.turns[hasSystem].trims.cutAnswer;
    }
    strip(content, trim.leading, trim.trailing);
    if (content.empty() && trim.reachesBack)
      strip(text, 0, trim.trailing);
    text += content;
  };
  tritc_walk_chat(chat, hasSystem, uint32_t(conversation.users.size()), onPiece,
                  onContent);
  return text;
}

} // namespace tritc::import
