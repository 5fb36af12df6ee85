//===- TableEncodings.cpp - How GGUF files store embeddings ---------------===//

#include "tools/tritc-synth/Encodings.h"

#include "tools/tritc-synth/Levels.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"

#include <cmath>

namespace tritc::synth {

using llvm::support::endian::write16le;
using llvm::support::endian::write32le;
using Block = llvm::ArrayRef<float>;

static float largest(Block block) {
  float size = 0;
  for (float value : block)
    size = std::max(size, std::fabs(value));
  return size;
}

static void encodeF32(Block block, uint8_t *out) {
  write32le(out, llvm::bit_cast<uint32_t>(block[0]));
}
static void encodeF16(Block block, uint8_t *out) {
  write16le(out, toBits(Element::F16, block[0]));
}
static void encodeBf16(Block block, uint8_t *out) {
  write16le(out, toBits(Element::BF16, block[0]));
}

/// The nearest number of steps, in [low, high].
static int steps(float value, float step, int low, int high) {
  if (step == 0)
    return 0;
  return std::clamp(int(std::nearbyint(value / step)), low, high);
}

/// f16 step, 32 steps of eight bits.
static void encodeQ80(Block block, uint8_t *out) {
  uint16_t bits = toBits(Element::F16, largest(block) / 127);
  write16le(out, bits);
  for (auto [i, value] : llvm::enumerate(block))
    out[2 + i] = uint8_t(steps(value, fromBits(Element::F16, bits), -127, 127));
}

/// 256 steps of six bits; sixteen share a multiple of the block's f16 step.
static void encodeQ6k(Block block, uint8_t *out) {
  std::fill(out, out + 208, 0);
  uint16_t bits = toBits(Element::F16, largest(block) / 31 / 127);
  float unit = fromBits(Element::F16, bits);
  write16le(out + 208, bits);
  for (unsigned group = 0; group < 16; ++group) {
    Block part = block.slice(16 * group, 16);
    int scale = steps(largest(part) / 31, unit, 1, 127);
    out[192 + group] = uint8_t(scale);
    for (unsigned i = 0; i < 16; ++i) {
      unsigned element = 16 * group + i;
      unsigned q = unsigned(steps(part[i], unit * float(scale), -32, 31) + 32);
      // Element 128 h + 32 j + l: nibble j / 2 of ql[64 h + 32 (j % 2) + l],
      // bits 2j of qh[32 h + l].
      unsigned h = element / 128, j = element % 128 / 32, l = element % 32;
      out[64 * h + 32 * (j % 2) + l] |= uint8_t((q & 15) << (4 * (j / 2)));
      out[128 + 32 * h + l] |= uint8_t(q >> 4 << (2 * j));
    }
  }
}

static constexpr TableEncoding table[] = {
    {"f16", 1, 1, 2, encodeF16},       {"bf16", 30, 1, 2, encodeBf16},
    {"f32", 0, 1, 4, encodeF32},       {"q8_0", 8, 32, 34, encodeQ80},
    {"q6_k", 14, 256, 210, encodeQ6k},
};

const TableEncoding *tableEncodingCalled(llvm::StringRef name) {
  const TableEncoding *found = llvm::find_if(
      table, [&](const TableEncoding &entry) { return entry.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::string tableEncodingList() {
  return llvm::join(
      llvm::map_range(table, [](const auto &entry) { return entry.name; }),
      " | ");
}

} // namespace tritc::synth
