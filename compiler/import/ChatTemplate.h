//===- ChatTemplate.h - A chat template as prefixes and suffixes ----------===//
//
// A checkpoint describes how a conversation becomes text by a program in the
// Jinja language. The executable has no interpreter: the program is run on
// probe conversations and reduced to literal pieces around each content
// (TritcChatTemplate).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

/// Roles in the order of TritcChatTemplate's arrays.
enum class Role : unsigned { System, User, Assistant };

/// The literal pieces of a template: a conversation is
///   { prefix[role] content suffix[role] }* prefix[Assistant]
/// with `withoutSystem` in front if there is no system message, and without any
/// beginning-of-sequence token.
struct ChatTemplate {
  /// A name of chatTemplateNames(), or "own" for pieces that no name has.
  std::string name = "none";
  std::array<std::string, 3> prefix;
  std::array<std::string, 3> suffix;
  std::string withoutSystem; ///< a default system message, or empty
  bool trimsContent = false; ///< strip white space around each content
  /// One beginning-of-sequence token in front even where the tokenizer, which
  /// some files keep from adding it, does not put one before plain text.
  bool startsWithBos = false;
  bool hasTemplate = false; ///< false: plain completion, pieces are empty
};

/// The order of TritcChatTemplate's arrays, as templates spell them.
inline constexpr llvm::StringLiteral roleNames[] = {"system", "user",
                                                    "assistant"};

/// "bitnet, llama3, ..., none": the names that --chat-template= accepts.
std::string chatTemplateNames(llvm::StringRef separator = ", ");

/// All of them but "none".
std::vector<ChatTemplate> knownChatTemplates();

/// The template called `name`; nullopt if there is none.
std::optional<ChatTemplate> chatTemplateByName(llvm::StringRef name);

/// Texts of special tokens, as tokenizer_config.json names them.
struct SpecialTexts {
  std::optional<std::string> bos;
  std::optional<std::string> eos;
};

/// Reduces a template to what it does: `jinja` is run on a few conversations
/// with contents that are easy to find again, which gives the pieces, and then
/// on many that tell templates apart, of which it must make, to the byte, what
/// the pieces make. White space inside tags, the names of variables and the way
/// a text is put together therefore do not matter, and a template of another
/// kind is never accepted. `special` gives the variables bos_token and
/// eos_token; one bos_token in front is ignored, it is the tokenizer's to add.
/// Anything else fails with ExitCode::Unreadable, says what it is, and names
/// --chat-template=.
llvm::Expected<ChatTemplate> recogniseChatTemplate(llvm::StringRef jinja,
                                                   llvm::StringRef file,
                                                   const SpecialTexts &special);

/// "<file>: chat_template: unknown template (<why>); choose one with ...".
llvm::Error unknownChatTemplate(llvm::StringRef file, const llvm::Twine &why);

/// The argument of --chat-template=: a known name or else the path of a file
/// with a Jinja template. In such a file bos_token and eos_token are empty.
llvm::Expected<ChatTemplate> chosenChatTemplate(llvm::StringRef nameOrFile);

/// The template of a checkpoint: `jinja` (the text of chat_template.jinja) if
/// there is such a file, else the key chat_template of tokenizer_config.json,
/// whose text is `tokenizerConfig`: a string, or a list of {name, template}
/// with a "default". No template at all: "none".
llvm::Expected<ChatTemplate> readChatTemplateFiles(
    llvm::StringRef tokenizerConfig, llvm::StringRef tokenizerConfigFile,
    std::optional<llvm::StringRef> jinja, llvm::StringRef jinjaFile);

} // namespace tritc::import
