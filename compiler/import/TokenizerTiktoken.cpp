//===- TokenizerTiktoken.cpp - Reading a tiktoken tokenizer.model ---------===//
//
// The file lists tokens, not merges: two neighbours merge when their bytes
// together are a token, the lowest rank first. So every way to cut a token into
// two tokens is a merge of that token's rank. For Llama 3 these are, but for
// the order among equals, the 280,147 merges of its tokenizer.json.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Error.h"
#include "compiler/import/Tokenizer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Base64.h"

using llvm::StringRef;
using llvm::Twine;

namespace tritc::import {

/// The longest of Llama 3 has 128 bytes. Finding all cuts of a token takes time
/// quadratic in its length.
static constexpr size_t longestToken = 512;
static constexpr uint32_t specialCount = 256;

/// The special tokens of Llama 3, in order of their ids.
static std::vector<std::string> llama3Specials() {
  auto reserved = [](uint32_t number) {
    return "<|reserved_special_token_" + std::to_string(number) + "|>";
  };
  std::vector<std::string> names = {"<|begin_of_text|>",   "<|end_of_text|>",
                                    reserved(0),           reserved(1),
                                    reserved(2),           reserved(3),
                                    "<|start_header_id|>", "<|end_header_id|>",
                                    reserved(4),           "<|eot_id|>"};
  for (uint32_t number = 5; names.size() < specialCount; ++number)
    names.push_back(reserved(number));
  return names;
}

/// One line "base64 rank"; the rank must be `rank`.
static llvm::Expected<std::string> parseLine(StringRef line, StringRef file,
                                             size_t rank) {
  auto fail = [&](ExitCode code, const Twine &what) {
    return makeError(code, file + ": line " + Twine(rank + 1) + ": " + what);
  };
  auto [encoded, number] = line.split(' ');
  std::vector<char> bytes;
  uint64_t found = 0;
  bool good = !encoded.empty() && !number.getAsInteger(10, found);
  if (llvm::Error error = llvm::decodeBase64(encoded, bytes)) {
    llvm::consumeError(std::move(error));
    good = false;
  }
  if (!good && rank == 0)
    return fail(ExitCode::Unreadable, "not supported, expected the form of "
                                      "tiktoken (base64, space, rank)");
  if (!good || bytes.empty())
    return fail(ExitCode::Malformed, "expected base64, space, rank");
  if (found != rank)
    return fail(ExitCode::Malformed,
                "expected rank " + Twine(rank) + ", found " + Twine(found));
  if (bytes.size() > longestToken)
    return fail(ExitCode::Malformed,
                "expected a token of at most " + Twine(longestToken) +
                    " bytes, found " + Twine(bytes.size()));
  return std::string(bytes.begin(), bytes.end());
}

/// Appends the merges of every token.
static void deriveMerges(const llvm::StringMap<uint32_t> &ranks,
                         TokenizerModel &model) {
  for (uint32_t rank = 0; rank < model.tokens.size(); ++rank) {
    StringRef token = model.tokens[rank];
    for (size_t cut = 1; cut < token.size(); ++cut) {
      auto left = ranks.find(token.take_front(cut));
      if (left == ranks.end())
        continue;
      auto right = ranks.find(token.drop_front(cut));
      if (right != ranks.end())
        model.merges.push_back({left->second, right->second, rank, rank});
    }
  }
}

static void addSpecials(TokenizerModel &model) {
  uint32_t first = static_cast<uint32_t>(model.tokens.size());
  for (std::string &name : llama3Specials()) {
    AddedToken token;
    token.id = static_cast<uint32_t>(model.tokens.size());
    token.special = true;
    model.added.push_back(token);
    model.tokens.push_back(std::move(name));
    model.isPiece.push_back(false);
  }
  model.bos = first;
  model.addsBos = true;
}

llvm::Expected<TokenizerModel> parseTiktoken(StringRef text, StringRef file,
                                             const TokenizerContext &context) {
  TokenizerModel model;
  llvm::StringMap<uint32_t> ranks;
  while (!text.empty()) {
    StringRef line;
    std::tie(line, text) = text.split('\n');
    size_t rank = model.tokens.size();
    auto bytes = parseLine(line.rtrim('\r'), file, rank);
    if (!bytes)
      return bytes.takeError();
    if (!ranks.try_emplace(*bytes, rank).second)
      return makeError(ExitCode::Malformed,
                       file + ": line " + Twine(rank + 1) + ": token " +
                           quoteToken(*bytes) + " stands twice");
    model.tokens.push_back(std::move(*bytes));
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    char spelled = static_cast<char>(byte);
    if (!ranks.contains(StringRef(&spelled, 1)))
      return makeError(ExitCode::Malformed,
                       file + ": no token for byte 0x" + llvm::utohexstr(byte));
  }
  model.isPiece.assign(model.tokens.size(), true);
  model.wholePiece = true;
  model.split = splitBy(llama3Expression);
  deriveMerges(ranks, model);
  addSpecials(model);
  if (model.tokens.size() > context.vocabSize)
    return makeError(ExitCode::Malformed,
                     file + ": expected at most the model's vocab_size " +
                         Twine(context.vocabSize) + " tokens, found " +
                         Twine(model.tokens.size()));
  return model;
}

} // namespace tritc::import
