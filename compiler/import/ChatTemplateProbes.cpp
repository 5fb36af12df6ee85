//===- ChatTemplateProbes.cpp - A template is known by what it does -------===//

#include "compiler/import/ChatTemplate.h"

#include "compiler/import/Error.h"
#include "compiler/import/Jinja.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

namespace {
struct Message {
  Role role;
  llvm::StringLiteral content;
};
using Conversation = std::vector<Message>;

/// A template that can be run.
class Probe {
public:
  Probe(jinja::Template program, const SpecialTexts &special)
      : program(std::move(program)), special(special) {}

  /// What the program makes of a conversation, less one beginning-of-sequence
  /// token.
  llvm::Expected<std::string> render(const Conversation &conversation,
                                     bool addsPrompt = true);

  bool sawBos = false; ///< there was such a token

private:
  jinja::Template program;
  const SpecialTexts &special;
};
} // namespace

llvm::Expected<std::string> Probe::render(const Conversation &conversation,
                                          bool addsPrompt) {
  using jinja::Value;
  Value::List messages;
  for (const Message &message : conversation)
    messages.push_back(Value::of(Value::Mapping{
        {"role", Value::of(roleNames[unsigned(message.role)].str())},
        {"content", Value::of(message.content.str())}}));
  Value::Mapping variables = {{"messages", Value::of(std::move(messages))},
                              {"add_generation_prompt", Value::of(addsPrompt)},
                              {"tools", Value::none()},
                              {"documents", Value::none()}};
  if (special.bos)
    variables["bos_token"] = Value::of(*special.bos);
  if (special.eos)
    variables["eos_token"] = Value::of(*special.eos);
  llvm::Expected<std::string> text = program.render(variables);
  if (text && special.bos && !special.bos->empty() &&
      llvm::StringRef(*text).starts_with(*special.bos)) {
    sawBos = true;
    text->erase(0, special.bos->size());
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral first = "QxA1", second = "QxB2",
                                     third = "QxC3";

/// Cuts `text` at each of `contents`, in order; empty if one is not there.
static std::vector<std::string>
cutAt(llvm::StringRef text, llvm::ArrayRef<llvm::StringLiteral> contents) {
  std::vector<std::string> parts;
  for (llvm::StringRef content : contents) {
    size_t found = text.find(content);
    if (found == llvm::StringRef::npos)
      return {};
    parts.push_back(text.take_front(found).str());
    text = text.drop_front(found + content.size());
  }
  parts.push_back(text.str());
  return parts;
}

static llvm::Error because(const char *why) {
  return makeError(ExitCode::Unreadable, why);
}

/// What stands in front of a user's message that is not the first one, if the
/// first one has `begin` in front, and what lies between a system message or an
/// answer and a user's message is `afterSystem` and `afterAnswer`. Either is a
/// suffix and this prefix. Two messages of a user tell where it begins; a
/// template that refuses them has the same text behind every message.
static std::string userPrefix(Probe &probe, llvm::StringRef begin,
                              llvm::StringRef end, llvm::StringRef afterSystem,
                              llvm::StringRef afterAnswer) {
  llvm::StringRef common = begin;
  while (!afterSystem.ends_with(common) || !afterAnswer.ends_with(common))
    common = common.drop_front();
  if (common == begin)
    return begin.str();
  llvm::Expected<std::string> twice =
      probe.render({{Role::User, first}, {Role::User, second}});
  std::vector<std::string> parts;
  if (twice)
    parts = cutAt(*twice, {first, second});
  else
    llvm::consumeError(twice.takeError());
  llvm::StringRef between = parts.empty() ? common : parts[1];
  if (between.consume_front(end) && common.ends_with(between))
    return between.str();
  return common.str();
}

/// The pieces that a template with such pieces must have. Whether it is one,
/// the caller proves.
static llvm::Expected<ChatTemplate> derivePieces(Probe &probe) {
  constexpr unsigned system = unsigned(Role::System),
                     user = unsigned(Role::User),
                     assistant = unsigned(Role::Assistant);
  llvm::Expected<std::string> turn =
      probe.render({{Role::User, first}}, /*addsPrompt=*/false);
  if (!turn)
    return turn.takeError();
  llvm::Expected<std::string> turns = probe.render(
      {{Role::User, first}, {Role::Assistant, second}, {Role::User, third}});
  if (!turns)
    return turns.takeError();
  llvm::Expected<std::string> withSystem =
      probe.render({{Role::System, first}, {Role::User, second}});
  if (!withSystem)
    return withSystem.takeError();

  std::vector<std::string> one = cutAt(*turn, {first});
  std::vector<std::string> three = cutAt(*turns, {first, second, third});
  std::vector<std::string> two = cutAt(*withSystem, {first, second});
  if (one.empty() || three.empty())
    return because("it leaves out or changes contents");
  if (two.empty())
    return because("it leaves out the system message");
  ChatTemplate chat;
  chat.name = "own";
  chat.hasTemplate = true;
  llvm::StringRef prompt = three[3], afterAnswer = three[2],
                  afterSystem = two[1], begin = one[0];
  chat.prefix[user] =
      userPrefix(probe, begin, one[1], afterSystem, afterAnswer);
  chat.suffix[user] = one[1];
  begin.consume_back(chat.prefix[user]);
  chat.withoutSystem = begin.str();
  if (!prompt.consume_front(one[1]))
    return because("it ends a message in another way before an answer");
  if (prompt.empty())
    return because("nothing marks the beginning of an answer");
  afterAnswer.consume_back(chat.prefix[user]);
  afterSystem.consume_back(chat.prefix[user]);
  chat.prefix[assistant] = prompt.str();
  chat.suffix[assistant] = afterAnswer.str();
  chat.prefix[system] = two[0];
  chat.suffix[system] = afterSystem.str();
  return chat;
}

//===----------------------------------------------------------------------===//
// Proof
//===----------------------------------------------------------------------===//

/// Conversations that tell templates apart: with and without a system message,
/// one turn and many, contents with white space around and inside, capital
/// letters, markup, the separators that some templates cut at, and nothing.
static const std::vector<Conversation> &probes() {
  using enum Role;
  static const std::vector<Conversation> conversations = {
      {{User, "How are you?"}},
      {{User, " \n How are YOU? \n "}},
      {{System, "Be BRIEF.  "}, {User, "Why?"}},
      {{User, "Why?"},
       {Assistant, "  a\n\nb <b>\"it's\"</b> & so on\n"},
       {User, "Go on"}},
      {{System, "  You sing.\n"},
       {User, "One\n"},
       {Assistant, "<think>x</think> Two "},
       {User, "three"},
       {Assistant, "\n\nFour: five"},
       {User, "user: assistant"}},
      {{User, ""}, {Assistant, ""}, {User, "x"}},
      {{User, "1"},
       {Assistant, "2"},
       {User, "3"},
       {Assistant, "4"},
       {User, "5"},
       {Assistant, "6"},
       {User, "7"},
       {Assistant, "8"},
       {User, "9"},
       {Assistant, "0"},
       {User, "1"}},
  };
  return conversations;
}

/// What `chat` makes of a conversation.
static std::string compose(const ChatTemplate &chat,
                           const Conversation &conversation) {
  std::string text;
  if (conversation.front().role != Role::System)
    text = chat.withoutSystem;
  for (const Message &message : conversation) {
    llvm::StringRef content = message.content;
    if (chat.trimsContent)
      content = content.trim();
    text += chat.prefix[unsigned(message.role)];
    text += content;
    text += chat.suffix[unsigned(message.role)];
  }
  return text + chat.prefix[unsigned(Role::Assistant)];
}

llvm::Error unknownChatTemplate(llvm::StringRef file, const llvm::Twine &why) {
  return makeError(ExitCode::Unreadable,
                   file + ": chat_template: unknown template (" + why +
                       "); choose one with --chat-template=" +
                       chatTemplateNames("|") + " or a file");
}

llvm::Expected<ChatTemplate>
recogniseChatTemplate(llvm::StringRef jinja, llvm::StringRef file,
                      const SpecialTexts &special) {
  llvm::Expected<jinja::Template> program = jinja::Template::parse(jinja);
  if (!program)
    return unknownChatTemplate(file, toFailure(program.takeError()).message);
  Probe probe(std::move(*program), special);
  llvm::Expected<ChatTemplate> own = derivePieces(probe);
  if (!own)
    return unknownChatTemplate(file, toFailure(own.takeError()).message);
  std::vector<std::string> texts;
  for (const Conversation &conversation : probes()) {
    llvm::Expected<std::string> text = probe.render(conversation);
    if (!text)
      return unknownChatTemplate(file, toFailure(text.takeError()).message);
    texts.push_back(std::move(*text));
  }
  own->startsWithBos = probe.sawBos;
  std::vector<ChatTemplate> candidates = knownChatTemplates();
  candidates.push_back(std::move(*own));
  for (ChatTemplate &candidate : candidates)
    for (bool trims : {false, true}) {
      candidate.trimsContent = trims;
      if (llvm::equal(probes(), texts,
                      [&](const auto &conversation, const std::string &text) {
                        return compose(candidate, conversation) == text;
                      }))
        return candidate;
    }
  return unknownChatTemplate(
      file, "it does not write each message as a prefix, the content and a "
            "suffix");
}

} // namespace tritc::import
