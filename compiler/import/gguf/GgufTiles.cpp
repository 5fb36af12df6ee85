//===- GgufTiles.cpp - TL1 and TL2, the encodings of lookup kernels -------===//
//
// bitnet.cpp's converter stores weights in the order in which its generated
// kernels read them. The order depends on three numbers per shape that the file
// does not hold.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/gguf/GgufTernary.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace tritc::import {

using Bytes = llvm::ArrayRef<uint8_t>;
using Row = llvm::MutableArrayRef<int8_t>;

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

namespace {
struct TilePreset {
  llvm::StringLiteral name;
  llvm::StringLiteral tiles;
};
} // namespace

/// What bitnet.cpp's setup passes to its generators, by model and encoding.
static constexpr TilePreset presets[] = {
    {"tl1-3b", "3200x8640:160,64,32;3200x3200:320,128,64;8640x3200:320,64,32"},
    {"tl2-3b", "3200x8640:160,96,32;3200x3200:320,96,32;8640x3200:320,96,32"},
    {"tl1-large",
     "1536x4096:256,128,32;1536x1536:128,64,64;4096x1536:256,128,32"},
    {"tl2-large",
     "1536x4096:256,96,32;1536x1536:128,192,32;4096x1536:256,96,32"},
    {"tl1-8b", "14336x4096:256,128,32;4096x14336:128,64,64;"
               "1024x4096:256,128,32;4096x4096:128,64,64"},
    {"tl2-8b", "14336x4096:256,96,32;4096x14336:128,96,32;"
               "1024x4096:256,96,32;4096x4096:128,96,32"},
};

static llvm::Error badTiles(llvm::StringRef text) {
  std::string names;
  for (const TilePreset &preset : presets)
    names += (preset.name + ", ").str();
  return makeError(ExitCode::Usage, "--tl-tiles=: expected " + names +
                                        "or [ROWSxCOLUMNS:]BM,BY,bm separated "
                                        "by semicolons, found '" +
                                        text + "'");
}

/// A number from 1 to 2^24.
static bool parseNumber(llvm::StringRef text, uint64_t &value) {
  return !text.getAsInteger(10, value) && value >= 1 && value <= 1 << 24;
}

llvm::Expected<std::vector<LutTilesFor>> parseLutTiles(llvm::StringRef text) {
  llvm::StringRef list = text;
  for (const TilePreset &preset : presets)
    if (preset.name == text)
      list = preset.tiles;
  std::vector<LutTilesFor> result;
  for (llvm::StringRef entry : llvm::split(list, ';')) {
    LutTilesFor one;
    auto [shape, tiles] = entry.split(':');
    if (tiles.empty())
      std::swap(shape, tiles);
    auto [rows, columns] = shape.split('x');
    if (!shape.empty() && (!parseNumber(rows, one.matrixRows) ||
                           !parseNumber(columns, one.matrixColumns)))
      return badTiles(text);
    llvm::SmallVector<llvm::StringRef, 3> numbers;
    tiles.split(numbers, ',');
    if (numbers.size() != 3 || !parseNumber(numbers[0], one.tiles.rows) ||
        !parseNumber(numbers[1], one.tiles.columns) ||
        !parseNumber(numbers[2], one.tiles.block))
      return badTiles(text);
    result.push_back(one);
  }
  return result;
}

std::optional<LutTiles> lutTilesFor(const GgufOptions &options, uint64_t rows,
                                    uint64_t columns) {
  std::optional<LutTiles> found;
  for (const LutTilesFor &entry : options.lutTiles) {
    if (entry.matrixRows == rows && entry.matrixColumns == columns)
      return entry.tiles;
    if (entry.matrixRows == 0 && !found)
      found = entry.tiles;
  }
  return found;
}

llvm::Expected<I2sLayout> parseI2sLayout(llvm::StringRef text) {
  if (text == "a")
    return I2sLayout::A;
  if (text == "b")
    return I2sLayout::B;
  if (text == "c")
    return I2sLayout::C;
  return makeError(ExitCode::Usage,
                   "--i2s-layout=: expected a, b or c, found '" + text + "'");
}

/// "" if `found` is a multiple of `divisor`.
static std::string notMultiple(llvm::StringRef what, uint64_t found,
                               uint64_t divisor) {
  if (divisor != 0 && found % divisor == 0)
    return "";
  return ("expected " + what + " a multiple of " + llvm::Twine(divisor) +
          ", found " + llvm::Twine(found))
      .str();
}

static std::string firstOf(std::initializer_list<std::string> problems) {
  for (const std::string &problem : problems)
    if (!problem.empty())
      return problem;
  return "";
}

/// One f32 in the last 32 bytes, whose beginning is aligned.
static ScalePlaces tailScale(uint64_t codeBytes) {
  return {1, 1, 0, llvm::alignTo(codeBytes, 32), false};
}

/// Two weights of a nibble 3a + b + 4; a 2 for a nibble above 8.
static void decodePair(unsigned nibble, int8_t *out) {
  out[0] = nibble > 8 ? 2 : int8_t(nibble / 3) - 1;
  out[1] = nibble > 8 ? 2 : int8_t(nibble % 3) - 1;
}

//===----------------------------------------------------------------------===//
// TL1: a nibble is a pair
//===----------------------------------------------------------------------===//

static std::string problemTl1(const TernaryLayout &layout) {
  const LutTiles &tiles = layout.tiles;
  std::string problem = notMultiple("bm", tiles.block, 16);
  if (problem.empty() && (tiles.block > 64 || 256 % tiles.block != 0))
    problem = "expected bm 16, 32 or 64, found " + std::to_string(tiles.block);
  if (!problem.empty())
    return problem;
  return firstOf({notMultiple("rows", layout.rows, tiles.rows),
                  notMultiple("columns", layout.columns, tiles.columns),
                  notMultiple("BM", tiles.rows, tiles.block),
                  notMultiple("BY", tiles.columns, 256 / tiles.block)});
}

static uint64_t bytesTl1(const TernaryLayout &layout) {
  return layout.rows * layout.columns / 4;
}
static ScalePlaces scalesTl1(const TernaryLayout &layout) {
  return tailScale(bytesTl1(layout));
}

/// Bytes are ordered by tile row, tile column, block row, block column, 16 rows
/// of the block, four columns, row.
static void decodeTl1(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                      Row out) {
  const LutTiles &tiles = layout.tiles;
  uint64_t width = 256 / tiles.block; // columns of a block
  uint64_t tile = row / tiles.rows, inTile = row % tiles.rows;
  uint64_t block = inTile / tiles.block, inBlock = inTile % tiles.block;
  for (uint64_t column = 0; column < layout.columns; column += 4) {
    uint64_t tileColumn = column / tiles.columns,
             inTileColumn = column % tiles.columns;
    uint64_t at = tile * (layout.columns / tiles.columns) + tileColumn;
    at = at * (tiles.rows / tiles.block) + block;
    at = at * (tiles.columns / width) + inTileColumn / width;
    at = at * (tiles.block / 16) + inBlock / 16;
    at = at * (width / 4) + inTileColumn % width / 4;
    uint8_t byte = bytes[at * 16 + inBlock % 16];
    decodePair(byte >> 4, &out[column]);
    decodePair(byte & 15, &out[column + 2]);
  }
}

constexpr TernaryEncoding encodingTl1 = {"TL1",    true,      problemTl1,
                                         bytesTl1, scalesTl1, decodeTl1};

//===----------------------------------------------------------------------===//
// TL2: a nibble and a sign are a triple; pairs for what is left
//===----------------------------------------------------------------------===//

static constexpr uint64_t tl2Block = 32;       // bm
static constexpr uint64_t tl2Width = 6;        // columns of a block of triples
static constexpr uint64_t tl2PairColumns = 32; // of a tile of pairs

/// Columns that are stored as triples.
static uint64_t tripleColumns(const TernaryLayout &layout) {
  return layout.columns - layout.columns % layout.tiles.columns;
}

static std::string problemTl2(const TernaryLayout &layout) {
  const LutTiles &tiles = layout.tiles;
  if (tiles.block != tl2Block)
    return "expected bm 32, found " + std::to_string(tiles.block);
  return firstOf(
      {notMultiple("rows", layout.rows, tiles.rows),
       notMultiple("BM", tiles.rows, tl2Block),
       notMultiple("BY", tiles.columns, 24),
       notMultiple("columns beyond a multiple of BY",
                   layout.columns - tripleColumns(layout), tl2PairColumns)});
}

/// Nibbles of triples, signs of triples, nibbles of pairs, and the padding that
/// the converter computes as if 256 columns were pairs.
static uint64_t bytesTl2(const TernaryLayout &layout) {
  uint64_t triples = tripleColumns(layout) * layout.rows;
  uint64_t pairs = layout.rows * layout.columns - triples;
  uint64_t used = triples / 6 + triples / 24 + pairs / 4;
  if (layout.columns < 256)
    return used;
  uint64_t padded = (layout.columns - 256) * layout.rows / 3 * 5 / 8 +
                    256 * layout.rows / 2 * 4 / 8;
  return std::max(used, padded);
}
static ScalePlaces scalesTl2(const TernaryLayout &layout) {
  return tailScale(bytesTl2(layout));
}

/// The place of row s of a block: the second and the third eight are swapped.
static uint64_t swapGroups(uint64_t s) {
  static constexpr uint64_t groups[] = {0, 2, 1, 3};
  return groups[s / 8] * 8 + s % 8;
}

/// Three weights of a nibble |t|, t = 9a + 3b + c.
static void decodeTriple(unsigned nibble, bool isNegative, int8_t *out) {
  int value = isNegative ? 13 - int(nibble) : 13 + int(nibble);
  out[0] = nibble > 13 ? 2 : int8_t(value / 9 - 1);
  out[1] = nibble > 13 ? 2 : int8_t(value / 3 % 3 - 1);
  out[2] = nibble > 13 ? 2 : int8_t(value % 3 - 1);
}

static void decodeTl2(Bytes bytes, const TernaryLayout &layout, uint64_t row,
                      Row out) {
  const LutTiles &tiles = layout.tiles;
  uint64_t triples = tripleColumns(layout);
  uint64_t tileColumns = triples / tiles.columns;
  uint64_t tile = row / tiles.rows, inTile = row % tiles.rows;
  uint64_t blocks = tiles.rows / tl2Block;
  uint64_t block = inTile / tl2Block, inBlock = inTile % tl2Block;
  uint64_t slot = swapGroups(inBlock); // its own inverse
  const uint8_t *signs = bytes.data() + layout.rows * triples / 6;
  for (uint64_t column = 0; column < triples; column += 6) {
    uint64_t tileColumn = column / tiles.columns,
             inTileColumn = column % tiles.columns;
    uint64_t place = (tile * tileColumns + tileColumn) * blocks + block;
    uint64_t at = place * (tiles.columns / tl2Width) + inTileColumn / tl2Width;
    uint8_t byte = bytes[at * tl2Block + slot];
    // One word of signs: eight triples of two rows that are 16 apart.
    uint64_t word =
        (place * (tiles.columns / 24) + inTileColumn / 24) * 16 + inBlock % 16;
    unsigned bits = llvm::support::endian::read16le(signs + 2 * word);
    unsigned bit = 15 - 2 * unsigned(inTileColumn % 24 / 3) - inBlock / 16;
    decodeTriple(byte >> 4, bits >> bit & 1, &out[column]);
    decodeTriple(byte & 15, bits >> (bit - 2) & 1, &out[column + 3]);
  }
  const uint8_t *pairs = signs + layout.rows * triples / 24;
  uint64_t pairTiles = (layout.columns - triples) / tl2PairColumns;
  for (uint64_t column = triples; column < layout.columns; column += 4) {
    uint64_t offset = column - triples;
    uint64_t at = tile * pairTiles + offset / tl2PairColumns;
    at = (at * blocks + block) * 8 + offset % tl2PairColumns / 4;
    uint8_t byte = pairs[at * tl2Block + slot];
    decodePair(byte >> 4, &out[column]);
    decodePair(byte & 15, &out[column + 2]);
  }
}

constexpr TernaryEncoding encodingTl2 = {"TL2",    true,      problemTl2,
                                         bytesTl2, scalesTl2, decodeTl2};

} // namespace tritc::import
