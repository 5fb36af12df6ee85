//===- BlockedRows.cpp - Quantized blocks as the bytes a head reads -------===//

#include "dialects/lut/layouts/BlockedRows.h"

#include <algorithm>
#include <cstring>

namespace tritc::lut {

static constexpr int64_t lanes = blockedGroupColumns;
static constexpr int64_t halfBytes = 2;

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

int64_t blockedBlockCount(int64_t bits, int64_t columns) {
  return columns / blockedShape(bits).columns;
}

int64_t blockedBlockScales(int64_t bits) {
  return blockedTileRows * blockedShape(bits).wordBytes();
}

int64_t blockedBlockBytes(int64_t bits) {
  return blockedBlockScales(bits) + blockedTileRows * blockedShape(bits).scales;
}

int64_t blockedTileSteps(int64_t bits, int64_t columns) {
  return blockedBlockCount(bits, columns) * blockedBlockBytes(bits);
}

int64_t blockedTileBytes(int64_t bits, int64_t columns) {
  int64_t steps = blockedTileRows * blockedBlockCount(bits, columns) *
                  blockedShape(bits).steps;
  return ceilDiv(blockedTileSteps(bits, columns) + steps * halfBytes, 64) * 64;
}

Tiles blockedTiles(int64_t bits, int64_t rows, int64_t columns) {
  // Wider ones have a size of more than 2^62, as their tile shall.
  bool isTooWide = columns > INT64_MAX / 8;
  return {blockedTileRows, ceilDiv(rows, blockedTileRows),
          isTooWide ? INT64_MAX : blockedTileBytes(bits, columns)};
}

/// Which bits of the words of a lane hold the field of a group, from its lowest
/// bits on: `bits` of word `word`, and then of the next ones, where it is
/// split.
struct Field {
  int64_t word, shift, bits;
};

static Field fieldOf(const BlockedShape &shape, int64_t group) {
  int64_t perWord = shape.groupsInWord();
  if (group < perWord * shape.words)
    return {group / perWord, group % perWord * shape.bits, shape.bits};
  return {0, perWord * shape.bits, 32 - perWord * shape.bits};
}

static void storeWord(uint8_t *out, uint32_t word) {
  for (int byte = 0; byte < 4; ++byte)
    out[byte] = uint8_t(word >> 8 * byte);
}

static uint32_t loadWord(const uint8_t *bytes) {
  uint32_t word = 0;
  for (int byte = 0; byte < 4; ++byte)
    word |= uint32_t(bytes[byte]) << 8 * byte;
  return word;
}

/// The words of one row of a block. Lanes are the inner loop: it becomes
/// vectors.
static void packWords(const BlockedShape &shape, const int8_t *row,
                      uint8_t *out) {
  uint32_t words[3][lanes] = {};
  for (int64_t group = 0; group < shape.groups(); ++group) {
    Field field = fieldOf(shape, group);
    for (int64_t done = 0; done < shape.bits;
         done += field.bits, ++field.word) {
      uint32_t mask = (uint32_t(1) << field.bits) - 1;
      for (int64_t lane = 0; lane < lanes; ++lane) {
        uint32_t code = uint32_t(row[group * lanes + lane] + shape.offset());
        words[field.word][lane] |= (code >> done & mask) << field.shift;
      }
    }
  }
  for (int64_t word = 0; word < shape.words; ++word)
    for (int64_t lane = 0; lane < lanes; ++lane, out += sizeof(uint32_t))
      storeWord(out, words[word][lane]);
}

static void unpackWords(const BlockedShape &shape, const uint8_t *words,
                        int8_t *row) {
  for (int64_t group = 0; group < shape.groups(); ++group)
    for (int64_t lane = 0; lane < lanes; ++lane) {
      Field field = fieldOf(shape, group);
      uint32_t code = 0;
      for (int64_t done = 0; done < shape.bits;
           done += field.bits, ++field.word) {
        uint32_t word = loadWord(words + (field.word * lanes + lane) * 4);
        code |= (word >> field.shift & ((uint32_t(1) << field.bits) - 1))
                << done;
      }
      row[group * lanes + lane] = int8_t(int64_t(code) - shape.offset());
    }
}

void packBlockedTile(int64_t bits, const ConstBlockedRows &rows,
                     int64_t columns, uint8_t *out) {
  const BlockedShape shape = blockedShape(bits);
  uint8_t *end = out + blockedTileBytes(bits, columns);
  int64_t blocks = blockedBlockCount(bits, columns);
  for (int64_t block = 0; block < blocks; ++block) {
    for (int64_t row = 0; row < blockedTileRows; ++row) {
      packWords(shape, rows.integers + row * columns + block * shape.columns,
                out);
      out += shape.wordBytes();
    }
    for (int64_t row = 0; row < blockedTileRows && shape.scales; ++row) {
      std::memcpy(out, rows.scales + (row * blocks + block) * shape.scales,
                  size_t(shape.scales));
      out += shape.scales;
    }
  }
  for (int64_t block = 0; block < blocks; ++block)
    for (int64_t row = 0; row < blockedTileRows; ++row)
      for (int64_t step = 0; step < shape.steps; ++step, out += halfBytes) {
        uint16_t half = rows.steps[(row * blocks + block) * shape.steps + step];
        out[0] = uint8_t(half);
        out[1] = uint8_t(half >> 8);
      }
  std::fill(out, end, uint8_t(0));
}

void unpackBlockedTile(int64_t bits, const uint8_t *tile, int64_t columns,
                       const BlockedRows &rows) {
  const BlockedShape shape = blockedShape(bits);
  int64_t blocks = blockedBlockCount(bits, columns);
  const uint8_t *steps = tile + blockedTileSteps(bits, columns);
  for (int64_t block = 0; block < blocks; ++block) {
    const uint8_t *words = tile + block * blockedBlockBytes(bits);
    const uint8_t *scales = words + blockedBlockScales(bits);
    for (int64_t row = 0; row < blockedTileRows; ++row) {
      unpackWords(shape, words + row * shape.wordBytes(),
                  rows.integers + row * columns + block * shape.columns);
      int64_t place = row * blocks + block;
      for (int64_t i = 0; i < shape.scales; ++i)
        rows.scales[place * shape.scales + i] =
            int8_t(scales[row * shape.scales + i]);
      for (int64_t step = 0; step < shape.steps; ++step, steps += halfBytes)
        rows.steps[place * shape.steps + step] =
            uint16_t(steps[0] | steps[1] << 8);
    }
  }
}

} // namespace tritc::lut
