//===- GgufTypes.cpp - Tensor types of GGUF files -------------------------===//

#include "compiler/import/GgufTypes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"

namespace tritc::import {

using llvm::support::endian::read16le;
using Floats = llvm::MutableArrayRef<float>;

/// Blocks of a fixed size, nothing else.
template <uint64_t Elements, uint64_t Bytes>
static uint64_t blocks(const GgufTensor &tensor) {
  return tensor.elements() / Elements * Bytes;
}

/// As `blocks`, with a header for every row.
template <uint64_t Header, uint64_t Bytes>
static uint64_t bnRows(const GgufTensor &tensor) {
  uint64_t rows = tensor.elements() / tensor.shape.back();
  return rows * Header + tensor.elements() / 64 * Bytes;
}

static uint64_t quarters(const GgufTensor &tensor) {
  return tensor.elements() / 4;
}

static uint64_t something(const GgufTensor &) { return 1; }

/// Calls `element(block, index in block)` for elements [first, first + size).
template <typename Element>
static void forElements(uint64_t first, Floats out, uint64_t perBlock,
                        Element element) {
  for (uint64_t i = 0; i < out.size(); ++i)
    out[i] = element((first + i) / perBlock, (first + i) % perBlock);
}

/// f16 d, int8 q[32]: d * q, exact in f32.
static void decodeQ80(llvm::ArrayRef<uint8_t> bytes, uint64_t first,
                      Floats out) {
  forElements(first, out, 32, [&](uint64_t block, uint64_t i) {
    const uint8_t *from = bytes.data() + block * 34;
    return f16ToFloat(read16le(from)) * float(int8_t(from[2 + i]));
  });
}

/// ql[128], qh[64], int8 scales[16], f16 d. Elements 32 j + l of each half have
/// four bits in ql and two in qh; 16 elements share a scale. d * scale * q has
/// 24 bits at most: exact in f32, in any order.
static void decodeQ6k(llvm::ArrayRef<uint8_t> bytes, uint64_t first,
                      Floats out) {
  forElements(first, out, 256, [&](uint64_t block, uint64_t i) {
    const uint8_t *from = bytes.data() + block * 210;
    uint64_t half = i / 128, j = i % 128 / 32, l = i % 32;
    uint8_t low = from[64 * half + 32 * (j % 2) + l];
    uint8_t high = from[128 + 32 * half + l];
    int q = int((j < 2 ? low & 15 : low >> 4) | (high >> (2 * j) & 3) << 4);
    int scale = int8_t(from[192 + 8 * half + 2 * j + l / 16]);
    return f16ToFloat(read16le(from + 208)) * float(scale * (q - 32));
  });
}

static constexpr GgufType types[] = {
    {0, "F32", 1, blocks<1, 4>, DType::F32, nullptr, nullptr},
    {1, "F16", 1, blocks<1, 2>, DType::F16, nullptr, nullptr},
    {2, "Q4_0", 32, blocks<32, 18>, {}, nullptr, nullptr},
    {3, "Q4_1", 32, blocks<32, 20>, {}, nullptr, nullptr},
    {6, "Q5_0", 32, blocks<32, 22>, {}, nullptr, nullptr},
    {7, "Q5_1", 32, blocks<32, 24>, {}, nullptr, nullptr},
    {8, "Q8_0", 32, blocks<32, 34>, {}, decodeQ80, nullptr},
    {10, "Q2_K", 256, blocks<256, 84>, {}, nullptr, nullptr},
    {11, "Q3_K", 256, blocks<256, 110>, {}, nullptr, nullptr},
    {12, "Q4_K", 256, blocks<256, 144>, {}, nullptr, nullptr},
    {13, "Q5_K", 256, blocks<256, 176>, {}, nullptr, nullptr},
    {14, "Q6_K", 256, blocks<256, 210>, {}, decodeQ6k, nullptr},
    {30, "BF16", 1, blocks<1, 2>, DType::BF16, nullptr, nullptr},
    {34, "TQ1_0", 256, blocks<256, 54>, {}, nullptr, &encodingTq10},
    {35, "TQ2_0", 256, blocks<256, 66>, {}, nullptr, &encodingTq20},
    {36, "I2_S", 1, quarters, {}, nullptr, &encodingI2s},
    // 38 and 39 have other meanings in ggml itself; see ternaryEncoding in
    // GgufCheckpoint.cpp for when they are these.
    {38, "TL1", 1, something, {}, nullptr, &encodingTl1},
    {39, "TL2 or MXFP4", 1, something, {}, nullptr, &encodingTl2},
    {134, "IQ1_BN", 64, bnRows<2, 13>, {}, nullptr, &encodingIq1Bn},
    {135, "IQ2_BN", 64, bnRows<4, 16>, {}, nullptr, &encodingIq2Bn},
    {335, "IQ2_BN_R4", 64, bnRows<4, 16>, {}, nullptr, &encodingIq2BnR4},
};

const GgufType *ggufType(uint32_t id) {
  const GgufType *found =
      llvm::find_if(types, [&](const GgufType &type) { return type.id == id; });
  return found == std::end(types) ? nullptr : found;
}

std::string ggufTypeName(uint32_t id) {
  const GgufType *type = ggufType(id);
  return type ? type->name.str() : "type " + std::to_string(id);
}

} // namespace tritc::import
