//===- ChatTemplate.h - A chat template as literal pieces -----------------===//
//
// A checkpoint describes how a conversation becomes text by a program in the
// Jinja language. The executable has no interpreter: the program is run on
// probe conversations and reduced to literal pieces between the contents and
// rules for the contents (TritcChatTemplate of runtime/abi/Image.h).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Image.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

/// Conversations with, or those without, a system message.
struct ChatTurns {
  std::array<std::string, TRITC_CHAT_PIECES> pieces; ///< by TritcChatPiece
  TritcChatTrims trims{};
};

/// TritcChatTemplate with texts of its own.
struct ChatTemplate {
  ChatTurns turns[2];        ///< without, with a system message
  std::string name = "none"; ///< of chatTemplateNames(), or "own"
  std::string cutAfter;
  TritcChatRules rules = {0, 0, /*takesSystem=*/1, 0, 0, 0, 0, 0};
  /// What people should know of it, in words; empty for nothing.
  std::string remark;
};

/// "bitnet, llama3, ..., none": the names that --chat-template= accepts.
std::string chatTemplateNames(llvm::StringRef separator = ", ");

/// All of them but "none".
std::vector<ChatTemplate> knownChatTemplates();

/// The template called `name`; nullopt if there is none.
std::optional<ChatTemplate> chatTemplateByName(llvm::StringRef name);

/// Texts of special tokens by the names that templates know them by
/// ("bos_token"), as tokenizer_config.json has them. What is not here is
/// undefined.
using SpecialTexts = std::map<std::string, std::string>;

/// Reduces a template to what it does: `jinja` is run on a few conversations
/// with contents that are easy to find again, which gives the pieces, and then
/// on many that tell templates apart, of which it must make, to the byte, what
/// the pieces make. White space inside tags, the names of variables and the way
/// a text is put together therefore do not matter, and a template of another
/// kind is never accepted. What cannot be reduced fails with
/// ExitCode::Unreadable, says what it is, and names --chat-template=.
llvm::Expected<ChatTemplate> recogniseChatTemplate(llvm::StringRef jinja,
                                                   llvm::StringRef file,
                                                   const SpecialTexts &special);

/// "<file>: chat_template: unknown template (<why>); choose one with ...".
llvm::Error unknownChatTemplate(llvm::StringRef file, const llvm::Twine &why);

/// Usage unless --chat-template= names a template or a file.
llvm::Error checkChosenTemplate(llvm::StringRef nameOrFile);

/// The argument of --chat-template=: a known name or else the path of a file
/// with a Jinja template, whose special tokens are the checkpoint's.
llvm::Expected<ChatTemplate> chosenChatTemplate(llvm::StringRef nameOrFile,
                                                const SpecialTexts &special);

/// The special tokens that tokenizer_config.json, whose text this is, names;
/// and `map`, the text of special_tokens_map.json if there is such a file,
/// where the first one is of the time when that was their place: without
/// added_tokens_decoder (as transformers does).
llvm::Expected<SpecialTexts>
readSpecialTexts(llvm::StringRef tokenizerConfig, llvm::StringRef file,
                 std::optional<llvm::StringRef> map = std::nullopt,
                 llvm::StringRef mapFile = "special_tokens_map.json");

/// The template of a checkpoint: `jinja` (the text of chat_template.jinja) if
/// there is such a file, else the key chat_template of tokenizer_config.json,
/// whose text is `tokenizerConfig`: a string, or a list of {name, template}
/// with a "default". No template at all: "none", which is missed.
llvm::Expected<ChatTemplate>
readChatTemplateFiles(llvm::StringRef tokenizerConfig,
                      llvm::StringRef tokenizerConfigFile,
                      std::optional<llvm::StringRef> jinja,
                      llvm::StringRef jinjaFile, const SpecialTexts &special);

/// "none" where a checkpoint has no template and nobody chose one.
ChatTemplate missingChatTemplate();

} // namespace tritc::import
