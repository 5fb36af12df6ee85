//===- ChatTemplate.cpp - A chat template as prefixes and suffixes --------===//

#include "compiler/import/template/ChatTemplate.h"

#include "compiler/support/Error.h"
#include "compiler/support/FileKind.h"
#include "compiler/support/Json.h"
#include "compiler/support/JsonFields.h"
#include "compiler/support/MappedFile.h"

#include "runtime/abi/ChatTemplate.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

namespace tritc::import {

//===----------------------------------------------------------------------===//
// The templates we know
//===----------------------------------------------------------------------===//

namespace {
/// A message is begin + role + end + content + suffix; the role is spelled
/// "User" or "user".
struct KnownTemplate {
  llvm::StringLiteral name;
  llvm::StringLiteral begin;
  llvm::StringLiteral end;
  llvm::StringLiteral suffix;
  bool capitalizesRole;
  bool trimsContent;
  bool addsBos;
};
} // namespace

static constexpr KnownTemplate knownTemplates[] = {
    {"bitnet", "", ": ", "<|eot_id|>", true, true, true},
    {"llama3", "<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>",
     false, true, true},
    {"chatml", "<|im_start|>", "\n", "<|im_end|>\n", false, false, false},
    {"falcon3", "<|", "|>\n", "\n", false, false, false},
};

static ChatTemplate expand(const KnownTemplate &known) {
  ChatTemplate chat;
  chat.name = known.name.str();
  chat.rules.hasTemplate = true;
  chat.rules.addsBos = known.addsBos;
  auto prefix = [&](llvm::StringRef role) {
    std::string spelled = role.str();
    if (known.capitalizesRole)
      spelled[0] = llvm::toUpper(spelled[0]);
    return (known.begin + spelled + known.end).str();
  };
  std::string suffix = known.suffix.str(), user = prefix("user"),
              assistant = prefix("assistant");
  uint32_t spaces = known.trimsContent ? TRITC_ALL_SPACES : 0;
  TritcTrim trim = {spaces, spaces, 0};
  for (bool hasSystem : {false, true}) {
    auto &[pieces, trims] = chat.turns[hasSystem];
    pieces[TRITC_CHAT_OPEN] = hasSystem ? prefix("system") : user;
    if (hasSystem)
      pieces[TRITC_CHAT_AFTER_SYSTEM] = suffix + user;
    for (int later : {0, 1}) {
      pieces[TRITC_CHAT_TO_ANSWER + later] = suffix + assistant;
      pieces[TRITC_CHAT_TO_USER + later] = suffix + user;
      pieces[TRITC_CHAT_PROMPT + later] = suffix + assistant;
    }
    trims = {hasSystem ? trim : TritcTrim{}, trim, trim, trim, {}};
  }
  return chat;
}

std::string chatTemplateNames(llvm::StringRef separator) {
  std::string names;
  for (const KnownTemplate &known : knownTemplates)
    names += (known.name + separator).str();
  return names + "none";
}

std::vector<ChatTemplate> knownChatTemplates() {
  std::vector<ChatTemplate> templates;
  for (const KnownTemplate &known : knownTemplates)
    templates.push_back(expand(known));
  return templates;
}

std::optional<ChatTemplate> chatTemplateByName(llvm::StringRef name) {
  if (name == "none")
    return ChatTemplate();
  for (const KnownTemplate &known : knownTemplates)
    if (known.name == name)
      return expand(known);
  return std::nullopt;
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

ChatTemplate missingChatTemplate() {
  ChatTemplate none;
  none.rules.isMissed = true;
  return none;
}

/// Adds those of one file to `special`, over what is there.
static llvm::Error addSpecialTexts(JsonFields &fields, SpecialTexts &special) {
  for (const char *key : {"bos_token", "eos_token", "unk_token", "sep_token",
                          "pad_token", "cls_token", "mask_token"})
    if (std::optional<std::string> text = specialText(fields, key))
      special[key] = *text;
  return fields.failed() ? fields.takeError() : llvm::Error::success();
}

llvm::Expected<SpecialTexts>
readSpecialTexts(llvm::StringRef tokenizerConfig, llvm::StringRef file,
                 std::optional<llvm::StringRef> map, llvm::StringRef mapFile) {
  SpecialTexts special;
  llvm::Expected<llvm::json::Object> top =
      parseJsonObject(tokenizerConfig, file);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, file.str());
  if (llvm::Error error = addSpecialTexts(fields, special))
    return std::move(error);
  if (!map || top->get("added_tokens_decoder"))
    return special;
  llvm::Expected<llvm::json::Object> older = parseJsonObject(*map, mapFile);
  if (!older)
    return older.takeError();
  JsonFields olderFields(*older, mapFile.str());
  if (llvm::Error error = addSpecialTexts(olderFields, special))
    return std::move(error);
  return special;
}

llvm::Expected<ChatTemplate>
readChatTemplateFiles(llvm::StringRef tokenizerConfig,
                      llvm::StringRef tokenizerConfigFile,
                      std::optional<llvm::StringRef> jinja,
                      llvm::StringRef jinjaFile, const SpecialTexts &special) {
  llvm::Expected<llvm::json::Object> top =
      parseJsonObject(tokenizerConfig, tokenizerConfigFile);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, tokenizerConfigFile.str());
  if (jinja)
    if (llvm::Error error =
            checkFileKind(*jinja, jinjaFile, "a chat template", Expects::Text))
      return std::move(error);
  if (jinja)
    return recogniseChatTemplate(*jinja, jinjaFile, special);

  const llvm::json::Value *value = fields.get("chat_template");
  if (!value)
    return missingChatTemplate();
  std::optional<llvm::StringRef> text = value->getAsString();
  if (const llvm::json::Array *list = value->getAsArray()) {
    text = chooseTemplate(*list);
    if (!text)
      return unknownChatTemplate(tokenizerConfigFile,
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

llvm::Error checkChosenTemplate(llvm::StringRef nameOrFile) {
  if (chatTemplateByName(nameOrFile) || llvm::sys::fs::exists(nameOrFile))
    return llvm::Error::success();
  return makeError(ExitCode::Usage, "--chat-template=" + nameOrFile +
                                        ": expected one of " +
                                        chatTemplateNames() + " or a file");
}

llvm::Expected<ChatTemplate> chosenChatTemplate(llvm::StringRef nameOrFile,
                                                const SpecialTexts &special) {
  if (llvm::Error error = checkChosenTemplate(nameOrFile))
    return error;
  if (std::optional<ChatTemplate> named = chatTemplateByName(nameOrFile))
    return std::move(*named);
  llvm::Expected<MappedFile> file = MappedFile::open(nameOrFile);
  if (!file)
    return file.takeError();
  if (llvm::Error error = checkFileKind(file->text(), file->path(),
                                        "a chat template", Expects::Text))
    return std::move(error);
  return recogniseChatTemplate(file->text(), file->path(), special);
}

} // namespace tritc::import
