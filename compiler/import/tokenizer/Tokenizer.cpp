//===- Tokenizer.cpp - A checkpoint's tokenizer ---------------------------===//

#include "compiler/import/tokenizer/Tokenizer.h"

#include "compiler/import/tokenizer/TokenizerSentencePiece.h"
#include "compiler/support/Error.h"
#include "compiler/support/FileKind.h"
#include "compiler/support/Json.h"
#include "compiler/support/JsonFields.h"
#include "compiler/support/MappedFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace tritc::import {

/// Keeps every count and offset of the tables within 32 bits.
static constexpr uint64_t largestFile = uint64_t(1) << 30;

/// Takes BOS and EOS of config.json where the tokenizer names none, and checks
/// the BOS.
static llvm::Error settleEnds(TokenizerModel &model,
                              const TokenizerContext &context) {
  if (context.endToken && !model.addsEos &&
      *context.endToken < model.tokens.size())
    model.eos = context.endToken;
  if (model.bos || !context.bosToken)
    return llvm::Error::success();
  if (*context.bosToken >= model.tokens.size())
    return makeError(ExitCode::Malformed,
                     "config.json: bos_token_id: expected one of " +
                         llvm::Twine(model.tokens.size()) + " tokens, found " +
                         llvm::Twine(*context.bosToken));
  model.bos = context.bosToken;
  return llvm::Error::success();
}

/// A protobuf begins with the tag of its first field, which is neither "{" nor
/// a character of base64.
static bool isSentencePieceFile(llvm::StringRef text) {
  return text.starts_with("\n");
}

llvm::Expected<TokenizerModel> parseTokenizer(llvm::StringRef text,
                                              llvm::StringRef file,
                                              const TokenizerContext &context) {
  if (llvm::Error error =
          checkFileKind(text, file, "a tokenizer", Expects::Text))
    return std::move(error);
  if (file.ends_with(".json") || text.ltrim().starts_with("{"))
    return parseTokenizerJson(text, file, context);
  return isSentencePieceFile(text) ? parseSentencePiece(text, file, context)
                                   : parseTiktoken(text, file, context);
}

/// Maps a file of `directory` if it is there.
static llvm::Expected<std::optional<MappedFile>>
openBeside(llvm::StringRef directory, llvm::StringRef name) {
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, name);
  if (!llvm::sys::fs::exists(path))
    return std::optional<MappedFile>();
  llvm::Expected<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return std::optional<MappedFile>(std::move(*file));
}

/// The settings of Hugging Face's LlamaTokenizer, which are no part of a
/// SentencePiece file, with its defaults.
static llvm::Error readSentencePieceSettings(llvm::StringRef directory,
                                             TokenizerModel &model) {
  auto file = openBeside(directory, "tokenizer_config.json");
  if (!file)
    return file.takeError();
  llvm::StringRef path = *file ? (*file)->path() : "tokenizer_config.json";
  auto settings = parseJsonObject(*file ? (*file)->text() : "{}", path);
  if (!settings)
    return settings.takeError();
  JsonFields fields(*settings, path.str());
  model.addsBos = model.bos && fields.boolean("add_bos_token", true);
  model.addsEos = model.eos && fields.boolean("add_eos_token", false);
  bool wantsSpace = fields.boolean("add_prefix_space", true);
  bool isLegacy = fields.boolean("legacy", true);
  if (fields.failed())
    return fields.takeError();
  if (model.spacePrefix == SpacePrefix::Nowhere || !wantsSpace)
    model.spacePrefix = SpacePrefix::Nowhere;
  else if (isLegacy)
    model.spacePrefix = SpacePrefix::Everywhere;
  return llvm::Error::success();
}

/// added_tokens.json: {"<pad>": 32000, ...}, ids behind the pieces.
static llvm::Error readAddedTokens(llvm::StringRef directory,
                                   const TokenizerContext &context,
                                   TokenizerModel &model) {
  auto file = openBeside(directory, "added_tokens.json");
  if (!file)
    return file.takeError();
  if (!*file)
    return llvm::Error::success();
  auto tokens = parseJsonObject((*file)->text(), (*file)->path(),
                                {.duplicates = DuplicateKeys::Reject});
  if (!tokens)
    return tokens.takeError();
  std::vector<std::pair<uint64_t, llvm::StringRef>> byId;
  for (auto [text, value] : inOrder(*tokens))
    byId.emplace_back(value->getAsUINT64().value_or(UINT64_MAX), text);
  llvm::sort(byId);
  for (auto [id, text] : byId) {
    uint64_t next = model.tokens.size();
    if (id < next && model.tokens[id] == text)
      continue;
    if (id != next || id >= context.vocabSize || text.empty())
      return makeError(ExitCode::Malformed,
                       (*file)->path() + ": token " + quoteToken(text) +
                           ": expected id " + llvm::Twine(next) +
                           " below the model's vocab_size " +
                           llvm::Twine(context.vocabSize) + ", found " +
                           describe(*tokens->get(text)));
    model.tokens.push_back(text.str());
    model.isPiece.push_back(false);
    model.add({.id = uint32_t(id)});
  }
  return llvm::Error::success();
}

/// tokenizer.json or tokenizer.model of `directory`, or the chosen file.
static llvm::Expected<std::string>
findTokenizer(llvm::StringRef directory, const TokenizerContext &context) {
  if (context.file)
    return *context.file;
  for (llvm::StringRef name : {"tokenizer.json", "tokenizer.model"}) {
    llvm::SmallString<128> path(directory);
    llvm::sys::path::append(path, name);
    if (llvm::sys::fs::exists(path))
      return path.str().str();
  }
  return makeError(ExitCode::Unreadable,
                   "tokenizer.json: not found in " + directory +
                       ", nor tokenizer.model; name one with --tokenizer=");
}

llvm::Expected<TokenizerModel> readTokenizer(llvm::StringRef directory,
                                             const TokenizerContext &context) {
  llvm::Expected<std::string> path = findTokenizer(directory, context);
  if (!path)
    return path.takeError();
  llvm::Expected<MappedFile> file = MappedFile::open(*path);
  if (!file)
    return file.takeError();
  if (file->text().size() > largestFile)
    return makeError(ExitCode::Unreadable,
                     *path + ": too large, expected at most " +
                         llvm::Twine(largestFile) + " bytes, found " +
                         llvm::Twine(file->text().size()));
  auto model = parseTokenizer(file->text(), *path, context);
  if (!model)
    return model.takeError();
  if (isSentencePieceFile(file->text())) {
    if (llvm::Error error = readSentencePieceSettings(directory, *model))
      return std::move(error);
    if (llvm::Error error = readAddedTokens(directory, context, *model))
      return std::move(error);
  }
  if (llvm::Error error = settleEnds(*model, context))
    return std::move(error);
  return model;
}

} // namespace tritc::import
