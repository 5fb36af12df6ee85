//===- TokenizerModel.cpp - What every tokenizer file becomes -------------===//

#include "compiler/import/tokenizer/TokenizerModel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::import {

std::optional<uint32_t> TokenizerModel::findAdded(llvm::StringRef text) const {
  for (const AddedToken &token : added)
    if (token.spelling == text)
      return token.id;
  return std::nullopt;
}

void TokenizerModel::add(AddedToken token) {
  if (token.spelling.empty())
    token.spelling = tokens[token.id];
  added.push_back(std::move(token));
}

void TokenizerModel::protect(llvm::ArrayRef<llvm::StringRef> pieces) {
  for (AddedToken &token : added) {
    bool isSpace = llvm::StringRef(token.spelling).trim().empty();
    token.ofTemplate =
        !isSpace && llvm::any_of(pieces, [&](llvm::StringRef piece) {
          return piece.contains(token.spelling);
        });
  }
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

} // namespace tritc::import
