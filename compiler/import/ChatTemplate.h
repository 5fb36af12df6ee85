//===- ChatTemplate.h - A chat template as prefixes and suffixes ----------===//
//
// A checkpoint describes how a conversation becomes text by a program in the
// Jinja language. The executable has no interpreter: the templates we know are
// reduced to literal pieces around each content (TritcChatTemplate).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <optional>
#include <string>

namespace tritc::import {

/// Roles in the order of TritcChatTemplate's arrays.
enum class Role : unsigned { System, User, Assistant };

/// The literal pieces of a template: a conversation is
///   { prefix[role] content suffix[role] }* prefix[Assistant]
/// without any beginning-of-sequence token.
struct ChatTemplate {
  std::string name = "none"; ///< "bitnet", "llama3", "chatml", "none"
  std::array<std::string, 3> prefix;
  std::array<std::string, 3> suffix;
  bool trimsContent = false; ///< strip white space around each content
  /// One beginning-of-sequence token in front even where the tokenizer, which
  /// some files keep from adding it, does not put one before plain text.
  bool startsWithBos = false;
  bool hasTemplate = false; ///< false: plain completion, pieces are empty
};

/// "bitnet, llama3, chatml, none": what --chat-template= accepts.
llvm::StringRef chatTemplateNames();

/// The template called `name`; nullopt if there is none.
std::optional<ChatTemplate> chatTemplateByName(llvm::StringRef name);

/// Texts of special tokens, as tokenizer_config.json names them.
struct SpecialTexts {
  std::optional<std::string> bos;
  std::optional<std::string> eos;
};

/// Recognises a template by what it does: `jinja` is evaluated on a set of
/// probe conversations and must produce, to the byte, what one of the known
/// templates produces. White space inside tags, the names of variables and the
/// way a text is put together therefore do not matter, and a look-alike is
/// never accepted. `special` gives the variables bos_token and eos_token; one
/// bos_token in front is ignored, it is the tokenizer's to add. Anything else
/// fails with ExitCode::Unreadable and names --chat-template=.
llvm::Expected<ChatTemplate> recogniseChatTemplate(llvm::StringRef jinja,
                                                   llvm::StringRef file,
                                                   const SpecialTexts &special);

/// The template of a checkpoint: `jinja` (the text of chat_template.jinja) if
/// there is such a file, else the key chat_template of tokenizer_config.json,
/// whose text is `tokenizerConfig`: a string, or a list of {name, template}
/// with a "default". No template at all: "none".
llvm::Expected<ChatTemplate> readChatTemplateFiles(
    llvm::StringRef tokenizerConfig, llvm::StringRef tokenizerConfigFile,
    std::optional<llvm::StringRef> jinja, llvm::StringRef jinjaFile);

} // namespace tritc::import
