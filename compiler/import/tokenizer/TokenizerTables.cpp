//===- TokenizerTables.cpp - What the emitted program tokenizes with ------===//

#include "compiler/import/tokenizer/TokenizerTables.h"

#include "compiler/import/tokenizer/TokenizerAlphabet.h"
#include "compiler/import/tokenizer/TokenizerClasses.h"
#include "compiler/import/tokenizer/TokenizerNormalForm.h"
#include "runtime/abi/Tokenizer.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

namespace tritc::import {

namespace {

/// Lays the sections out one after the other behind the header.
class Block {
public:
  TritcTokenizerHeader header = {};

  Block() : bytes(sizeof(TritcTokenizerHeader)) {}

  /// Appends a section, 8-byte aligned; returns its offset.
  template <typename T>
  uint64_t append(llvm::ArrayRef<T> elements) {
    bytes.resize(llvm::alignTo(bytes.size(), 8));
    uint64_t offset = bytes.size();
    const auto *first = reinterpret_cast<const uint8_t *>(elements.data());
    bytes.insert(bytes.end(), first, first + elements.size() * sizeof(T));
    return offset;
  }

  std::vector<uint8_t> finish() {
    bytes.resize(llvm::alignTo(bytes.size(), 64));
    header.magic = TRITC_TOKENIZER_MAGIC;
    header.version = TRITC_TOKENIZER_VERSION;
    header.headerBytes = sizeof(header);
    header.tableBytes = bytes.size();
    memcpy(bytes.data(), &header, sizeof(header));
    return std::move(bytes);
  }

private:
  std::vector<uint8_t> bytes;
};

} // namespace

/// Two slots in three are taken: about five probes for a key that is missing,
/// two for one that is there.
static uint32_t slotsFor(size_t keys) {
  return static_cast<uint32_t>(keys + keys / 2 + 1);
}

/// First slot from that of `hash` on for which `isFree`.
template <typename T, typename IsFree>
static T &freeSlot(std::vector<T> &table, uint64_t hash, IsFree isFree) {
  uint32_t slots = static_cast<uint32_t>(table.size());
  uint32_t slot = tritc_token_slot(hash, slots);
  while (!isFree(table[slot]))
    slot = slot + 1 == slots ? 0 : slot + 1;
  return table[slot];
}

static void addTokens(const TokenizerModel &model, Block &block) {
  std::vector<uint32_t> offsets = {0};
  std::vector<uint8_t> bytes;
  for (const std::string &token : model.tokens) {
    bytes.insert(bytes.end(), token.begin(), token.end());
    offsets.push_back(static_cast<uint32_t>(bytes.size()));
  }
  block.header.tokenCount = static_cast<uint32_t>(model.tokens.size());
  block.header.tokenOffsets = block.append<uint32_t>(offsets);
  block.header.tokenBytes = block.append<uint8_t>(bytes);
  llvm::fill(block.header.byteTokens, -1);
  for (size_t byte = 0; byte < model.byteTokens.size(); ++byte)
    block.header.byteTokens[byte] =
        static_cast<int32_t>(model.byteTokens[byte]);
  if (!model.byteTokens.empty())
    return;
  for (size_t id = 0; id < model.tokens.size(); ++id)
    if (model.isPiece[id] && model.tokens[id].size() == 1)
      block.header.byteTokens[static_cast<uint8_t>(model.tokens[id][0])] =
          static_cast<int32_t>(id);
}

/// Only looked at when whole pieces or characters may be tokens.
static void addPieces(const TokenizerModel &model, Block &block) {
  if (!model.wholePiece && model.byteTokens.empty())
    return;
  std::vector<int32_t> table(slotsFor(model.tokens.size()), -1);
  for (size_t id = 0; id < model.tokens.size(); ++id) {
    const std::string &token = model.tokens[id];
    if (!model.isPiece[id])
      continue;
    uint64_t hash = tritc_piece_hash(
        reinterpret_cast<const uint8_t *>(token.data()), token.size());
    freeSlot(table, hash, [](int32_t slot) { return slot < 0; }) =
        static_cast<int32_t>(id);
  }
  block.header.pieceSlots = static_cast<uint32_t>(table.size());
  block.header.pieceTable = block.append<int32_t>(table);
}

static void addMerges(const TokenizerModel &model, Block &block) {
  std::vector<TritcMerge> table(slotsFor(model.merges.size()),
                                TritcMerge{-1, -1, -1, 0});
  for (const TokenizerMerge &merge : model.merges) {
    int32_t left = static_cast<int32_t>(merge.left);
    int32_t right = static_cast<int32_t>(merge.right);
    freeSlot(table, tritc_merge_hash(left, right), [](const TritcMerge &slot) {
      return slot.merged < 0;
    }) = {left, right, static_cast<int32_t>(merge.merged), merge.rank};
  }
  block.header.mergeSlots = static_cast<uint32_t>(table.size());
  block.header.mergeTable = block.append<TritcMerge>(table);
}

static uint32_t flagsOf(const AddedToken &token) {
  return (token.special || token.ofTemplate ? TRITC_ADDED_PROTECTED : 0) |
         (token.leftStrip ? TRITC_ADDED_LEFT_STRIP : 0) |
         (token.rightStrip ? TRITC_ADDED_RIGHT_STRIP : 0);
}

/// A bit for each token that `isIn`.
static std::vector<uint8_t>
bitsOf(const TokenizerModel &model,
       llvm::function_ref<bool(const AddedToken &)> isIn) {
  std::vector<uint8_t> bits((model.tokens.size() + 7) / 8);
  for (const AddedToken &token : model.added)
    if (isIn(token))
      bits[token.id / 8] |= 1u << (token.id % 8);
  return bits;
}

static void addAdded(const TokenizerModel &model, Block &block) {
  std::vector<AddedToken> sorted = model.added;
  llvm::sort(sorted, [&](const AddedToken &a, const AddedToken &b) {
    if (a.normalized != b.normalized)
      return b.normalized;
    // As bytes: StringRef compares unsigned characters, the shorter first.
    return llvm::StringRef(a.spelling) < b.spelling;
  });
  std::vector<TritcAddedToken> entries;
  std::vector<uint8_t> bytes;
  for (const AddedToken &token : sorted) {
    entries.push_back({static_cast<int32_t>(token.id), flagsOf(token),
                       static_cast<uint32_t>(bytes.size()),
                       static_cast<uint32_t>(token.spelling.size())});
    bytes.insert(bytes.end(), token.spelling.begin(), token.spelling.end());
    uint8_t first = static_cast<uint8_t>(token.spelling[0]);
    block.header.addedFirstBytes[token.normalized][first / 8] |= 1u
                                                                 << (first % 8);
  }
  block.header.addedCount = static_cast<uint32_t>(entries.size());
  block.header.rawAddedCount = static_cast<uint32_t>(llvm::count_if(
      sorted, [](const AddedToken &token) { return !token.normalized; }));
  block.header.addedTokens = block.append<TritcAddedToken>(entries);
  block.header.addedBytes = block.append<uint8_t>(bytes);
  block.header.specialBits = block.append<uint8_t>(
      bitsOf(model, [](const AddedToken &token) { return token.special; }));
  block.header.protectedBits =
      block.append<uint8_t>(bitsOf(model, [](const AddedToken &token) {
        return token.special || token.ofTemplate;
      }));
}

template <typename T>
static void addByCodePoint(const CodePointTable<T> &table, Block &block,
                           uint64_t &index, uint64_t &blocks) {
  index = block.append<uint16_t>(table.index());
  blocks = block.append<T>(table.blocks());
}

static TritcSplitItem itemOf(const PatternItem &item, uint64_t mask) {
  if (item.kind == PatternItem::Run)
    return {mask, item.least, item.most};
  return {mask, item.kind == PatternItem::Followed, TRITC_SPLIT_LOOK};
}

namespace {
/// Lays alternatives out: those of one list stand together, their choices
/// behind them.
class SplitLayout {
public:
  explicit SplitLayout(const CharacterClasses &classes) : classes(classes) {}

  /// Returns the place of the first.
  uint32_t add(llvm::ArrayRef<PatternAlternative> list);

  std::vector<TritcSplitAlternative> alternatives;
  std::vector<TritcSplitItem> items;

private:
  uint64_t firstOf(const TritcSplitAlternative &alternative) const;

  const CharacterClasses &classes;
};
} // namespace

/// The classes that a match begins with; 0 if it may take no character.
uint64_t SplitLayout::firstOf(const TritcSplitAlternative &alternative) const {
  uint64_t first = 0;
  for (uint32_t i = 0; i < alternative.itemCount; ++i) {
    const TritcSplitItem &item = items[alternative.firstItem + i];
    if (item.most == TRITC_SPLIT_LOOK)
      continue;
    first |= item.set;
    if (item.least > 0)
      return first;
  }
  for (uint32_t i = 0; i < alternative.choiceCount; ++i) {
    uint64_t choice = alternatives[alternative.firstChoice + i].first;
    if (choice == 0)
      return 0;
    first |= choice;
  }
  return alternative.choiceCount == 0 ? 0 : first;
}

uint32_t SplitLayout::add(llvm::ArrayRef<PatternAlternative> list) {
  uint32_t place = uint32_t(alternatives.size());
  alternatives.resize(place + list.size());
  for (auto [index, pattern] : llvm::enumerate(list)) {
    TritcSplitAlternative made = {};
    made.firstItem = uint32_t(items.size());
    made.itemCount = uint32_t(pattern.items.size());
    for (const PatternItem &item : pattern.items)
      items.push_back(itemOf(item, classes.maskOf(items.size())));
    made.choiceCount = uint32_t(pattern.choices.size());
    made.firstChoice = add(pattern.choices);
    made.first = firstOf(made);
    alternatives[place + index] = made;
  }
  return place;
}

/// The stages that cut text, and the classes of characters they tell apart.
static void addSplit(const TokenizerModel &model, Block &block) {
  CharacterClasses classes(model.split);
  SplitLayout layout(classes);
  std::vector<TritcSplitStage> stages;
  for (const SplitStage &stage : model.split)
    stages.push_back({layout.add(stage.pattern.alternatives),
                      uint32_t(stage.pattern.alternatives.size()),
                      (stage.joinsMatches ? TRITC_SPLIT_JOINED : 0) |
                          (stage.onBytes ? TRITC_SPLIT_BYTES : 0),
                      0});
  CodePointTable<uint8_t> table = classes.table();
  for (uint32_t byte = 0; byte < 256; ++byte)
    block.header.byteClasses[byte] = table[alphabetCharacter(uint8_t(byte))];
  block.header.spaceClasses = classes.space();
  block.header.splitStages = uint32_t(stages.size());
  block.header.stages = block.append<TritcSplitStage>(stages);
  block.header.alternatives =
      block.append<TritcSplitAlternative>(layout.alternatives);
  block.header.items = block.append<TritcSplitItem>(layout.items);
  addByCodePoint(table, block, block.header.classIndex,
                 block.header.classBlocks);
}

/// What the normal form of a text looks up.
static void addNormalForm(NormalForm form, Block &block) {
  const NormalFormTables &tables = normalFormTables(form);
  block.header.normalEntries = block.append<TritcNormalEntry>(tables.entries);
  block.header.normalCharacters = block.append<uint32_t>(tables.characters);
  block.header.compositionCount = uint32_t(tables.compositions.size());
  block.header.compositions =
      block.append<TritcComposition>(tables.compositions);
  addByCodePoint(tables.entryOf, block, block.header.normalIndex,
                 block.header.normalBlocks);
}

static uint32_t flagsOf(NormalForm form) {
  if (form == NormalForm::AsItIs)
    return 0;
  return TRITC_TOKENIZER_NORMAL_FORM |
         (isComposed(form) ? 0 : TRITC_TOKENIZER_DECOMPOSED);
}

static uint32_t spaceNumber(const TokenizerModel &model) {
  uint32_t unless = model.spaceUnlessThere ? TRITC_SPACE_UNLESS_THERE : 0;
  switch (model.spacePrefix) {
  case SpacePrefix::Nowhere:
    return TRITC_SPACE_NOWHERE;
  case SpacePrefix::AtStart:
    return TRITC_SPACE_AT_START | unless;
  case SpacePrefix::Everywhere:
    return TRITC_SPACE_EVERYWHERE | unless;
  }
  llvm_unreachable("all places are named");
}

/// Bytes of a text that one token can stand for.
static uint32_t longestToken(const TokenizerModel &model) {
  // A character without a token of its own becomes the unknown one.
  size_t longest = 4;
  for (const std::string &token : model.tokens)
    longest = std::max(longest, token.size());
  for (const AddedToken &token : model.added)
    longest = std::max(longest, token.spelling.size());
  // Normalizing makes text shorter: at most four bytes become one.
  bool isNormalized =
      model.normalForm != NormalForm::AsItIs || !model.byteTokens.empty();
  return uint32_t(longest * (isNormalized ? 4 : 1));
}

std::vector<uint8_t> buildTokenizerTables(const TokenizerModel &model) {
  Block block;
  bool isSentencePiece = !model.byteTokens.empty();
  block.header.bosId = model.bos ? static_cast<int32_t>(*model.bos) : -1;
  block.header.eosId = model.eos ? static_cast<int32_t>(*model.eos) : -1;
  block.header.flags =
      (model.addsBos ? TRITC_TOKENIZER_ADDS_BOS : 0) |
      (model.addsEos ? TRITC_TOKENIZER_ADDS_EOS : 0) |
      (model.wholePiece ? TRITC_TOKENIZER_WHOLE_PIECE : 0) |
      (model.fusesUnknown ? TRITC_TOKENIZER_FUSES_UNKNOWN : 0) |
      flagsOf(model.normalForm) |
      (isSentencePiece
           ? TRITC_TOKENIZER_CHARACTERS | TRITC_TOKENIZER_SENTENCE_SPACE
           : 0);
  block.header.unknownId =
      model.unknown ? static_cast<int32_t>(*model.unknown) : -1;
  block.header.spacePrefix = spaceNumber(model);
  block.header.longestToken = longestToken(model);
  addTokens(model, block);
  addPieces(model, block);
  addMerges(model, block);
  addAdded(model, block);
  addSplit(model, block);
  if (model.normalForm != NormalForm::AsItIs)
    addNormalForm(model.normalForm, block);
  block.header.unicodeVersion = unicodeVersion();
  return block.finish();
}

} // namespace tritc::import
