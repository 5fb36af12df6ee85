//===- ChatTemplate.cpp - A chat template as prefixes and suffixes --------===//

#include "compiler/import/ChatTemplate.h"

#include "compiler/import/Error.h"
#include "compiler/import/FileKind.h"
#include "compiler/import/Json.h"
#include "compiler/import/JsonFields.h"
#include "compiler/import/MappedFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"

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
    {"falcon3", "<|", "|>\n", "\n", false, false, false},
};

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
    if (llvm::Error error =
            checkFileKind(*jinja, jinjaFile, "a chat template", Expects::Text))
      return std::move(error);
  if (jinja)
    return recogniseChatTemplate(*jinja, jinjaFile, special);

  const llvm::json::Value *value = fields.get("chat_template");
  if (!value)
    return ChatTemplate();
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

llvm::Expected<ChatTemplate> chosenChatTemplate(llvm::StringRef nameOrFile) {
  if (std::optional<ChatTemplate> named = chatTemplateByName(nameOrFile))
    return std::move(*named);
  if (!llvm::sys::fs::exists(nameOrFile))
    return makeError(ExitCode::Usage, "--chat-template=" + nameOrFile +
                                          ": expected one of " +
                                          chatTemplateNames() + " or a file");
  llvm::Expected<MappedFile> file = MappedFile::open(nameOrFile);
  if (!file)
    return file.takeError();
  if (llvm::Error error = checkFileKind(file->text(), file->path(),
                                        "a chat template", Expects::Text))
    return std::move(error);
  return recogniseChatTemplate(file->text(), file->path(), {"", ""});
}

} // namespace tritc::import
