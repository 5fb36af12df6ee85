//===- BlockedTable.cpp - Tables that a checkpoint has quantized ----------===//

#include "compiler/import/model/BlockedTable.h"

#include "compiler/import/model/DType.h"

#include "llvm/Support/Endian.h"

#include <algorithm>

namespace tritc::import {

using llvm::support::endian::read16le;

/// f16 step, int8 integers[32].
static void readQ80(const uint8_t *block, int8_t *integers, int8_t *,
                    uint16_t &step) {
  step = read16le(block);
  for (uint64_t i = 0; i < 32; ++i)
    integers[i] = int8_t(block[2 + i]);
}

/// ql[128], qh[64], int8 scales[16], f16 step. Elements 32 j + l of each half
/// have four bits in ql and two in qh; 16 elements share a scale.
static void readQ6k(const uint8_t *block, int8_t *integers, int8_t *scales,
                    uint16_t &step) {
  for (uint64_t half = 0; half < 2; ++half)
    for (uint64_t j = 0; j < 4; ++j) {
      const uint8_t *low = block + 64 * half + 32 * (j % 2);
      const uint8_t *high = block + 128 + 32 * half;
      int8_t *out = integers + 128 * half + 32 * j;
      for (uint64_t l = 0; l < 32; ++l)
        out[l] = int8_t((low[l] >> (j / 2 * 4) & 15) | (high[l] >> (2 * j) & 3)
                                                           << 4) -
                 32;
    }
  for (uint64_t i = 0; i < 16; ++i)
    scales[i] = int8_t(block[192 + i]);
  step = read16le(block + 208);
}

constexpr BlockedEncoding encodingQ80 = {8, 32, 34, 64, readQ80};
constexpr BlockedEncoding encodingQ6k = {6, 256, 210, 256, readQ6k};

void decodeBlocks(const BlockedEncoding &encoding,
                  llvm::ArrayRef<uint8_t> bytes, uint64_t first,
                  llvm::MutableArrayRef<float> out) {
  int8_t integers[BlockedEncoding::mostElements];
  int8_t scales[BlockedEncoding::mostElements / BlockedEncoding::scaleElements];
  std::fill(std::begin(scales), std::end(scales), int8_t(1));
  uint64_t done = 0;
  while (done < out.size()) {
    uint64_t block = (first + done) / encoding.elements;
    uint64_t begin = (first + done) % encoding.elements;
    uint64_t count = std::min(encoding.elements - begin, out.size() - done);
    uint16_t bits;
    encoding.read(bytes.data() + block * encoding.bytes, integers, scales,
                  bits);
    float step = f16ToFloat(bits);
    for (uint64_t i = begin; i < begin + count; ++i) {
      int scale = scales[i / BlockedEncoding::scaleElements];
      out[done + i - begin] = step * float(scale * integers[i]);
    }
    done += count;
  }
}

void readBlocks(const BlockedEncoding &encoding, llvm::ArrayRef<uint8_t> bytes,
                uint64_t first, const BlockedNumbers &out) {
  uint64_t perBlock = encoding.elements;
  const uint8_t *from = bytes.data() + first / perBlock * encoding.bytes;
  for (uint64_t block = 0; block < out.steps.size(); ++block)
    encoding.read(from + block * encoding.bytes,
                  out.integers.data() + block * perBlock,
                  out.scales.data() + encoding.scaleCount(block * perBlock),
                  out.steps[block]);
}

} // namespace tritc::import
