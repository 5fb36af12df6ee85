//===- GgufCheckpoint.cpp - A checkpoint out of GGUF files ----------------===//

#include "compiler/import/CheckpointStorage.h"
#include "compiler/import/gguf/GgufLayout.h"
#include "compiler/import/gguf/GgufMatrix.h"
#include "compiler/import/gguf/GgufModel.h"
#include "compiler/import/gguf/GgufTypes.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace tritc::import {

namespace {
struct TensorName {
  llvm::StringLiteral ours; ///< within a layer
  llvm::StringLiteral theirs;
};
} // namespace

static constexpr TensorName layerNames[] = {
    {"input_layernorm", "attn_norm"},
    {"self_attn.q_proj", "attn_q"},
    {"self_attn.k_proj", "attn_k"},
    {"self_attn.v_proj", "attn_v"},
    {"self_attn.attn_sub_norm", "attn_sub_norm"},
    {"self_attn.o_proj", "attn_output"},
    {"post_attention_layernorm", "ffn_norm"},
    {"mlp.gate_proj", "ffn_gate"},
    {"mlp.up_proj", "ffn_up"},
    {"mlp.ffn_sub_norm", "ffn_sub_norm"},
    {"mlp.down_proj", "ffn_down"},
    // Of the models that embed.
    {"self_attn.q_norm", "attn_q_norm"},
    {"self_attn.k_norm", "attn_k_norm"},
    {"post_attention_norm", "post_attention_norm"},
    {"post_feedforward_norm", "post_ffw_norm"},
};

/// Without ".weight": "blk.3.ffn_up" for "model.layers.3.mlp.up_proj.weight".
static std::string ggufName(llvm::StringRef name) {
  name.consume_back(".weight");
  if (name == "model.embed_tokens")
    return "token_embd";
  if (name == "model.norm")
    return "output_norm";
  if (name == "lm_head")
    return "output";
  name.consume_front("model.layers.");
  // A norm in front of a matrix is named after the matrix.
  bool isInput = name.ends_with("_proj.norm") && name.consume_back(".norm");
  auto [layer, part] = name.split('.');
  const TensorName *known = llvm::find_if(
      layerNames, [&](const TensorName &known) { return known.ours == part; });
  if (known != std::end(layerNames))
    part = known->theirs;
  return ("blk." + layer + "." + part + (isInput ? "_norm_in" : "")).str();
}

/// With its ending, ".bias" or ".weight".
static std::string storedName(llvm::StringRef name) {
  if (name.consume_back(".bias"))
    return ggufName(name) + ".bias";
  return ggufName(name) + ".weight";
}

namespace {
class GgufReader {
public:
  GgufReader(const GgufArchitecture &arch, const OpenOptions &options,
             CheckpointStorage &storage)
      : arch(arch), options(options.gguf), storage(storage),
        files(storage.gguf), tensors(storage.gguf.ledger()) {}

  llvm::Error readTensors();
  llvm::Error checkLayout();

private:
  void addSample(const std::string &matrix, const std::string &norm,
                 std::vector<LayoutSample> &samples) const;
  llvm::Error checkTiledTypes(llvm::ArrayRef<ModelTensor> expected);
  llvm::Error addTensor(const ModelTensor &expected);
  llvm::Error addFloats(const ModelTensor &expected, GgufSet::Item item);
  llvm::Error addMatrix(const ModelTensor &expected, GgufSet::Item item);
  llvm::ArrayRef<uint8_t> inModelOrder(llvm::ArrayRef<uint8_t> stored,
                                       uint64_t elementBytes,
                                       uint64_t headRows);
  llvm::Error addEncoded(const ModelTensor &expected, GgufSet::Item item,
                         const TernaryEncoding &encoding);
  llvm::Error checkBytes(GgufSet::Item item,
                         const GgufMatrix::Source &source) const;
  llvm::Expected<std::optional<float>> readNumber(const std::string &name);
  uint64_t headRows(llvm::StringRef name) const;
  llvm::Error wrong(GgufSet::Item item, ExitCode code,
                    const llvm::Twine &what) const {
    return makeError(code, item.file->path() + ": " + item.tensor->name + ": " +
                               what);
  }

  const GgufArchitecture &arch;
  const GgufOptions &options;
  CheckpointStorage &storage;
  const GgufSet &files;
  TensorLedger<GgufSet::Item> &tensors;
};
} // namespace

/// A view of the tensor's bytes, which the file has, as `type`'s floats.
static TensorView viewOf(GgufSet::Item item, const GgufType &type) {
  uint64_t begin = item.tensor->begin;
  return {item.tensor->name,
          type.dtype.value_or(DType::F32),
          item.tensor->shape,
          item.file->bytes().slice(begin, type.leastBytes(*item.tensor)),
          item.file->path(),
          begin,
          type.blocked};
}

llvm::Error GgufReader::addFloats(const ModelTensor &expected,
                                  GgufSet::Item item) {
  const GgufType *type = ggufType(item.tensor->type);
  if (!type || (!type->dtype && !type->blocked))
    return wrong(item, ExitCode::Unreadable,
                 "expected F32, F16, BF16, Q8_0 or Q6_K, found " +
                     ggufTypeName(item.tensor->type));
  TensorView view = viewOf(item, *type);
  if (uint64_t rows = headRows(expected.name)) {
    if (!type->dtype)
      return wrong(item, ExitCode::Unreadable,
                   "expected F32, F16 or BF16, found " +
                       ggufTypeName(item.tensor->type));
    view.bytes = inModelOrder(view.bytes, dtypeBytes(view.dtype), rows);
  }
  storage.tensors.try_emplace(expected.name, view);
  return llvm::Error::success();
}

/// The elements of a bias, one per row of its matrix, as `rowInFile` has them.
llvm::ArrayRef<uint8_t> GgufReader::inModelOrder(llvm::ArrayRef<uint8_t> stored,
                                                 uint64_t elementBytes,
                                                 uint64_t headRows) {
  std::vector<uint8_t> &ordered = storage.reordered.emplace_back(stored.size());
  for (uint64_t row = 0; row < stored.size() / elementBytes; ++row)
    llvm::copy(
        stored.slice(rowInFile(row, headRows) * elementBytes, elementBytes),
        ordered.begin() + row * elementBytes);
  return ordered;
}

/// The only element of tensor `name`, an f32 beside a matrix.
llvm::Expected<std::optional<float>>
GgufReader::readNumber(const std::string &name) {
  std::optional<GgufSet::Item> item = tensors.take(name);
  if (!item)
    return std::nullopt;
  const GgufType *type = ggufType(item->tensor->type);
  if (!type || !type->dtype || item->tensor->elements() != 1)
    return wrong(*item, ExitCode::Malformed,
                 "expected one float, found " + shapeText(item->tensor->shape) +
                     " of " + ggufTypeName(item->tensor->type));
  float value = 0;
  widen(*type->dtype, item->file->bytes().data() + item->tensor->begin, value);
  return value;
}

/// Rows of a head whose order has to be undone; 0 if there is none.
uint64_t GgufReader::headRows(llvm::StringRef name) const {
  constexpr llvm::StringLiteral rotated[] = {"q_proj.weight", "q_proj.bias",
                                             "k_proj.weight", "k_proj.bias"};
  bool isRotated = llvm::any_of(
      rotated, [&](llvm::StringRef end) { return name.ends_with(end); });
  return arch.permutesHeads && isRotated ? storage.config.headDim : 0;
}

llvm::Error GgufReader::addEncoded(const ModelTensor &expected,
                                   GgufSet::Item item,
                                   const TernaryEncoding &encoding) {
  GgufMatrix::Source source = {
      item,
      &encoding,
      {expected.shape[0], expected.shape[1], options.i2sLayout, LutTiles{}}};
  if (encoding.needsTiles) {
    std::optional<LutTiles> tiles =
        lutTilesFor(options, expected.shape[0], expected.shape[1]);
    if (!tiles)
      return wrong(item, ExitCode::Unreadable,
                   "TL1 and TL2 (type " + llvm::Twine(item.tensor->type) +
                       ") can only be read with the tiles they were written "
                       "for, give them with --tl-tiles=, or use I2_S");
    source.layout.tiles = *tiles;
  }
  std::string problem = encoding.problem(source.layout);
  if (!problem.empty())
    return wrong(item, ExitCode::Malformed, encoding.name + ": " + problem);

  source.headRows = headRows(expected.name);
  std::string name = ggufName(expected.name);
  llvm::Expected<std::optional<float>> scale =
      readNumber(name + ".weight_scale");
  if (!scale)
    return scale.takeError();
  source.scale = *scale;
  llvm::Expected<std::optional<float>> factor = readNumber(name + ".scale");
  if (!factor)
    return factor.takeError();
  source.factor = factor->value_or(1);

  if (llvm::Error error = checkBytes(item, source))
    return error;
  storage.matrices.try_emplace(expected.name,
                               std::make_unique<GgufMatrix>(source));
  return llvm::Error::success();
}

/// Is there room for the matrix? Types 38 and 39 have other meanings elsewhere:
/// theirs must be the very size.
llvm::Error GgufReader::checkBytes(GgufSet::Item item,
                                   const GgufMatrix::Source &source) const {
  const TernaryEncoding &encoding = *source.encoding;
  uint64_t needed = encoding.codeBytes(source.layout);
  if (encoding.hasTailScale(source.layout) && !source.scale)
    needed = encoding.scales(source.layout).offset + 32;
  uint64_t room = item.tensor->limit - item.tensor->begin;
  if (needed > room)
    return wrong(item, ExitCode::Malformed,
                 "expected " + llvm::Twine(needed) + " bytes from byte " +
                     llvm::Twine(item.tensor->begin) + " for " + encoding.name +
                     ", found " + llvm::Twine(room));
  uint64_t most = llvm::alignTo(needed, item.file->alignment());
  if (encoding.needsTiles && room > most)
    return wrong(item, ExitCode::Malformed,
                 "expected at most " + llvm::Twine(most) + " bytes for " +
                     encoding.name + " with these tiles, found " +
                     llvm::Twine(room));
  return llvm::Error::success();
}

llvm::Error GgufReader::addMatrix(const ModelTensor &expected,
                                  GgufSet::Item item) {
  const GgufType *type = ggufType(item.tensor->type);
  if (type && type->ternary)
    return addEncoded(expected, item, *type->ternary);
  if (!type || !type->dtype)
    return wrong(item, ExitCode::Unreadable,
                 "expected a ternary type (I2_S, TQ1_0, TQ2_0, IQ1_BN, IQ2_BN, "
                 "IQ2_BN_R4, TL1, TL2) or F32, F16, BF16, found " +
                     ggufTypeName(item.tensor->type));
  if (headRows(expected.name) != 0)
    return wrong(item, ExitCode::Unreadable,
                 "float weights of this architecture are not supported, "
                 "expected a ternary type");
  storage.tensors.try_emplace(expected.name, viewOf(item, *type));
  storage.matrices.try_emplace(
      expected.name,
      std::make_unique<MasterMatrix>(
          MatrixShape{expected.shape[0], expected.shape[1]},
          storage.tensors.find(expected.name)->second, /*keepsTernary=*/true,
          /*mustBeTernary=*/arch.facts.subNorms == NormNames::None &&
              arch.facts.output == Output::Text));
  return llvm::Error::success();
}

llvm::Error GgufReader::addTensor(const ModelTensor &expected) {
  std::string name = storedName(expected.name);
  std::optional<GgufSet::Item> item = tensors.take(name);
  if (!item)
    return makeError(ExitCode::Malformed, files.main().path() + ": " + name +
                                              ": missing, expected " +
                                              shapeText(expected.shape) +
                                              ", found nothing");
  llvm::ArrayRef<uint64_t> shape = item->tensor->shape;
  if (shape != llvm::ArrayRef<uint64_t>(expected.shape))
    return wrong(*item, ExitCode::Malformed,
                 "expected " + shapeText(expected.shape) + ", found " +
                     shapeText(shape));
  return expected.role == TensorRole::Ternary ? addMatrix(expected, *item)
                                              : addFloats(expected, *item);
}

/// TL1 and TL2 are for whole models: a matrix of another type beside them means
/// that the numbers 38 and 39 are not bitnet.cpp's.
llvm::Error GgufReader::checkTiledTypes(llvm::ArrayRef<ModelTensor> expected) {
  auto isTiled = [](GgufSet::Item item) {
    const GgufType *type = ggufType(item.tensor->type);
    return type && type->ternary && type->ternary->needsTiles;
  };
  std::optional<GgufSet::Item> first;
  for (const ModelTensor &tensor : expected) {
    auto item = tensors.look(ggufName(tensor.name) + ".weight");
    if (tensor.role != TensorRole::Ternary || !item)
      continue;
    if (!first)
      first = item;
    if (item->tensor->type != first->tensor->type &&
        (isTiled(*item) || isTiled(*first)))
      return wrong(*item, ExitCode::Unreadable,
                   "expected TL1 or TL2 for all matrices or for none, found " +
                       ggufTypeName(item->tensor->type) + " here and " +
                       ggufTypeName(first->tensor->type) + " in " +
                       first->tensor->name);
  }
  return llvm::Error::success();
}

llvm::Error GgufReader::readTensors() {
  storage.config.addOptionalParts([&](llvm::StringRef part) {
    llvm::StringRef layer = "blk.0";
    std::string name = storedName(("model.layers.0." + part).str());
    return tensors.anyEnds(llvm::StringRef(name).drop_front(layer.size()));
  });
  if (arch.permutesHeads && storage.config.hasHeadNorms)
    return makeError(ExitCode::Unreadable,
                     files.main().path() +
                         ": attn_q_norm.weight: norms over heads are not "
                         "supported for " +
                         arch.name +
                         ", whose files do not say in which order they are");
  std::vector<ModelTensor> expected = modelTensors(storage.config);
  if (llvm::Error error = checkTiledTypes(expected))
    return error;
  for (const ModelTensor &tensor : expected)
    if (llvm::Error error = addTensor(tensor))
      return error;
  return llvm::Error::success();
}

/// If `matrix` is of type I2_S, with the weights of the norm in front of it.
void GgufReader::addSample(const std::string &matrix, const std::string &norm,
                           std::vector<LayoutSample> &samples) const {
  auto item = tensors.look(ggufName(matrix + ".weight") + ".weight");
  auto weights = storage.tensors.find(norm + ".weight");
  const GgufType *type = item ? ggufType(item->tensor->type) : nullptr;
  if (!type || type->ternary != &encodingI2s ||
      weights == storage.tensors.end() || weights->second.blocked)
    return;
  llvm::ArrayRef<uint64_t> shape = item->tensor->shape;
  LayoutSample sample = {item->file->bytes().slice(
                             item->tensor->begin, item->tensor->elements() / 4),
                         shape[0], shape[1], std::vector<float>(shape[1])};
  widen(weights->second.dtype, weights->second.bytes.data(), sample.norm);
  samples.push_back(std::move(sample));
}

/// Do the data speak for another order of I2_S codes?
llvm::Error GgufReader::checkLayout() {
  constexpr std::pair<llvm::StringLiteral, llvm::StringLiteral> pairs[] = {
      {"self_attn.q_proj", "input_layernorm"},
      {"self_attn.k_proj", "input_layernorm"},
      {"self_attn.v_proj", "input_layernorm"},
      {"self_attn.o_proj", "self_attn.attn_sub_norm"},
      {"mlp.gate_proj", "post_attention_layernorm"},
      {"mlp.up_proj", "post_attention_layernorm"},
      {"mlp.down_proj", "mlp.ffn_sub_norm"}};
  constexpr uint32_t mostLayers = 4;
  std::vector<LayoutSample> samples;
  uint32_t layers = storage.config.layerCount;
  uint32_t step = std::max(1u, layers / mostLayers);
  for (uint32_t layer = 0; layer < layers; layer += step)
    for (auto [matrix, norm] : pairs) {
      std::string prefix = "model.layers." + std::to_string(layer) + ".";
      addSample(prefix + matrix.str(), prefix + norm.str(), samples);
    }
  std::optional<I2sLayout> likelier =
      likelierLayout(samples, options.i2sLayout);
  if (!likelier)
    return llvm::Error::success();
  std::string path = files.main().path().str();
  std::string what = std::string("the weights speak for --i2s-layout=") +
                     i2sLayoutName(*likelier) + ": read in the order " +
                     i2sLayoutName(options.i2sLayout) +
                     ", their columns do not fit the norms in front of them";
  if (!options.i2sLayoutGiven)
    return makeError(ExitCode::Unreadable,
                     path + ": I2_S: " + what + "; choose with --i2s-layout=");
  storage.notes.push_back(path + ": I2_S: " + what);
  return llvm::Error::success();
}

llvm::Expected<Accounted> openGguf(GgufSet files, const OpenOptions &options,
                                   CheckpointStorage &storage) {
  storage.gguf = std::move(files);
  const GgufFile &main = storage.gguf.main();
  llvm::Expected<const GgufArchitecture *> arch = ggufArchitecture(main);
  if (!arch)
    return arch.takeError();
  llvm::Expected<ModelConfig> config = readGgufConfig(storage.gguf, **arch);
  if (!config)
    return config.takeError();
  storage.config = std::move(*config);
  // A model that embeds never chats: its template may be of any kind.
  if (!storage.config.embeds || options.chatTemplate)
    if (llvm::Error error = storage.takeChatTemplate(
            readGgufChatTemplate(main, options.chatTemplate, storage.notes)))
      return error;
  storage.tokenizer = [&main, &config = storage.config, arch = *arch] {
    return readGgufTokenizer(main, *arch, config);
  };
  GgufReader reader(**arch, options, storage);
  if (llvm::Error error = reader.readTensors())
    return std::move(error);
  if (llvm::Error error = reader.checkLayout())
    return std::move(error);
  return storage.gguf.ledger().close({storage.config, "token_embd.weight",
                                      storage.embedding(), "blk.",
                                      "block_count"});
}

} // namespace tritc::import
