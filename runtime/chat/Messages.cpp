//===- Messages.cpp - A conversation from JSON ----------------------------===//

#include "runtime/chat/Messages.h"

#include "runtime/text/Json.h"

using namespace tritc;
using namespace tritc::chat;

namespace {
struct MessageReader {
  text::JsonReader json;
  std::string_view file;
  Conversation &conversation;
  size_t firstLine;
  base::Array<char> key, role, content;
  bool isFirst = true;

  base::Failure wrong(const char *expected) {
    return base::fail(base::Malformed, "%.*s: line %zu: expected %s",
                      static_cast<int>(file.size()), file.data(),
                      json.line() + firstLine - 1, expected);
  }
  base::Failure read();
  base::Failure readFields();
  base::Failure readMessage();
};
} // namespace

/// The two strings of an object.
base::Failure MessageReader::readFields() {
  bool hasRole = false, hasContent = false;
  if (!json.beginObject())
    return wrong(json.problem());
  while (json.nextKey(key)) {
    bool isRole = key.view() == "role";
    bool &isThere = isRole ? hasRole : hasContent;
    if ((!isRole && key.view() != "content") || isThere)
      return wrong("role and content, each once, and no other key");
    isThere = true;
    json.string(isRole ? role : content);
  }
  if (json.failed())
    return wrong(json.problem());
  if (!hasRole || !hasContent)
    return wrong("role and content, each once, and no other key");
  return {};
}

base::Failure MessageReader::readMessage() {
  if (base::Failure failure = readFields())
    return failure;
  bool isSystem = role.view() == "system" && isFirst;
  bool awaitsUser = conversation.isEmpty() || conversation.endsWithAnswer();
  isFirst = false;
  if (isSystem && !conversation.takesSystem())
    return wrong("no system message: the chat template has no place for one");
  if (isSystem)
    conversation.giveSystem(content.view());
  else if (awaitsUser && role.view() == "user")
    conversation.addUser(content.view());
  else if (!awaitsUser && role.view() == "assistant")
    conversation.addAnswer(content.view());
  else
    return wrong("a system message or none, then user and assistant in turn");
  return {};
}

base::Failure MessageReader::read() {
  if (!json.beginList())
    return wrong(json.problem());
  while (json.nextElement())
    if (base::Failure failure = readMessage())
      return failure;
  if (!json.finish())
    return wrong(json.problem());
  if (conversation.isEmpty() || conversation.endsWithAnswer())
    return wrong("a message of the user at the end");
  return {};
}

base::Failure chat::readMessages(std::string_view json, std::string_view file,
                                 Conversation &conversation, size_t firstLine) {
  return MessageReader{
      text::JsonReader(json), file, conversation, firstLine, {}, {}, {}}
      .read();
}
