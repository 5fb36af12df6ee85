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
/// without any beginning-of-sequence token; the tokenizer puts exactly one in
/// front of the whole where the model has one.
struct ChatTemplate {
  std::string name = "none"; ///< "bitnet", "llama3", "chatml", "none"
  std::array<std::string, 3> prefix;
  std::array<std::string, 3> suffix;
  bool trimsContent = false; ///< strip white space around each content
  bool hasTemplate = false;  ///< false: plain completion, pieces are empty
};

/// "bitnet, llama3, chatml, none": what --chat-template= accepts.
llvm::StringRef chatTemplateNames();

/// The template called `name`; nullopt if there is none.
std::optional<ChatTemplate> chatTemplateByName(llvm::StringRef name);

/// Recognises a template by what it does: `jinja` is evaluated on a set of
/// probe conversations and must produce, to the byte, what one of the known
/// templates produces. White space inside tags, the names of variables and the
/// way a text is put together therefore do not matter, and a look-alike is never
/// accepted. `bosToken` is what the variable bos_token holds; one such token in
/// front is ignored. Anything else fails with ExitCode::Unreadable and names
/// --chat-template=.
llvm::Expected<ChatTemplate> recogniseChatTemplate(llvm::StringRef jinja,
                                                   llvm::StringRef file,
                                                   llvm::StringRef bosToken);

/// Reads the text of tokenizer_config.json: its key chat_template (a string, or
/// a list of {name, template} with a "default"). No key, or null: "none".
llvm::Expected<ChatTemplate> parseTokenizerConfig(llvm::StringRef text,
                                                  llvm::StringRef file);

} // namespace tritc::import
