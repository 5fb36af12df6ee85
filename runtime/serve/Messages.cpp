//===- Messages.cpp - A conversation, as clients send it ------------------===//

#include "runtime/serve/Fields.h"

using namespace tritc;
using namespace tritc::serve;

/// The text of a content: a string, or a list of parts that are text.
static Problem readContent(const JsonValue &content, const Place &place,
                           base::Array<char> &text) {
  if (content.kind() == JsonKind::Text) {
    text.append(content.text());
    return {};
  }
  if (content.kind() != JsonKind::List)
    return wrongType(place, "a string, or a list of parts", content);
  size_t index = 0;
  for (JsonValue part = content.first(); part; part = part.next(), ++index) {
    Place here = place.at(index);
    if (part.kind() != JsonKind::Object)
      return wrongType(here, "an object", part);
    JsonValue type = part.member("type"), said = part.member("text");
    if (!type || type.kind() != JsonKind::Text || type.text() != "text")
      return problem(400, "unsupported_value", here.in("type").path,
                     "%s: expected \"text\", the model takes nothing else",
                     here.in("type").path);
    if (!said || said.kind() != JsonKind::Text)
      return problem(400, "invalid_type", here.in("text").path,
                     "%s: expected a string", here.in("text").path);
    text.append(said.text());
  }
  return {};
}

/// Members beside role and content ask for what the template cannot write.
static Problem checkOthers(const JsonValue &message, const Place &place) {
  for (JsonValue member = message.first(); member; member = member.next()) {
    std::string_view name = member.name();
    if (name == "role" || name == "content" || member.isNull() ||
        (member.kind() == JsonKind::List && member.size() == 0))
      continue;
    Place here = place.in(name);
    return problem(400, "unsupported_parameter", here.path,
                   "%s: the chat template has no place for it", here.path);
  }
  return {};
}

static Problem readMessage(const JsonValue &message, const Place &place,
                           bool isFirst, Ask &ask) {
  if (message.kind() != JsonKind::Object)
    return wrongType(place, "an object", message);
  if (Problem found = checkOthers(message, place))
    return found;
  JsonValue roleValue = message.member("role");
  JsonValue content = message.member("content");
  Place rolePlace = place.in("role");
  if (!roleValue || roleValue.kind() != JsonKind::Text)
    return problem(400, "invalid_type", rolePlace.path, "%s: expected a string",
                   rolePlace.path);
  if (!content)
    return problem(400, "missing_required_parameter", place.in("content").path,
                   "%s: expected, found nothing", place.in("content").path);
  base::Array<char> text;
  if (Problem found = readContent(content, place.in("content"), text))
    return found;

  chat::Conversation &conversation = ask.conversation;
  std::string_view role = roleValue.text();
  bool isSystem = role == "system" || role == "developer";
  bool awaitsUser = conversation.isEmpty() || conversation.endsWithAnswer();
  if (isSystem && isFirst && !conversation.takesSystem())
    return problem(400, "unsupported_value", rolePlace.path,
                   "%s: the chat template has no place for a system message",
                   rolePlace.path);
  if (isSystem && isFirst)
    conversation.giveSystem(text.view());
  else if (awaitsUser && role == "user")
    conversation.addUser(text.view());
  else if (!awaitsUser && role == "assistant")
    conversation.addAnswer(text.view());
  else if (isSystem || role == "user" || role == "assistant")
    return problem(400, "invalid_value", rolePlace.path,
                   "%s: expected a system message or none, then user and "
                   "assistant in turn, found %.*s",
                   rolePlace.path, static_cast<int>(role.size()), role.data());
  else
    return problem(400, "unsupported_value", rolePlace.path,
                   "%s: expected system, user or assistant; the chat template "
                   "has no place for others",
                   rolePlace.path);
  return {};
}

Problem serve::readMessages(const JsonValue &value, const Place &place,
                            Ask &ask) {
  if (value.kind() != JsonKind::List)
    return wrongType(place, "a list", value);
  size_t index = 0;
  for (JsonValue item = value.first(); item; item = item.next(), ++index)
    if (Problem found = readMessage(item, place.at(index), index == 0, ask))
      return found;
  if (ask.conversation.isEmpty() || ask.conversation.endsWithAnswer())
    return problem(400, "invalid_value", place.path,
                   "%s: expected a message of the user at the end", place.path);
  return {};
}
