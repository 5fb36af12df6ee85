//===- TestTokenizer.h - Small tokenizers for tests -----------------------===//
#pragma once

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "compiler/import/tokenizer/TokenizerTables.h"
#include "runtime/text/Tokenizer.h"

#include "llvm/ADT/StringRef.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tritc::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Ids 0 to 255 are the bytes; then one token per pair of `merges` that makes a
/// new spelling, in order; ranks follow the order of the pairs.
inline import::TokenizerModel modelOf(const Pairs &merges) {
  import::TokenizerModel model;
  model.split = import::splitBy(import::llama3Expression);
  std::map<std::string, uint32_t> ids;
  auto idOf = [&](const std::string &token) {
    auto [place, isNew] =
        ids.try_emplace(token, static_cast<uint32_t>(model.tokens.size()));
    if (isNew)
      model.tokens.push_back(token);
    return place->second;
  };
  for (unsigned byte = 0; byte < 256; ++byte)
    idOf(std::string(1, static_cast<char>(byte)));
  for (const auto &[left, right] : merges) {
    uint32_t merged = idOf(left + right);
    uint32_t rank = static_cast<uint32_t>(model.merges.size());
    model.merges.push_back({ids.at(left), ids.at(right), merged, rank});
  }
  model.isPiece.assign(model.tokens.size(), true);
  return model;
}

/// Adds `text` as an added token; returns its id.
inline uint32_t addToken(import::TokenizerModel &model, const std::string &text,
                         import::AddedToken flags = {}) {
  flags.id = static_cast<uint32_t>(model.tokens.size());
  model.tokens.push_back(text);
  model.isPiece.push_back(false);
  uint32_t id = flags.id;
  model.add(std::move(flags));
  return id;
}

inline uint32_t addSpecial(import::TokenizerModel &model,
                           const std::string &text) {
  import::AddedToken flags;
  flags.special = true;
  return addToken(model, text, flags);
}

/// Tables and the tokenizer that runs on them.
class TestTokenizer {
public:
  explicit TestTokenizer(const import::TokenizerModel &model)
      : bytes(import::buildTokenizerTables(model)), tokenizer(bytes.data()) {}

  const text::Tokenizer &get() const { return tokenizer; }
  const std::vector<uint8_t> &tables() const { return bytes; }

  std::vector<int32_t>
  encode(std::string_view text,
         text::SpecialTokens special = text::SpecialTokens::Recognise) const {
    base::Array<int32_t> ids;
    tokenizer.encode(text, special, ids);
    return {ids.begin(), ids.end()};
  }

  /// The spelling of each token of `text`.
  std::vector<std::string>
  tokens(std::string_view text,
         text::SpecialTokens special = text::SpecialTokens::Recognise) const {
    std::vector<std::string> spelled;
    for (int32_t id : encode(text, special))
      spelled.emplace_back(tokenizer.bytesOf(id));
    return spelled;
  }

private:
  std::vector<uint8_t> bytes;
  text::Tokenizer tokenizer;
};

} // namespace tritc::test
