//===- GgufTypes.cpp - Tensor types of GGUF files -------------------------===//

#include "compiler/import/gguf/GgufTypes.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

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

static constexpr GgufType types[] = {
    {0, "F32", 1, blocks<1, 4>, DType::F32, nullptr, nullptr},
    {1, "F16", 1, blocks<1, 2>, DType::F16, nullptr, nullptr},
    {2, "Q4_0", 32, blocks<32, 18>, {}, nullptr, nullptr},
    {3, "Q4_1", 32, blocks<32, 20>, {}, nullptr, nullptr},
    {6, "Q5_0", 32, blocks<32, 22>, {}, nullptr, nullptr},
    {7, "Q5_1", 32, blocks<32, 24>, {}, nullptr, nullptr},
    {8, "Q8_0", 32, blocks<32, 34>, {}, &encodingQ80, nullptr},
    {10, "Q2_K", 256, blocks<256, 84>, {}, nullptr, nullptr},
    {11, "Q3_K", 256, blocks<256, 110>, {}, nullptr, nullptr},
    {12, "Q4_K", 256, blocks<256, 144>, {}, nullptr, nullptr},
    {13, "Q5_K", 256, blocks<256, 176>, {}, nullptr, nullptr},
    {14, "Q6_K", 256, blocks<256, 210>, {}, &encodingQ6k, nullptr},
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
