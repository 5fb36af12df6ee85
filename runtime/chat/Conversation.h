//===- Conversation.h - Who said what, as token ids -----------------------===//
#pragma once

#include "runtime/chat/ChatText.h"

namespace tritc::chat {

/// The messages of a chat. They are rendered anew for every answer; what the
/// KV cache already holds is found by comparing ids (Session), so that editing
/// the past needs no bookkeeping here.
class Conversation {
public:
  /// Times that the template writes are those of now.
  explicit Conversation(const Model &model) : model(model), writer(model) {}

  /// False where the template has no place for a system message.
  bool takesSystem() const { return model.image.chat.rules.takesSystem; }
  /// An empty text removes the system message. \pre takesSystem(), or it is
  /// empty
  void setSystem(std::string_view text);
  /// Has a system message, be it empty. \pre takesSystem()
  void giveSystem(std::string_view text);
  std::string_view system() const { return systemText.view(); }
  void addUser(std::string_view text);
  /// Answers keep the ids the model chose: encoding their text again may give
  /// others, and the cache would be lost.
  void addAnswer(std::span<const int32_t> ids);
  /// An answer that somebody else wrote.
  void addAnswer(std::string_view text);
  /// Forgets everything but the system message.
  void clear();
  /// Removes the last message. \pre !isEmpty()
  void removeLast();

  /// Ids of the last answer, until the conversation changes.
  /// \pre endsWithAnswer(), and it came as ids
  std::span<const int32_t> lastAnswer() const {
    const Message &last = messages.back();
    return {answers.data() + last.begin, last.end - last.begin};
  }

  bool isEmpty() const { return messages.empty(); }
  bool endsWithAnswer() const {
    return !messages.empty() && messages.back().role == TritcAssistant;
  }

  /// Replaces `ids` by those of the conversation as the template writes it
  /// (tritc_walk_chat), up to where an answer begins, and `text` by its text
  /// unless that is null. Nothing without a message of a user.
  /// \pre messages of a user and answers alternate; the last one is a user's
  void render(base::Array<int32_t> &ids,
              base::Array<char> *text = nullptr) const;

  /// Messages of the user; each has an answer behind it, but perhaps the last.
  size_t turns() const { return (messages.size() + 1) / 2; }
  /// Forgets `count` turns, from the one of that number on. \pre they are there
  /// and answered
  void forget(size_t first, size_t count);

  /// Calls visit(TritcChatRole, std::string_view text) for each message, the
  /// system message first. The text lives until the next call.
  template <typename Visit>
  void forEach(Visit &&visit) const {
    if (hasSystem)
      visit(TritcSystem, systemText.view());
    for (const Message &message : messages)
      visit(message.role, textOf(message));
  }

  /// Appends all that was said, for a file.
  void write(base::Array<char> &bytes) const;
  /// Takes the place of all that was said. \returns false, and changes nothing,
  /// for what write() of a conversation with this model cannot have written
  bool read(std::string_view bytes);

private:
  struct Message {
    TritcChatRole role;
    bool isIds;
    size_t begin, end; ///< in `answers` if it is ids, else in `texts`
  };

  void add(TritcChatRole role, std::string_view text);
  std::string_view textOf(const Message &message) const;
  bool readMessage(uint32_t role, bool isIds, std::string_view bytes);
  void renderAnswer(const Message &message, const TritcChatTrims &trims) const;

  const Model &model;
  bool hasSystem = false;
  base::Array<char> systemText;
  base::Array<Message> messages;
  base::Array<char> texts;
  base::Array<int32_t> answers;
  mutable ChatText writer;
  mutable base::Array<char> spelled; ///< working memory: an answer as text
};

} // namespace tritc::chat
