//===- Conversation.h - Who said what, as token ids -----------------------===//
#pragma once

#include "runtime/chat/Model.h"
#include "runtime/exec/Array.h"

namespace tritc::chat {

/// The messages of a chat. They are rendered anew for every answer; what the
/// KV cache already holds is found by comparing ids (Session), so that editing
/// the past needs no bookkeeping here.
class Conversation {
public:
  explicit Conversation(const Model &model) : model(model) {}

  /// An empty text removes the system message.
  void setSystem(std::string_view text);
  std::string_view system() const { return systemText.view(); }
  void addUser(std::string_view text);
  /// Answers keep the ids the model chose: encoding their text again may give
  /// others, and the cache would be lost.
  void addAnswer(std::span<const int32_t> ids);
  /// Forgets everything but the system message.
  void clear();
  /// Removes the last message. \pre !isEmpty()
  void removeLast();

  /// Ids of the last answer, until the conversation changes.
  /// \pre endsWithAnswer()
  std::span<const int32_t> lastAnswer() const {
    const Message &last = messages.back();
    return {answers.data() + last.begin, last.end - last.begin};
  }

  bool isEmpty() const { return messages.empty(); }
  bool endsWithAnswer() const {
    return !messages.empty() && messages.back().role == Assistant;
  }

  /// Replaces `ids` by the ids of
  ///   bos? (withoutSystem | prefix[system] content suffix[system])
  ///        { prefix[role] content suffix[role] }* prefix[assistant]
  /// Text between special tokens is encoded as one, across the borders of
  /// content and template, as the template's authors do; special tokens are
  /// recognised in the template's pieces only, so no user can forge one.
  void render(exec::Array<int32_t> &ids) const;

private:
  enum Role : uint32_t { System, User, Assistant }; ///< index into the template
  struct Message {
    Role role;
    size_t begin, end; ///< in `texts`, or in `answers` for Assistant
  };

  void renderPiece(TritcSpan piece, exec::Array<int32_t> &ids) const;
  void renderMessage(Role role, std::string_view content,
                     std::span<const int32_t> answer,
                     exec::Array<int32_t> &ids) const;
  void flush(exec::Array<int32_t> &ids) const;

  const Model &model;
  exec::Array<char> systemText;
  exec::Array<Message> messages;
  exec::Array<char> texts;
  exec::Array<int32_t> answers;
  // Working memory of render().
  mutable exec::Array<char> pending;
  mutable exec::Array<int32_t> pieceIds;
};

} // namespace tritc::chat
