//===- Gguf.cpp - A synthetic checkpoint as GGUF files --------------------===//

#include "tools/tritc-synth/Gguf.h"

#include "tools/tritc-synth/Encodings.h"
#include "tools/tritc-synth/GgufKeys.h"
#include "tools/tritc-synth/Interrupt.h"
#include "tools/tritc-synth/Tensors.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"

namespace tritc::synth {

using llvm::support::endian::read16le;

using NamePair = std::pair<llvm::StringLiteral, llvm::StringLiteral>;

static constexpr NamePair names[] = {
    {"model.embed_tokens", "token_embd"},
    {"model.norm", "output_norm"},
    {"lm_head", "output"},
    {"model.layers.", "blk."},
    {"input_layernorm", "attn_norm"},
    {"post_attention_layernorm", "ffn_norm"},
    {"self_attn.q_proj", "attn_q"},
    {"self_attn.k_proj", "attn_k"},
    {"self_attn.v_proj", "attn_v"},
    {"self_attn.o_proj", "attn_output"},
    {"self_attn.attn_sub_norm", "attn_sub_norm"},
    {"self_attn.inner_attn_ln", "attn_sub_norm"},
    {"mlp.gate_proj", "ffn_gate"},
    {"mlp.up_proj", "ffn_up"},
    {"mlp.down_proj", "ffn_down"},
    {"mlp.ffn_sub_norm", "ffn_sub_norm"},
    {"mlp.ffn_layernorm", "ffn_sub_norm"},
    {"self_attn.q_norm", "attn_q_norm"},
    {"self_attn.k_norm", "attn_k_norm"},
};

/// Of Gemma, whose second norm is behind the attention; before those above.
static constexpr NamePair postNormNames[] = {
    {"post_attention_layernorm", "post_attention_norm"},
    {"pre_feedforward_layernorm", "ffn_norm"},
    {"post_feedforward_layernorm", "post_ffw_norm"},
};

static void rename(std::string &name, llvm::ArrayRef<NamePair> pairs) {
  for (auto [ours, theirs] : pairs)
    if (size_t at = name.find(ours.str()); at != std::string::npos)
      name.replace(at, ours.size(), theirs.str());
}

static std::string ggufName(const Family &family, std::string name) {
  if (family.facts.postNorms)
    rename(name, postNormNames);
  if (family.embeds())
    name = "model." + name;
  rename(name, names);
  for (llvm::StringRef norm : {".norm.weight", ".rms_norm.weight"})
    if (llvm::StringRef(name).ends_with(norm))
      name.replace(name.size() - norm.size(), norm.size(), "_norm_in.weight");
  return name;
}

/// The floats of the master checkpoint: it has one matrix per projection.
static std::vector<Tensor> ggufTensors(Request request) {
  request.format = Format::Master;
  return listTensors(request);
}

static std::optional<import::LutTiles> tilesOf(const Request &request,
                                               const Tensor &tensor) {
  return import::lutTilesFor(request.gguf.tiles, tensor.rows, tensor.columns);
}

/// Undoes nothing, for readers that rotate neighbours: row 2j + e of a head is
/// row e * (headDim / 2) + j of the model.
template <typename T>
static std::vector<T> interleaved(llvm::ArrayRef<T> rows, uint64_t columns,
                                  uint64_t headDim) {
  std::vector<T> result(rows.size());
  for (uint64_t row = 0; row < rows.size() / columns; ++row) {
    uint64_t inHead = row % headDim;
    uint64_t from = row - inHead + inHead % 2 * (headDim / 2) + inHead / 2;
    llvm::copy(rows.slice(from * columns, columns),
               result.begin() + row * columns);
  }
  return result;
}

static bool isRotated(const Tensor &tensor) {
  return llvm::StringRef(tensor.name).contains("q_proj") ||
         llvm::StringRef(tensor.name).contains("k_proj");
}

static std::vector<uint8_t> encodeMatrix(const Request &request,
                                         const Tensor &tensor) {
  std::vector<int8_t> values(tensor.rows * tensor.columns);
  TensorFiller filler(tensor, request.seed);
  float scale = filler.fillTernary(request.family->scales, values);
  if (isRotated(tensor) && request.family->permutesGguf())
    values = interleaved<int8_t>(values, tensor.columns, request.shape.headDim);
  return request.gguf.matrices->encode(
      {values, tensor.rows, tensor.columns, scale,
       tilesOf(request, tensor).value_or(import::LutTiles{})});
}

static float fromElement(const Tensor &tensor, const uint8_t *bytes) {
  return fromBits(tensor.element, read16le(bytes));
}

/// Rows of a table; every encoding keeps rows apart.
static llvm::Error writeTable(const Request &request, const Tensor &tensor,
                              const OutputFile &file, uint64_t offset) {
  const TableEncoding &encoding = *request.gguf.tables;
  TensorFiller filler(tensor, request.seed);
  uint64_t blocks = tensor.columns / encoding.blockElements;
  std::vector<uint8_t> row(tensor.rowBytes());
  std::vector<uint8_t> out(blocks * encoding.blockBytes);
  std::vector<float> values(tensor.columns);
  for (uint64_t i = 0; i < tensor.rows; ++i) {
    filler.fill(i, 1, row);
    for (uint64_t k = 0; k < tensor.columns; ++k)
      values[k] = fromElement(tensor, &row[2 * k]);
    for (uint64_t block = 0; block < blocks; ++block)
      encoding.encode(
          llvm::ArrayRef(values).slice(block * encoding.blockElements,
                                       encoding.blockElements),
          &out[block * encoding.blockBytes]);
    if (llvm::Error error = file.write(offset + i * out.size(), out))
      return error;
  }
  return llvm::Error::success();
}

/// Norms and biases are f32, whatever the rest is; f16 in models that embed,
/// with the one added that Gemma's lack.
static std::vector<uint8_t> encodeVector(const Request &request,
                                         const Tensor &tensor) {
  uint64_t size = request.family->embeds() ? 2 : 4;
  std::vector<uint8_t> row(tensor.rowBytes()), out(size * tensor.columns);
  TensorFiller(tensor, request.seed).fill(0, 1, row);
  if (tensor.kind == Tensor::Kind::Bias && isRotated(tensor) &&
      request.family->permutesGguf())
    row = interleaved<uint8_t>(row, tensor.rowBytes() / tensor.columns,
                               request.shape.headDim);
  for (uint64_t k = 0; k < tensor.columns; ++k) {
    float value = fromElement(tensor, &row[2 * k]) + float(tensor.lacksOne);
    if (request.family->embeds())
      llvm::support::endian::write16le(&out[2 * k],
                                       toBits(Element::F16, value));
    else
      llvm::support::endian::write32le(&out[4 * k],
                                       llvm::bit_cast<uint32_t>(value));
  }
  return out;
}

namespace {
/// One file. Its head has the same size whatever it says of offsets, so that
/// tensors are written before it.
class PartWriter {
public:
  PartWriter(const Request &request, const GgufTokens &tokens,
             llvm::ArrayRef<Tensor> tensors, uint64_t part, uint64_t allTensors)
      : request(request), tokens(tokens), tensors(tensors), part(part),
        allTensors(allTensors) {}

  llvm::Error write(const OutputFile &file);

private:
  GgufHead makeHead(llvm::ArrayRef<uint64_t> sizes) const;
  llvm::Expected<uint64_t> writeTensor(const Tensor &tensor,
                                       const OutputFile &file, uint64_t offset);

  const Request &request;
  const GgufTokens &tokens;
  llvm::ArrayRef<Tensor> tensors;
  uint64_t part, allTensors;
};
} // namespace

GgufHead PartWriter::makeHead(llvm::ArrayRef<uint64_t> sizes) const {
  GgufHead head;
  if (part == 0)
    addKeys(request, tokens, head);
  if (request.shards > 1) {
    head.add16("split.no", uint16_t(part));
    head.add16("split.count", uint16_t(request.shards));
    head.add("split.tensors.count", uint32_t(allTensors));
  }
  for (auto [tensor, bytes] : llvm::zip(tensors, sizes)) {
    uint32_t type = request.family->embeds(); // f16 or f32
    if (tensor.kind == Tensor::Kind::Master)
      type = request.gguf.matrices->type;
    else if (tensor.kind == Tensor::Kind::Embedding)
      type = request.gguf.tables->type;
    head.addTensor(ggufName(*request.family, tensor.name), tensor.storedShape(),
                   type, bytes);
  }
  return head;
}

/// \returns  the number of bytes
llvm::Expected<uint64_t> PartWriter::writeTensor(const Tensor &tensor,
                                                 const OutputFile &file,
                                                 uint64_t offset) {
  if (tensor.kind == Tensor::Kind::Embedding) {
    if (llvm::Error error = writeTable(request, tensor, file, offset))
      return std::move(error);
    return tensor.rows * tensor.columns / request.gguf.tables->blockElements *
           request.gguf.tables->blockBytes;
  }
  std::vector<uint8_t> bytes = tensor.isVector()
                                   ? encodeVector(request, tensor)
                                   : encodeMatrix(request, tensor);
  if (llvm::Error error = file.write(offset, bytes))
    return std::move(error);
  return bytes.size();
}

llvm::Error PartWriter::write(const OutputFile &file) {
  std::vector<uint64_t> sizes(tensors.size());
  uint64_t start = makeHead(sizes).finish().size(), end = start;
  for (auto [tensor, size] : llvm::zip(tensors, sizes)) {
    if (llvm::Error error = checkInterrupt())
      return error;
    llvm::Expected<uint64_t> bytes = writeTensor(tensor, file, end);
    if (!bytes)
      return bytes.takeError();
    size = *bytes;
    end = llvm::alignTo(end + size, GgufHead::alignment);
  }
  return file.write(
      0, llvm::arrayRefFromStringRef<uint8_t>(makeHead(sizes).finish()));
}

llvm::Error writeGguf(const Request &request, OutputDirectory &directory) {
  GgufTokens tokens = makeGgufTokens(request);
  std::vector<Tensor> tensors = ggufTensors(request);
  for (uint64_t part = 0; part < request.shards; ++part) {
    std::string name = "model.gguf";
    if (request.shards > 1)
      name = llvm::formatv("model-{0,0+5}-of-{1,0+5}.gguf", part + 1,
                           request.shards);
    auto file = directory.createFile(name);
    if (!file)
      return file.takeError();
    uint64_t first = tensors.size() * part / request.shards;
    uint64_t end = tensors.size() * (part + 1) / request.shards;
    PartWriter writer(request, tokens,
                      llvm::ArrayRef(tensors).slice(first, end - first), part,
                      tensors.size());
    if (llvm::Error error = writer.write(*file))
      return error;
    if (llvm::Error error = file->close())
      return error;
  }
  return llvm::Error::success();
}

/// Why a matrix cannot be encoded; empty if it can.
static std::string matrixProblem(const Request &request, const Tensor &tensor) {
  const MatrixEncoding &encoding = *request.gguf.matrices;
  if (tensor.rows * tensor.columns % encoding.elementMultiple != 0 ||
      tensor.rows % encoding.rowMultiple != 0 ||
      tensor.columns % encoding.columnMultiple != 0)
    return llvm::formatv("expected a multiple of {0} rows, {1} columns and {2} "
                         "weights, found {3} x {4}",
                         encoding.rowMultiple, encoding.columnMultiple,
                         encoding.elementMultiple, tensor.rows, tensor.columns);
  if (!encoding.tileProblem)
    return "";
  std::optional<import::LutTiles> tiles = tilesOf(request, tensor);
  if (!tiles)
    return "expected --tl-tiles= for its shape";
  return encoding.tileProblem(*tiles, tensor.rows, tensor.columns);
}

llvm::Error checkGguf(const Request &request) {
  auto refuse = [](const Tensor &tensor, const llvm::Twine &what) {
    return makeError(ExitCode::Usage,
                     "--format=gguf: " + tensor.name + ": " + what);
  };
  std::vector<Tensor> tensors = ggufTensors(request);
  if (request.shards > tensors.size())
    return makeError(ExitCode::Usage, "--shards: expected at most " +
                                          llvm::Twine(tensors.size()) +
                                          " GGUF files, found " +
                                          llvm::Twine(request.shards));
  for (const Tensor &tensor : tensors) {
    if (tensor.kind == Tensor::Kind::Embedding &&
        tensor.columns % request.gguf.tables->blockElements != 0)
      return refuse(tensor,
                    "expected a multiple of " +
                        llvm::Twine(request.gguf.tables->blockElements) +
                        " columns for --table-encoding, found " +
                        llvm::Twine(tensor.columns));
    if (tensor.kind != Tensor::Kind::Master)
      continue;
    std::string problem = matrixProblem(request, tensor);
    if (!problem.empty())
      return refuse(tensor, "--encoding=" + request.gguf.matrices->name + ": " +
                                problem);
  }
  return llvm::Error::success();
}

} // namespace tritc::synth
