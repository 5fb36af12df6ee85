//===- TokenizerTiktoken.cpp - Reading a tiktoken tokenizer.model ---------===//
//
// The file lists tokens, not merges: two neighbours merge when their bytes
// together are a token, the lowest rank first. So every way to cut a token into
// two tokens is a merge of that token's rank. For Llama 3 these are, but for
// the order among equals, the 280,147 merges of its tokenizer.json.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Base64.h"

using llvm::StringRef;
using llvm::Twine;

namespace tritc::import {

/// The longest of Llama 3 has 128 bytes. Finding all cuts of a token takes time
/// quadratic in its length.
static constexpr size_t longestToken = 512;

/// Those of a name with a number, "<|...reserved_special_token_0|>".
static void addReserved(std::vector<std::string> &names, const Twine &kind,
                        uint32_t first, uint32_t count) {
  for (uint32_t number = first; number < first + count; ++number)
    names.push_back(
        ("<|" + kind + "reserved_special_token_" + Twine(number) + "|>").str());
}

/// The special tokens of Llama 3, in order of their ids.
static std::vector<std::string> llama3Specials() {
  std::vector<std::string> names = {"<|begin_of_text|>", "<|end_of_text|>"};
  addReserved(names, "", 0, 4);
  names.insert(names.end(), {"<|start_header_id|>", "<|end_header_id|>"});
  addReserved(names, "", 4, 1);
  names.push_back("<|eot_id|>");
  addReserved(names, "", 5, 256 - uint32_t(names.size()));
  return names;
}

/// And of Llama 4.
static std::vector<std::string> llama4Specials() {
  std::vector<std::string> names = {"<|begin_of_text|>", "<|end_of_text|>",
                                    "<|fim_prefix|>",    "<|fim_middle|>",
                                    "<|fim_suffix|>",    "<|header_start|>",
                                    "<|header_end|>",    "<|eom|>",
                                    "<|eot|>",           "<|step|>"};
  addReserved(names, "text_post_train_", 0, 6);
  names.insert(names.end(), {"<|python_start|>", "<|python_end|>",
                             "<|finetune_right_pad|>"});
  addReserved(names, "text_post_train_", 8, 61);
  names.insert(names.end(), {"<|image_start|>", "<|image_end|>"});
  addReserved(names, "vision_", 0, 2);
  names.insert(names.end(), {"<|tile_x_separator|>", "<|tile_y_separator|>"});
  addReserved(names, "vision_", 2, 4);
  names.push_back("<|image|>");
  addReserved(names, "vision_", 6, 1);
  names.push_back("<|patch|>");
  addReserved(names, "vision_", 7, 1041);
  addReserved(names, "reasoning_", 0, 8);
  names.insert(names.end(),
               {"<|reasoning_thinking_start|>", "<|reasoning_thinking_end|>"});
  addReserved(names, "", 0, 2048 - uint32_t(names.size()));
  return names;
}

namespace {
/// What goes with a file of so many ranks, which says neither.
struct Family {
  size_t ranks;
  const llvm::StringLiteral &expression;
  std::vector<std::string> (*specials)();
};
} // namespace

static constexpr Family families[] = {
    {128000, llama3Expression, llama3Specials},
    {200000, o200kExpression, llama4Specials},
};

/// Below any published vocabulary (GPT-2's has 50,256). So small a file is one
/// made for a test, after Llama 3.
static constexpr size_t fewRanks = 50000;

static llvm::Expected<const Family *> familyOf(size_t ranks, StringRef file) {
  if (ranks < fewRanks)
    return &families[0];
  for (const Family &family : families)
    if (family.ranks == ranks)
      return &family;
  return makeError(ExitCode::Unreadable,
                   file +
                       ": not supported, expected the 128000 ranks of Llama "
                       "3 or the 200000 of Llama 4, found " +
                       Twine(ranks) +
                       "; name its tokenizer.json with --tokenizer=");
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

static void addSpecials(std::vector<std::string> names, TokenizerModel &model) {
  uint32_t first = static_cast<uint32_t>(model.tokens.size());
  for (std::string &name : names) {
    uint32_t id = static_cast<uint32_t>(model.tokens.size());
    model.tokens.push_back(std::move(name));
    model.isPiece.push_back(false);
    model.add({.id = id, .special = true});
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
  llvm::Expected<const Family *> family = familyOf(model.tokens.size(), file);
  if (!family)
    return family.takeError();
  model.isPiece.assign(model.tokens.size(), true);
  model.wholePiece = true;
  model.split = splitBy((*family)->expression);
  deriveMerges(ranks, model);
  addSpecials((*family)->specials(), model);
  if (model.tokens.size() > context.vocabSize)
    return makeError(ExitCode::Malformed,
                     file + ": expected at most the model's vocab_size " +
                         Twine(context.vocabSize) + " tokens, found " +
                         Twine(model.tokens.size()));
  return model;
}

} // namespace tritc::import
