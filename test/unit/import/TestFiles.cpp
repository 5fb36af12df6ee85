//===- TestFiles.cpp - Checkpoints and safetensors files for tests --------===//

#include "test/unit/import/TestFiles.h"

#include "compiler/import/model/DType.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>

namespace tritc::import::test {

TempDirectory::TempDirectory() {
  llvm::SmallString<128> made;
  if (std::error_code code =
          llvm::sys::fs::createUniqueDirectory("tritc-import", made))
    llvm::report_fatal_error(llvm::StringRef(code.message()));
  root = made.str().str();
}

TempDirectory::~TempDirectory() {
  (void)llvm::sys::fs::remove_directories(root);
}

std::string TempDirectory::write(const std::string &name,
                                 const std::string &bytes) const {
  std::error_code code;
  llvm::raw_fd_ostream file(path(name), code);
  file << bytes;
  return path(name);
}

std::string safetensorsRaw(const std::string &header, const std::string &data) {
  std::string file;
  for (unsigned i = 0; i < 8; ++i)
    file.push_back(char(uint64_t(header.size()) >> 8 * i));
  return file + header + data;
}

std::string safetensors(const std::map<std::string, Tensor> &tensors) {
  std::string header = "{\"__metadata__\":{\"format\":\"pt\"}", data;
  for (const auto &[name, tensor] : tensors) {
    std::string shape;
    for (uint64_t extent : tensor.shape)
      shape += (shape.empty() ? "" : ",") + std::to_string(extent);
    header += ",\"" + name + "\":{\"dtype\":\"" + tensor.dtype +
              "\",\"shape\":[" + shape + "],\"data_offsets\":[" +
              std::to_string(data.size()) + "," +
              std::to_string(data.size() + tensor.bytes.size()) + "]}";
    data += tensor.bytes;
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  return safetensorsRaw(header, data);
}

template <typename T>
static void append(std::string &bytes, T value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof(T));
}

std::string bf16(const std::vector<float> &values) {
  std::string bytes;
  for (float value : values)
    append(bytes, floatToBf16(value));
  return bytes;
}

std::string f32(const std::vector<float> &values) {
  std::string bytes;
  for (float value : values)
    append(bytes, value);
  return bytes;
}

std::string f16Bits(const std::vector<uint16_t> &bits) {
  std::string bytes;
  for (uint16_t value : bits)
    append(bytes, value);
  return bytes;
}

std::string pack(const std::vector<int> &weights, uint64_t rows,
                 uint64_t columns) {
  uint64_t packedRows = (rows + 3) / 4;
  std::string bytes(packedRows * columns, '\0');
  for (uint64_t row = 0; row < rows; ++row)
    for (uint64_t column = 0; column < columns; ++column)
      bytes[row % packedRows * columns + column] |=
          char((weights[row * columns + column] + 1) << 2 * (row / packedRows));
  return bytes;
}

int testWeight(uint64_t row, uint64_t column) {
  return int((row * 7 + column * 5 + row * column) % 3) - 1;
}

static std::vector<float> ramp(uint64_t count, float first) {
  std::vector<float> values;
  for (uint64_t i = 0; i < count; ++i)
    values.push_back(first + float(i) / 64);
  return values;
}

static void addMatrix(TestModel &model, const std::string &name, uint64_t rows,
                      uint64_t columns, bool packed) {
  std::vector<int> weights;
  std::vector<float> floats;
  for (uint64_t i = 0; i < rows * columns; ++i) {
    weights.push_back(testWeight(i / columns, i % columns));
    // Two magnitudes, so that nobody takes it for a matrix that was ternary.
    floats.push_back(float(weights.back()) * (i % 2 ? 1.0f : 1.25f));
  }
  if (!packed) {
    model.tensors[name + ".weight"] = {"BF16", {rows, columns}, bf16(floats)};
    return;
  }
  model.tensors[name + ".weight"] = {
      "U8", {(rows + 3) / 4, columns}, pack(weights, rows, columns)};
  model.tensors[name + ".weight_scale"] = {"BF16", {1}, bf16({1.5f})};
}

static TestModel makeModel(bool packed) {
  TestModel model;
  model.config = {
      {"architectures", "[\"BitNetForCausalLM\"]"},
      {"model_type", "\"bitnet\""},
      {"vocab_size", "11"},
      {"hidden_size", "8"},
      {"intermediate_size", "10"},
      {"num_hidden_layers", "2"},
      {"num_attention_heads", "2"},
      {"num_key_value_heads", "1"},
      {"hidden_act", "\"relu2\""},
      {"rms_norm_eps", "1e-5"},
      {"rope_theta", "500000.0"},
      {"max_position_embeddings", "64"},
      {"tie_word_embeddings", "true"},
      {"bos_token_id", "8"},
      {"eos_token_id", "9"},
      {"quantization_config",
       std::string("{\"quant_method\":\"bitnet\",\"linear_class\":"
                   "\"autobitlinear\",\"quantization_mode\":\"") +
           (packed ? "offline" : "online") + "\"}"},
  };
  auto vector = [&](const std::string &name, uint64_t length) {
    model.tensors[name + ".weight"] = {
        "BF16", {length}, bf16(ramp(length, 0.5f))};
  };
  model.tensors["model.embed_tokens.weight"] = {
      "BF16", {11, 8}, bf16(ramp(88, -0.5f))};
  for (unsigned layer = 0; layer < 2; ++layer) {
    std::string prefix = "model.layers." + std::to_string(layer) + ".";
    vector(prefix + "input_layernorm", 8);
    vector(prefix + "post_attention_layernorm", 8);
    vector(prefix + "self_attn.attn_sub_norm", 8);
    vector(prefix + "mlp.ffn_sub_norm", 10);
    addMatrix(model, prefix + "self_attn.q_proj", 8, 8, packed);
    addMatrix(model, prefix + "self_attn.k_proj", 4, 8, packed);
    addMatrix(model, prefix + "self_attn.v_proj", 4, 8, packed);
    addMatrix(model, prefix + "self_attn.o_proj", 8, 8, packed);
    addMatrix(model, prefix + "mlp.gate_proj", 10, 8, packed);
    addMatrix(model, prefix + "mlp.up_proj", 10, 8, packed);
    addMatrix(model, prefix + "mlp.down_proj", 8, 10, packed);
  }
  vector("model.norm", 8);
  return model;
}

TestModel TestModel::packed() { return makeModel(true); }
TestModel TestModel::master() { return makeModel(false); }

TestModel TestModel::llama(bool packed) {
  TestModel model = makeModel(packed);
  model.config["architectures"] = "[\"LlamaForCausalLM\"]";
  model.config["model_type"] = "\"llama\"";
  model.config["hidden_act"] = "\"silu\"";
  model.config["tie_word_embeddings"] = "false";
  model.config["quantization_config"] = "{\"quant_method\":\"bitnet\"}";
  std::erase_if(model.tensors, [](const auto &tensor) {
    return tensor.first.find("_sub_norm") != std::string::npos;
  });
  model.tensors["lm_head.weight"] = model.tensors["model.embed_tokens.weight"];
  return model;
}

std::string TestModel::configText() const {
  std::string text = "{";
  for (const auto &[key, value] : config)
    text += (text.size() > 1 ? ", " : "") + ("\"" + key + "\": ") + value;
  return text + "}";
}

void TestModel::write(const TempDirectory &directory) const {
  directory.write("config.json", configText());
  directory.write("model.safetensors", safetensors(tensors));
  for (const auto &[name, bytes] : files)
    directory.write(name, bytes);
}

} // namespace tritc::import::test
