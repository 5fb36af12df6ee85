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
  if (isVector() || kind == Kind::Scale)
    return {columns};
  return {storedRows(), columns};
}

/// The norm weight after which a product of `width` columns has elements of
/// about `size`.
static double gainFor(uint64_t width, double size) {
  return size / std::sqrt(density * double(width));
}

namespace {

/// The tensors of one checkpoint, as they come.
class TensorList {
public:
  explicit TensorList(const Request &request)
      : request(request), family(*request.family), shape(request.shape) {}

  void addLayer(const std::string &prefix);
  void addTable(const std::string &name) {
    add(name, Tensor::Kind::Embedding, shape.vocab, shape.hidden,
        3.0 / std::sqrt(double(shape.hidden)));
  }
  void addNorm(const std::string &name, uint64_t width, double gain) {
    add(name, Tensor::Kind::Norm, 1, width, gain).lacksOne =
        family.facts.normsAddOne;
  }

  std::vector<Tensor> list;

private:
  bool hasSubNorms() const {
    return !family.attentionNorm.empty() || request.extras.subNorms;
  }
  Tensor &add(const std::string &name, Tensor::Kind kind, uint64_t rows,
              uint64_t columns, double gain) {
    llvm::StringRef ending = kind == Tensor::Kind::Scale  ? ".weight_scale"
                             : kind == Tensor::Kind::Bias ? ".bias"
                                                          : ".weight";
    list.push_back(
        {name + ending.str(), kind, rows, columns, gain, family.element});
    return list.back();
  }
  void addMatrix(const std::string &name, uint64_t rows, uint64_t columns,
                 double gain = 1.0);
  void addBlockNorms(const std::string &prefix);
  void addHeadNorms(const std::string &prefix);
  void addEmbeddingNorms(const std::string &prefix);

  const Request &request;
  const Family &family;
  const Shape &shape;
};

} // namespace

void TensorList::addMatrix(const std::string &name, uint64_t rows,
                           uint64_t columns, double gain) {
  bool isPacked = request.format == Format::Packed;
  // These are no native norms: of plain weights in every family.
  bool isNative = family.facts.projectionNorms;
  if (isNative || request.extras.rmsNorms)
    add(name + (isNative ? ".norm" : ".rms_norm"), Tensor::Kind::Norm, 1,
        columns, gainFor(columns, 1.5));
  add(name, isPacked ? Tensor::Kind::Packed : Tensor::Kind::Master, rows,
      columns, gain)
      .wasTernary = family.scales == Scales::Divide;
  if (isPacked)
    add(name, Tensor::Kind::Scale, 1, 1, 1.0);
  llvm::StringRef projection = llvm::StringRef(name).rsplit('.').second;
  bool isQkv = llvm::is_contained({"q_proj", "k_proj", "v_proj"}, projection);
  if (request.extras.bias || (request.extras.qkvBias && isQkv))
    add(name, Tensor::Kind::Bias, 1, rows, 0.5);
}

void TensorList::addBlockNorms(const std::string &prefix) {
  uint64_t hidden = shape.hidden;
  addNorm(prefix + "input_layernorm", hidden, gainFor(hidden, 1.5));
  addNorm(prefix + "post_attention_layernorm", hidden, gainFor(hidden, 1.0));
  if (request.extras.headNorms)
    addHeadNorms(prefix);
  if (!hasSubNorms())
    return;
  auto nameOr = [&](llvm::StringRef own, llvm::StringRef other) {
    return prefix + (own.empty() ? other : own).str();
  };
  addNorm(nameOr(family.attentionNorm, "self_attn.attn_sub_norm"),
          shape.queryWidth(), gainFor(shape.queryWidth(), 1.5));
  addNorm(nameOr(family.ffnNorm, "mlp.ffn_sub_norm"), shape.ffn,
          gainFor(shape.ffn, 1.5));
}

void TensorList::addHeadNorms(const std::string &prefix) {
  addNorm(prefix + "self_attn.q_norm", shape.headDim, 1.5);
  addNorm(prefix + "self_attn.k_norm", shape.headDim, 1.5);
}

/// What stands in front of a matrix gives it its size, so the others are near
/// one.
void TensorList::addEmbeddingNorms(const std::string &prefix) {
  uint64_t hidden = shape.hidden;
  addNorm(prefix + "input_layernorm", hidden, 1.0);
  addNorm(prefix + "post_attention_layernorm", hidden, 1.0);
  if (family.facts.postNorms) {
    addNorm(prefix + "pre_feedforward_layernorm", hidden, 1.0);
    addNorm(prefix + "post_feedforward_layernorm", hidden, 1.0);
  }
  addHeadNorms(prefix);
}

void TensorList::addLayer(const std::string &prefix) {
  uint64_t hidden = shape.hidden, ffn = shape.ffn, width = shape.queryWidth();
  std::string attn = prefix + "self_attn.", mlp = prefix + "mlp.";
  // Where no norm keeps the size of what goes into a matrix, the matrix does.
  bool hasNorms =
      family.facts.projectionNorms || hasSubNorms() || request.extras.rmsNorms;
  double outGain = hasNorms ? 1.0 : gainFor(width, 1.5);
  double downGain = hasNorms ? 1.0 : gainFor(ffn, 3.0);
  addMatrix(attn + "q_proj", width, hidden);
  addMatrix(attn + "k_proj", shape.kvWidth(), hidden);
  addMatrix(attn + "v_proj", shape.kvWidth(), hidden);
  addMatrix(attn + "o_proj", hidden, width, outGain);
  addMatrix(mlp + "gate_proj", ffn, hidden);
  addMatrix(mlp + "up_proj", ffn, hidden);
  addMatrix(mlp + "down_proj", hidden, ffn, downGain);
  if (family.facts.headNorms)
    addEmbeddingNorms(prefix);
  else
    addBlockNorms(prefix);
}

std::vector<Tensor> listTensors(const Request &request) {
  TensorList tensors(request);
  std::string prefix = request.family->embeds() ? "" : "model.";
  tensors.addTable(prefix + "embed_tokens");
  if (!request.family->tied)
    tensors.addTable("lm_head");
  tensors.addNorm(prefix + "norm", request.shape.hidden, 1.0);
  for (uint64_t layer = 0; layer < request.shape.layers; ++layer)
    tensors.addLayer(prefix + "layers." + std::to_string(layer) + ".");
  llvm::sort(tensors.list, [](const Tensor &a, const Tensor &b) {
    return std::pair(a.isPacked(), llvm::StringRef(a.name)) <
           std::pair(b.isPacked(), llvm::StringRef(b.name));
  });
  return std::move(tensors.list);
}

TensorFiller::TensorFiller(const Tensor &tensor, uint64_t seed)
    : tensor(tensor), seed(seed) {
  // The amplitude gives every matrix a scale of its own, from 0.8 to 1.25.
  double shift = Stream(seed, tensor.name + "#amplitude").symmetric(0);
  double amplitude = std::exp2(0.32 * shift) * tensor.gain;
  levels = tensor.wasTernary ? makeTernaryLevels(amplitude, tensor.element)
                             : makeLevels(amplitude, tensor.element);
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
    case Tensor::Kind::Bias:
      fillBias(row);
      break;
    case Tensor::Kind::Scale:
      llvm_unreachable("known only when its matrix is done");
    }
  }
  return sum;
}

uint16_t TensorFiller::reciprocalScale() const {
  return toBits(Element::BF16,
                1.0f / fromBits(tensor.element, levels.master[255]));
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

float TensorFiller::fillTernary(Scales scales,
                                llvm::MutableArrayRef<int8_t> out) const {
  Stream stream(seed, tensor.name);
  uint64_t words = wordsPerRow(tensor.columns), sum = 0;
  for (uint64_t row = 0; row < tensor.rows; ++row)
    for (uint64_t k = 0; k < tensor.columns; ++k) {
      uint64_t word = stream.word(row * words + k / 8);
      uint8_t level = uint8_t(word >> (8 * (k % 8)));
      out[row * tensor.columns + k] = int8_t(levels.code[level] - 1);
      sum += levels.magnitude[level];
    }
  if (scales == Scales::Divide)
    return 1.0f / fromBits(Element::BF16, reciprocalScale());
  return fromBits(tensor.element,
                  absmeanScale(sum, out.size(), tensor.element));
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
    write16le(out + 2 * k,
              toBits(tensor.element, float(sum - 2 * 65535) * unit));
  }
}

/// What lacks one is a multiple of 2^-8: one more is exact as f16, which GGUF
/// files have.
void TensorFiller::fillNorm(uint8_t *out) const {
  Stream stream(seed, tensor.name);
  for (uint64_t k = 0; k < tensor.columns; ++k) {
    double weight = tensor.gain * (1 + 0.25 * stream.symmetric(k));
    if (tensor.lacksOne)
      weight = std::round(256 * (weight - 1)) / 256;
    write16le(out + 2 * k, toBits(tensor.element, float(weight)));
  }
}

void TensorFiller::fillBias(uint8_t *out) const {
  Stream stream(seed, tensor.name);
  for (uint64_t k = 0; k < tensor.columns; ++k)
    write16le(out + 2 * k,
              toBits(tensor.element, float(tensor.gain * stream.symmetric(k))));
}

} // namespace tritc::synth
