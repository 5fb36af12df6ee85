//===- ChatTemplate.cpp - A chat template as prefixes and suffixes --------===//

#include "compiler/import/ChatTemplate.h"

#include "compiler/import/Error.h"
#include "compiler/import/Jinja.h"
#include "compiler/import/Json.h"
#include "compiler/import/JsonFields.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

//===----------------------------------------------------------------------===//
// The templates we know
//===----------------------------------------------------------------------===//

namespace {
/// Every piece is begin + role + end; the role is spelled "User" or "user".
struct KnownTemplate {
  llvm::StringLiteral name;
  llvm::StringLiteral begin;
  llvm::StringLiteral end;
  llvm::StringLiteral suffix;
  bool capitalizesRole;
  bool trimsContent;
  bool startsWithBos;
};
} // namespace

static constexpr KnownTemplate knownTemplates[] = {
    {"bitnet", "", ": ", "<|eot_id|>", true, true, true},
    {"llama3", "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>",
     false, true, true},
    {"chatml", "<|im_start|>", "\n", "<|im_end|>\n", false, false, false},
};

static constexpr llvm::StringLiteral roleNames[] = {"system", "user",
                                                    "assistant"};

static ChatTemplate expand(const KnownTemplate &known) {
  ChatTemplate chat;
  chat.name = known.name.str();
  chat.trimsContent = known.trimsContent;
  chat.startsWithBos = known.startsWithBos;
  chat.hasTemplate = true;
  for (auto [i, role] : llvm::enumerate(roleNames)) {
    std::string spelled = role.str();
    if (known.capitalizesRole)
      spelled[0] = char(spelled[0] - 'a' + 'A');
    chat.prefix[i] = (known.begin + spelled + known.end).str();
    chat.suffix[i] = known.suffix.str();
  }
  return chat;
}

llvm::StringRef chatTemplateNames() { return "bitnet, llama3, chatml, none"; }

std::optional<ChatTemplate> chatTemplateByName(llvm::StringRef name) {
  if (name == "none")
    return ChatTemplate();
  for (const KnownTemplate &known : knownTemplates)
    if (known.name == name)
      return expand(known);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Recognition
//===----------------------------------------------------------------------===//

namespace {
struct Message {
  Role role;
  llvm::StringLiteral content;
};
} // namespace

/// Conversations that tell templates apart: with and without a system message,
/// one turn and many, contents with white space around and inside, capital
/// letters, markup, the separators that some templates cut at, and nothing.
static const std::vector<std::vector<Message>> &probes() {
  using enum Role;
  static const std::vector<std::vector<Message>> conversations = {
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
                           llvm::ArrayRef<Message> conversation) {
  std::string text;
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

/// What the program makes of it, less one beginning-of-sequence token.
static llvm::Expected<std::string>
renderProbe(const jinja::Template &program, const SpecialTexts &special,
            llvm::ArrayRef<Message> conversation) {
  using jinja::Value;
  Value::List messages;
  for (const Message &message : conversation)
    messages.push_back(Value::of(Value::Mapping{
        {"role", Value::of(roleNames[unsigned(message.role)].str())},
        {"content", Value::of(message.content.str())}}));
  Value::Mapping variables = {{"messages", Value::of(std::move(messages))},
                              {"add_generation_prompt", Value::of(true)},
                              {"tools", Value::none()},
                              {"documents", Value::none()}};
  if (special.bos)
    variables["bos_token"] = Value::of(*special.bos);
  if (special.eos)
    variables["eos_token"] = Value::of(*special.eos);
  llvm::Expected<std::string> text = program.render(variables);
  if (text && special.bos && llvm::StringRef(*text).starts_with(*special.bos))
    text->erase(0, special.bos->size());
  return text;
}

static llvm::Error unknownTemplate(llvm::StringRef file,
                                   const llvm::Twine &why) {
  return makeError(ExitCode::Unreadable,
                   file + ": chat_template: unknown template (" + why +
                       "); choose one with --chat-template=bitnet|llama3|"
                       "chatml|none");
}

llvm::Expected<ChatTemplate>
recogniseChatTemplate(llvm::StringRef jinja, llvm::StringRef file,
                      const SpecialTexts &special) {
  llvm::Expected<jinja::Template> program = jinja::Template::parse(jinja);
  if (!program)
    return unknownTemplate(file, toFailure(program.takeError()).message);
  std::vector<std::string> texts;
  for (const std::vector<Message> &conversation : probes()) {
    llvm::Expected<std::string> text =
        renderProbe(*program, special, conversation);
    if (!text)
      return unknownTemplate(file, toFailure(text.takeError()).message);
    texts.push_back(std::move(*text));
  }
  for (const KnownTemplate &known : knownTemplates) {
    ChatTemplate candidate = expand(known);
    for (bool trims : {false, true}) {
      candidate.trimsContent = trims;
      if (llvm::equal(probes(), texts,
                      [&](const auto &conversation, const std::string &text) {
                        return compose(candidate, conversation) == text;
                      }))
        return candidate;
    }
  }
  return unknownTemplate(file, "it writes conversations in another way");
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// A special token of tokenizer_config.json: its text, or an object with it.
static std::optional<std::string> specialText(JsonFields &fields,
                                              llvm::StringRef key) {
  const llvm::json::Value *value = fields.get(key);
  if (!value)
    return std::nullopt;
  if (std::optional<JsonFields> object =
          value->getAsObject() ? fields.object(key) : std::nullopt) {
    std::string text = object->string("content", "");
    fields.adopt(*object);
    return text;
  }
  return fields.string(key, "");
}

/// The template of a list of {name, template}: the default one, or the only
/// one.
static std::optional<llvm::StringRef>
chooseTemplate(const llvm::json::Array &list) {
  std::optional<llvm::StringRef> only;
  for (const llvm::json::Value &element : list) {
    const llvm::json::Object *entry = element.getAsObject();
    std::optional<llvm::StringRef> name, text;
    if (entry) {
      name = entry->getString("name");
      text = entry->getString("template");
    }
    if (!name || !text)
      return std::nullopt;
    if (*name == "default")
      return text;
    only = text;
  }
  return list.size() == 1 ? only : std::nullopt;
}

llvm::Expected<ChatTemplate> readChatTemplateFiles(
    llvm::StringRef tokenizerConfig, llvm::StringRef tokenizerConfigFile,
    std::optional<llvm::StringRef> jinja, llvm::StringRef jinjaFile) {
  llvm::Expected<llvm::json::Object> top =
      parseJsonObject(tokenizerConfig, tokenizerConfigFile);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, tokenizerConfigFile.str());
  SpecialTexts special{specialText(fields, "bos_token"),
                       specialText(fields, "eos_token")};
  if (fields.failed())
    return fields.takeError();
  if (jinja)
    return recogniseChatTemplate(*jinja, jinjaFile, special);

  const llvm::json::Value *value = fields.get("chat_template");
  if (!value)
    return ChatTemplate();
  std::optional<llvm::StringRef> text = value->getAsString();
  if (const llvm::json::Array *list = value->getAsArray()) {
    text = chooseTemplate(*list);
    if (!text)
      return unknownTemplate(tokenizerConfigFile,
                             "a list without one named default");
  }
  if (!text)
    return makeError(ExitCode::Malformed,
                     tokenizerConfigFile +
                         ": chat_template: expected a string or a list, "
                         "found " +
                         describe(*value));
  return recogniseChatTemplate(*text, tokenizerConfigFile, special);
}

} // namespace tritc::import
