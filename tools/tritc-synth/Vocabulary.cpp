//===- Vocabulary.cpp - Tokens and merges of a synthetic tokenizer --------===//

#include "tools/tritc-synth/Vocabulary.h"

#include "tools/tritc-synth/Shape.h"
#include "tools/tritc-synth/Words.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>

namespace tritc::synth {

static bool standsForItself(unsigned byte) {
  return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) ||
         byte >= 174;
}

const std::vector<uint8_t> &alphabetOrder() {
  static const std::vector<uint8_t> order = [] {
    std::vector<uint8_t> bytes;
    for (bool printable : {true, false})
      for (unsigned byte = 0; byte < 256; ++byte)
        if (standsForItself(byte) == printable)
          bytes.push_back(uint8_t(byte));
    return bytes;
  }();
  return order;
}

std::string alphabetCharacter(uint8_t byte) {
  unsigned codePoint = byte;
  if (!standsForItself(byte)) {
    codePoint = 256;
    for (unsigned other = 0; other < byte; ++other)
      codePoint += !standsForItself(other);
  }
  if (codePoint < 128)
    return std::string(1, char(codePoint));
  return {char(0xc0 | codePoint >> 6), char(0x80 | (codePoint & 63))};
}

namespace {

/// A piece of text as a sequence of ids, and how often it occurs.
struct Piece {
  std::vector<uint32_t> ids;
  uint64_t count;
};

/// Tokens in the order of their ids, and the way back.
class TokenTable {
public:
  TokenTable() {
    for (uint8_t byte : alphabetOrder())
      add(std::string(1, char(byte)));
  }

  /// False if there is such a token already.
  bool add(std::string token) {
    if (!ids.try_emplace(token, uint32_t(tokens.size())).second)
      return false;
    tokens.push_back(std::move(token));
    return true;
  }

  const uint32_t *find(llvm::StringRef token) const {
    auto it = ids.find(token);
    return it == ids.end() ? nullptr : &it->second;
  }

  std::vector<std::string> tokens;

private:
  llvm::StringMap<uint32_t> ids;
};

} // namespace

static Piece makePiece(const TokenTable &table, llvm::StringRef text,
                       uint64_t count) {
  Piece piece{{}, count};
  for (size_t i = 0; i < text.size(); ++i)
    piece.ids.push_back(*table.find(text.substr(i, 1)));
  return piece;
}

/// The word list as a corpus: each word inside a sentence, at its start, and
/// after something that is no space; frequencies fall as in natural text.
static std::vector<Piece> makeCorpus(const TokenTable &table) {
  std::vector<Piece> corpus;
  for (auto [rank, word] : llvm::enumerate(wordList())) {
    uint64_t count = 600000 / (rank + 10);
    std::string capital = word.str();
    capital[0] = llvm::toUpper(capital[0]);
    corpus.push_back(makePiece(table, " " + word.str(), count));
    corpus.push_back(makePiece(table, " " + capital, count / 5));
    corpus.push_back(makePiece(table, word, count / 8));
    corpus.push_back(makePiece(table, capital, count / 8));
  }
  for (llvm::StringRef piece : pieceList())
    corpus.push_back(makePiece(table, piece, 2000));
  return corpus;
}

static void mergePair(std::vector<uint32_t> &ids,
                      std::pair<uint32_t, uint32_t> pair, uint32_t result) {
  size_t end = 0;
  for (size_t i = 0; i < ids.size(); ++i)
    if (i + 1 < ids.size() && ids[i] == pair.first &&
        ids[i + 1] == pair.second) {
      ids[end++] = result;
      ++i;
    } else {
      ids[end++] = ids[i];
    }
  ids.resize(end);
}

/// Byte-pair encoding as it is always learnt: the most frequent pair becomes a
/// token, until there are enough or none is left. Ties go to the lower ids.
static void learn(TokenTable &table, size_t target) {
  std::vector<Piece> corpus = makeCorpus(table);
  while (table.tokens.size() < target) {
    llvm::erase_if(corpus, [](const Piece &p) { return p.ids.size() < 2; });
    llvm::DenseMap<std::pair<uint32_t, uint32_t>, uint64_t> counts;
    for (const Piece &piece : corpus)
      for (size_t i = 0; i + 1 < piece.ids.size(); ++i)
        counts[{piece.ids[i], piece.ids[i + 1]}] += piece.count;
    if (counts.empty())
      return;
    auto best = *counts.begin();
    for (const auto &entry : counts)
      if (entry.second > best.second ||
          (entry.second == best.second && entry.first < best.first))
        best = entry;

    std::string token =
        table.tokens[best.first.first] + table.tokens[best.first.second];
    table.add(token);
    for (Piece &piece : corpus)
      mergePair(piece.ids, best.first, *table.find(token));
  }
}

/// Fills up with compounds of two learnt tokens of letters, short ones first;
/// `endsOfLearnt` are the second halves, which the first call finds.
static void compound(TokenTable &table, size_t target,
                     std::vector<std::string> &endsOfLearnt) {
  std::vector<std::string> starts, ends = endsOfLearnt;
  for (const std::string &token : table.tokens) {
    llvm::StringRef letters = token;
    bool spaced = letters.consume_front(" ");
    if (letters.size() < 2 || !llvm::all_of(letters, llvm::isAlpha))
      continue;
    starts.push_back(token);
    if (endsOfLearnt.empty() && !spaced && llvm::all_of(letters, llvm::isLower))
      ends.push_back(token);
  }
  endsOfLearnt = ends;
  size_t diagonals = starts.size() + ends.size();
  for (size_t sum = 0; sum < diagonals; ++sum)
    for (size_t i = sum < ends.size() ? 0 : sum - ends.size() + 1;
         i <= sum && i < starts.size(); ++i) {
      if (table.tokens.size() == target)
        return;
      table.add(starts[i] + ends[sum - i]);
    }
}

static std::vector<std::pair<uint32_t, uint32_t>>
listMerges(const TokenTable &table) {
  std::vector<std::pair<uint32_t, uint32_t>> merges;
  for (llvm::StringRef token : table.tokens) {
    size_t first = merges.size();
    for (size_t i = 1; i < token.size(); ++i) {
      const uint32_t *left = table.find(token.take_front(i));
      const uint32_t *right = table.find(token.drop_front(i));
      if (left && right)
        merges.emplace_back(*left, *right);
    }
    std::sort(merges.begin() + ptrdiff_t(first), merges.end());
  }
  return merges;
}

/// The published names, in the published order.
static std::vector<std::string> listSpecials(uint64_t count) {
  std::vector<std::string> names = {"<|begin_of_text|>", "<|end_of_text|>"};
  unsigned reserved = 0;
  auto reserve = [&] {
    names.push_back("<|reserved_special_token_" + std::to_string(reserved++) +
                    "|>");
  };
  while (names.size() < 6)
    reserve();
  names.push_back("<|start_header_id|>");
  names.push_back("<|end_header_id|>");
  reserve();
  names.push_back("<|eot_id|>");
  while (names.size() < count)
    reserve();
  return names;
}

static TokenTable learnTable(uint64_t count) {
  TokenTable table;
  learn(table, count);
  // Where compounds of two are not enough, there are some of three.
  std::vector<std::string> ends;
  for (size_t size = 0; size != table.tokens.size();) {
    size = table.tokens.size();
    compound(table, count, ends);
  }
  return table;
}

std::vector<std::string> learnTokens(uint64_t count) {
  return learnTable(count).tokens;
}

Vocabulary buildVocabulary(uint64_t vocab) {
  TokenTable table = learnTable(baseCount(vocab));
  return {table.tokens, listMerges(table), listSpecials(specialCount(vocab))};
}

} // namespace tritc::synth
