//===- TokenizerTables.cpp - What the emitted program tokenizes with ------===//

#include "compiler/import/TokenizerTables.h"

#include "compiler/import/TokenizerAlphabet.h"
#include "compiler/import/TokenizerClasses.h"
#include "compiler/import/TokenizerNormalForm.h"
#include "runtime/abi/Tokenizer.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>
#include <map>

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
  return (token.special ? TRITC_ADDED_SPECIAL : 0) |
         (token.leftStrip ? TRITC_ADDED_LEFT_STRIP : 0) |
         (token.rightStrip ? TRITC_ADDED_RIGHT_STRIP : 0);
}

static void addAdded(const TokenizerModel &model, Block &block) {
  std::vector<AddedToken> sorted = model.added;
  llvm::sort(sorted, [&](const AddedToken &a, const AddedToken &b) {
    if (a.normalized != b.normalized)
      return b.normalized;
    // As bytes: StringRef compares unsigned characters, the shorter first.
    return llvm::StringRef(model.tokens[a.id]) < model.tokens[b.id];
  });
  std::vector<TritcAddedToken> entries;
  std::vector<uint8_t> specialBits((model.tokens.size() + 7) / 8);
  for (const AddedToken &token : sorted) {
    entries.push_back({static_cast<int32_t>(token.id), flagsOf(token)});
    uint8_t first = static_cast<uint8_t>(model.tokens[token.id][0]);
    block.header.addedFirstBytes[token.normalized][first / 8] |= 1u
                                                                 << (first % 8);
    if (token.special)
      specialBits[token.id / 8] |= 1u << (token.id % 8);
  }
  block.header.addedCount = static_cast<uint32_t>(entries.size());
  block.header.rawAddedCount = static_cast<uint32_t>(llvm::count_if(
      sorted, [](const AddedToken &token) { return !token.normalized; }));
  block.header.addedTokens = block.append<TritcAddedToken>(entries);
  block.header.specialBits = block.append<uint8_t>(specialBits);
}

/// A table of `values` by code point in two stages: its blocks, each once, and
/// which block each run of code points has.
template <typename T>
static void addByCodePoint(llvm::ArrayRef<T> values, Block &block,
                           uint64_t &index, uint64_t &blocks) {
  constexpr size_t size = TRITC_CODE_POINT_BLOCK;
  std::map<std::vector<T>, uint16_t> known;
  std::vector<uint16_t> places;
  std::vector<T> all;
  for (size_t i = 0; i < TRITC_CODE_POINT_BLOCKS; ++i) {
    llvm::ArrayRef<T> part = values.slice(i * size, size);
    auto [place, isNew] = known.try_emplace(part.vec(), uint16_t(known.size()));
    if (isNew)
      llvm::append_range(all, part);
    places.push_back(place->second);
  }
  index = block.append<uint16_t>(places);
  blocks = block.append<T>(all);
}

static TritcSplitItem itemOf(const PatternItem &item, uint64_t mask) {
  if (item.kind == PatternItem::Run)
    return {mask, item.least, item.most};
  return {mask, item.kind == PatternItem::Followed, TRITC_SPLIT_LOOK};
}

/// The stages that cut text, and the classes of characters they tell apart.
static void addSplit(const TokenizerModel &model, Block &block) {
  CharacterClasses classes(model.split);
  std::vector<TritcSplitStage> stages;
  std::vector<TritcSplitAlternative> alternatives;
  std::vector<TritcSplitItem> items;
  for (const SplitStage &stage : model.split) {
    stages.push_back({uint32_t(alternatives.size()),
                      uint32_t(stage.pattern.alternatives.size()),
                      (stage.joinsMatches ? TRITC_SPLIT_JOINED : 0) |
                          (stage.onBytes ? TRITC_SPLIT_BYTES : 0),
                      0});
    for (const PatternAlternative &alternative : stage.pattern.alternatives) {
      TritcSplitAlternative entry = {0, uint32_t(items.size()),
                                     uint32_t(alternative.size())};
      bool isFirst = true;
      for (const PatternItem &item : alternative) {
        uint64_t mask = classes.maskOf(items.size());
        items.push_back(itemOf(item, mask));
        if (item.kind != PatternItem::Run || !isFirst)
          continue;
        entry.first |= mask;
        isFirst = item.least == 0;
      }
      alternatives.push_back(entry);
    }
  }
  std::vector<uint8_t> table = classes.table();
  for (uint32_t byte = 0; byte < 256; ++byte)
    block.header.byteClasses[byte] = table[alphabetCharacter(uint8_t(byte))];
  block.header.spaceClasses = classes.space();
  block.header.splitStages = uint32_t(stages.size());
  block.header.stages = block.append<TritcSplitStage>(stages);
  block.header.alternatives = block.append<TritcSplitAlternative>(alternatives);
  block.header.items = block.append<TritcSplitItem>(items);
  addByCodePoint<uint8_t>(table, block, block.header.classIndex,
                          block.header.classBlocks);
}

/// What composing a text looks up.
static void addNormalForm(Block &block) {
  NormalForm form = makeNormalForm();
  block.header.normalEntries = block.append<TritcNormalEntry>(form.entries);
  block.header.normalCharacters = block.append<uint32_t>(form.characters);
  block.header.compositionCount = uint32_t(form.compositions.size());
  block.header.compositions = block.append<TritcComposition>(form.compositions);
  addByCodePoint<uint16_t>(form.entryOf, block, block.header.normalIndex,
                           block.header.normalBlocks);
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

std::vector<uint8_t> buildTokenizerTables(const TokenizerModel &model) {
  Block block;
  bool isSentencePiece = !model.byteTokens.empty();
  block.header.bosId = model.bos ? static_cast<int32_t>(*model.bos) : -1;
  block.header.eosId = model.eos ? static_cast<int32_t>(*model.eos) : -1;
  block.header.flags = (model.addsBos ? TRITC_TOKENIZER_ADDS_BOS : 0) |
                       (model.addsEos ? TRITC_TOKENIZER_ADDS_EOS : 0) |
                       (model.wholePiece ? TRITC_TOKENIZER_WHOLE_PIECE : 0) |
                       (model.composes ? TRITC_TOKENIZER_NFC : 0) |
                       (isSentencePiece ? TRITC_TOKENIZER_CHARACTERS |
                                              TRITC_TOKENIZER_SENTENCE_SPACE
                                        : 0);
  block.header.spacePrefix = spaceNumber(model);
  addTokens(model, block);
  addPieces(model, block);
  addMerges(model, block);
  addAdded(model, block);
  addSplit(model, block);
  if (model.composes)
    addNormalForm(block);
  block.header.unicodeVersion = unicodeVersion();
  return block.finish();
}

} // namespace tritc::import
