//===- Tokenizer.cpp - A checkpoint's tokenizer ---------------------------===//

#include "compiler/import/Tokenizer.h"

#include "compiler/import/Error.h"
#include "compiler/import/MappedFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::import {

/// Keeps every count and offset of the tables within 32 bits.
static constexpr uint64_t largestFile = uint64_t(1) << 30;

std::optional<uint32_t> TokenizerModel::findAdded(llvm::StringRef text) const {
  for (const AddedToken &token : added)
    if (tokens[token.id] == text)
      return token.id;
  return std::nullopt;
}

std::string quoteToken(llvm::StringRef token) {
  constexpr size_t shown = 40;
  std::string quoted;
  llvm::raw_string_ostream os(quoted);
  os << '"';
  llvm::printEscapedString(token.take_front(shown), os);
  os << (token.size() > shown ? "...\"" : "\"");
  return quoted;
}

/// Takes the BOS of config.json where the tokenizer names none, and checks it.
static llvm::Error settleBos(TokenizerModel &model,
                             const TokenizerContext &context) {
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

llvm::Expected<TokenizerModel> readTokenizer(llvm::StringRef directory,
                                             const TokenizerContext &context) {
  struct Form {
    llvm::StringRef file;
    decltype(&parseTokenizerJson) parse;
  };
  static constexpr Form forms[] = {{"tokenizer.json", parseTokenizerJson},
                                   {"tokenizer.model", parseTiktoken}};
  for (const Form &form : forms) {
    llvm::SmallString<128> path(directory);
    llvm::sys::path::append(path, form.file);
    if (!llvm::sys::fs::exists(path))
      continue;
    llvm::Expected<MappedFile> file = MappedFile::open(path);
    if (!file)
      return file.takeError();
    if (file->text().size() > largestFile)
      return makeError(ExitCode::Unreadable,
                       path.str() + ": too large, expected at most " +
                           llvm::Twine(largestFile) + " bytes, found " +
                           llvm::Twine(file->text().size()));
    auto model = form.parse(file->text(), path, context);
    if (!model)
      return model.takeError();
    if (llvm::Error error = settleBos(*model, context))
      return std::move(error);
    return model;
  }
  return makeError(ExitCode::Unreadable,
                   "tokenizer.json: not found in " + directory);
}

} // namespace tritc::import
