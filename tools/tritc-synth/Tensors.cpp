//===- Tensors.cpp - The tensors of a synthetic checkpoint ----------------===//

#include "tools/tritc-synth/Tensors.h"

#include "tools/tritc-synth/Random.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"

#include <cmath>

namespace tritc::synth {

using llvm::support::endian::write16le;

/// Fraction of weights that are not zero; see makeLevels.
static constexpr double density = 160.0 / 256.0;

std::vector<uint64_t> Tensor::storedShape() const {
  if (kind == Kind::Norm || kind == Kind::Scale)
    return {columns};
  return {storedRows(), columns};
}

/// The norm weight after which a product of `width` columns has elements of
/// about `size`.
static double gainFor(uint64_t width, double size) {
  return size / std::sqrt(density * double(width));
}

static void addMatrix(std::vector<Tensor> &list, const std::string &name,
                      uint64_t rows, uint64_t columns, Format format) {
  if (format == Format::Bf16) {
    list.push_back(
        {name + ".weight", Tensor::Kind::Master, rows, columns, 1.0});
    return;
  }
  list.push_back({name + ".weight", Tensor::Kind::Packed, rows, columns, 1.0});
  list.push_back({name + ".weight_scale", Tensor::Kind::Scale, 1, 1, 1.0});
}

static void addLayer(std::vector<Tensor> &list, const std::string &prefix,
                     const Shape &shape, Format format) {
  uint64_t hidden = shape.hidden, ffn = shape.ffn;
  auto addNorm = [&](const char *name, uint64_t width, double gain) {
    list.push_back(
        {prefix + name + ".weight", Tensor::Kind::Norm, 1, width, gain});
  };
  addNorm("input_layernorm", hidden, gainFor(hidden, 1.5));
  addNorm("post_attention_layernorm", hidden, gainFor(hidden, 1.0));
  addNorm("self_attn.attn_sub_norm", hidden, gainFor(hidden, 1.5));
  addNorm("mlp.ffn_sub_norm", ffn, gainFor(ffn, 1.5));
  addMatrix(list, prefix + "self_attn.q_proj", shape.queryWidth(), hidden,
            format);
  addMatrix(list, prefix + "self_attn.k_proj", shape.kvWidth(), hidden, format);
  addMatrix(list, prefix + "self_attn.v_proj", shape.kvWidth(), hidden, format);
  addMatrix(list, prefix + "self_attn.o_proj", hidden, shape.queryWidth(),
            format);
  addMatrix(list, prefix + "mlp.gate_proj", ffn, hidden, format);
  addMatrix(list, prefix + "mlp.up_proj", ffn, hidden, format);
  addMatrix(list, prefix + "mlp.down_proj", hidden, ffn, format);
}

std::vector<Tensor> listTensors(const Shape &shape, Format format) {
  std::vector<Tensor> list;
  list.push_back({"model.embed_tokens.weight", Tensor::Kind::Embedding,
                  shape.vocab, shape.hidden,
                  3.0 / std::sqrt(double(shape.hidden))});
  list.push_back(
      {"model.norm.weight", Tensor::Kind::Norm, 1, shape.hidden, 1.0});
  for (uint64_t layer = 0; layer < shape.layers; ++layer)
    addLayer(list, "model.layers." + std::to_string(layer) + ".", shape,
             format);
  llvm::sort(list, [](const Tensor &a, const Tensor &b) {
    return std::pair(a.isPacked(), llvm::StringRef(a.name)) <
           std::pair(b.isPacked(), llvm::StringRef(b.name));
  });
  return list;
}

TensorFiller::TensorFiller(const Tensor &tensor, uint64_t seed)
    : tensor(tensor), seed(seed) {
  // The amplitude gives every matrix a scale of its own, from 0.8 to 1.25.
  double shift = Stream(seed, tensor.name + "#amplitude").symmetric(0);
  levels = makeLevels(std::exp2(0.32 * shift));
  for (int i = 0; i < 256; ++i)
    entry[i] = levels.magnitude[i] << 2 | levels.code[i];
}

uint64_t TensorFiller::fill(uint64_t firstRow, uint64_t rowCount,
                            llvm::MutableArrayRef<uint8_t> out) const {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < rowCount; ++i) {
    uint8_t *row = out.data() + i * tensor.rowBytes();
    switch (tensor.kind) {
    case Tensor::Kind::Packed:
      sum += fillPackedRow(firstRow + i, row);
      break;
    case Tensor::Kind::Master:
      fillMasterRow(firstRow + i, row);
      break;
    case Tensor::Kind::Embedding:
      fillEmbeddingRow(firstRow + i, row);
      break;
    case Tensor::Kind::Norm:
      fillNorm(row);
      break;
    case Tensor::Kind::Scale:
      llvm_unreachable("known only when its matrix is done");
    }
  }
  return sum;
}

/// Eight weights take the bytes of one word; a row starts a new word.
static uint64_t wordsPerRow(uint64_t columns) { return (columns + 7) / 8; }

uint64_t TensorFiller::fillPackedRow(uint64_t row, uint8_t *out) const {
  Stream stream(seed, tensor.name);
  uint64_t sum = 0, words = wordsPerRow(tensor.columns);
  for (uint64_t w = 0; w < words; ++w) {
    uint64_t first = 8 * w,
             count = std::min<uint64_t>(8, tensor.columns - first);
    uint8_t packed[8] = {};
    // Bits 2i of byte [row][column] belong to row i * storedRows + row.
    for (unsigned i = 0; i < 4; ++i) {
      uint64_t logical = i * tensor.storedRows() + row;
      if (logical >= tensor.rows)
        break;
      uint64_t bytes = stream.word(logical * words + w);
      for (uint64_t j = 0; j < count; ++j, bytes >>= 8) {
        uint32_t e = entry[bytes & 255];
        sum += e >> 2;
        packed[j] |= uint8_t((e & 3) << (2 * i));
      }
    }
    std::copy_n(packed, count, out + first);
  }
  return sum;
}

void TensorFiller::fillMasterRow(uint64_t row, uint8_t *out) const {
  Stream stream(seed, tensor.name);
  uint64_t words = wordsPerRow(tensor.columns);
  for (uint64_t w = 0; w < words; ++w) {
    uint64_t bytes = stream.word(row * words + w);
    uint64_t end = std::min(8 * w + 8, tensor.columns);
    for (uint64_t k = 8 * w; k < end; ++k, bytes >>= 8)
      write16le(out + 2 * k, levels.master[bytes & 255]);
  }
}

void TensorFiller::fillEmbeddingRow(uint64_t row, uint8_t *out) const {
  // The sum of four uniform numbers is near enough to normal; its standard
  // deviation is 65536 / sqrt(3).
  Stream stream(seed, tensor.name);
  float unit = float(tensor.gain * std::sqrt(3.0) / 65536.0);
  for (uint64_t k = 0; k < tensor.columns; ++k) {
    uint64_t word = stream.word(row * tensor.columns + k);
    int32_t sum = int32_t(word & 0xffff) + int32_t(word >> 16 & 0xffff) +
                  int32_t(word >> 32 & 0xffff) + int32_t(word >> 48);
    write16le(out + 2 * k, toBf16(float(sum - 2 * 65535) * unit));
  }
}

void TensorFiller::fillNorm(uint8_t *out) const {
  Stream stream(seed, tensor.name);
  for (uint64_t k = 0; k < tensor.columns; ++k)
    write16le(out + 2 * k,
              toBf16(float(tensor.gain * (1 + 0.25 * stream.symmetric(k)))));
}

} // namespace tritc::synth
