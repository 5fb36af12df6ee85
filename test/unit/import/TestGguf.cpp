//===- TestGguf.cpp - GGUF files for tests --------------------------------===//

#include "test/unit/import/TestGguf.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace tritc::import::test {

std::string lengthAnd(const std::string &text) {
  return bytesOf(uint64_t(text.size())) + text;
}

void TestGguf::set(const std::string &key, uint32_t type,
                   const std::string &bytes) {
  for (Value &value : keys)
    if (value.key == key) {
      value.type = type;
      value.bytes = bytes;
      return;
    }
  keys.push_back({key, type, bytes});
}

void TestGguf::set(const std::string &key,
                   const std::vector<std::string> &texts) {
  std::string bytes = bytesOf(uint32_t(8)) + bytesOf(uint64_t(texts.size()));
  for (const std::string &text : texts)
    bytes += lengthAnd(text);
  set(key, 9, bytes);
}

void TestGguf::remove(const std::string &key) {
  llvm::erase_if(keys, [&](const Value &value) { return value.key == key; });
}

TestGguf::Tensor &TestGguf::tensor(const std::string &name) {
  return *llvm::find_if(
      tensors, [&](const Tensor &tensor) { return tensor.name == name; });
}

std::string TestGguf::bytes() const {
  std::string head = "GGUF" + bytesOf(version) +
                     bytesOf(tensorCount.value_or(tensors.size())) +
                     bytesOf(keyCount.value_or(keys.size()));
  for (const Value &value : keys)
    head += lengthAnd(value.key) + bytesOf(value.type) + value.bytes;
  std::string data;
  for (const Tensor &tensor : tensors) {
    head += lengthAnd(tensor.name) + bytesOf(uint32_t(tensor.dims.size()));
    for (uint64_t extent : tensor.dims)
      head += bytesOf(extent);
    head += bytesOf(tensor.type) +
            bytesOf(tensor.offset.value_or(uint64_t(data.size())));
    data += tensor.bytes;
    data.resize(llvm::alignTo(data.size(), 32));
  }
  head.resize(llvm::alignTo(head.size(), 32));
  return head + data;
}

std::vector<int> testWeights(uint64_t rows, uint64_t columns) {
  std::vector<int> weights;
  for (uint64_t row = 0; row < rows; ++row)
    for (uint64_t column = 0; column < columns; ++column)
      weights.push_back(int((row * 31 + column * 17 + row * column / 5) % 3) -
                        1);
  return weights;
}

std::string i2s(const std::vector<int> &weights, float scale) {
  std::string bytes(weights.size() / 4, '\0');
  for (size_t i = 0; i < weights.size(); ++i) {
    size_t byte = i / 128 * 32 + i % 32;
    bytes[byte] |= char((weights[i] + 1) << (6 - 2 * (i % 128 / 32)));
  }
  return bytes + bytesOf(scale) + std::string(28, '\0');
}

static std::vector<std::string> byteAlphabet() {
  std::vector<std::string> letters;
  unsigned next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    bool isItself = (byte >= 33 && byte <= 126) ||
                    (byte >= 161 && byte <= 172) || byte >= 174;
    unsigned code = isItself ? byte : next++;
    std::string letter(1, char(code));
    if (code >= 0x80)
      letter = {char(0xc0 | code >> 6), char(0x80 | (code & 0x3f))};
    letters.push_back(letter);
  }
  return letters;
}

TestGguf TestGguf::model(const std::string &architecture) {
  TestGguf file;
  std::string prefix = architecture + ".";
  file.set("general.architecture", architecture);
  file.set(prefix + "context_length", uint32_t(128));
  file.set(prefix + "embedding_length", uint32_t(32));
  file.set(prefix + "block_count", uint32_t(1));
  file.set(prefix + "feed_forward_length", uint32_t(64));
  file.set(prefix + "attention.head_count", uint32_t(2));
  file.set(prefix + "attention.head_count_kv", uint32_t(1));
  file.set("tokenizer.ggml.model", std::string("gpt2"));
  std::vector<std::string> tokens = byteAlphabet();
  std::string types;
  tokens.push_back("ab");
  for (size_t i = 0; i < tokens.size(); ++i)
    types += bytesOf(int32_t(1));
  for (const char *control :
       {"<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"}) {
    tokens.push_back(control);
    types += bytesOf(int32_t(3));
  }
  file.set("tokenizer.ggml.tokens", tokens);
  file.set("tokenizer.ggml.token_type", 9,
           bytesOf(uint32_t(5)) + bytesOf(uint64_t(tokens.size())) + types);
  file.set("tokenizer.ggml.merges", std::vector<std::string>{"a b"});
  file.set("tokenizer.ggml.bos_token_id", uint32_t(257));
  file.set("tokenizer.ggml.eos_token_id", uint32_t(258));

  auto floats = [&](const std::string &name, std::vector<uint64_t> dims) {
    uint64_t count = 1;
    for (uint64_t extent : dims)
      count *= extent;
    file.tensors.push_back(
        {name, dims, 0, f32(std::vector<float>(count, 1)), {}});
  };
  auto matrix = [&](const std::string &name, uint64_t rows, uint64_t columns) {
    file.tensors.push_back({"blk.0." + name + ".weight",
                            {columns, rows},
                            36,
                            i2s(testWeights(rows, columns), 0.5f),
                            {}});
  };
  floats("token_embd.weight", {32, 260});
  floats("output_norm.weight", {32});
  floats("blk.0.attn_norm.weight", {32});
  floats("blk.0.ffn_norm.weight", {32});
  bool isGemma = architecture == "gemma3";
  bool embeds = isGemma || architecture == "qwen3";
  if (architecture != "llama" && !embeds) {
    floats("blk.0.attn_sub_norm.weight", {32});
    floats("blk.0.ffn_sub_norm.weight", {64});
  }
  if (embeds) {
    for (const char *name :
         {"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up"})
      floats(std::string("blk.0.") + name + "_norm_in.weight", {32});
    floats("blk.0.ffn_down_norm_in.weight", {64});
    floats("blk.0.attn_q_norm.weight", {16});
    floats("blk.0.attn_k_norm.weight", {16});
  }
  if (isGemma) {
    floats("blk.0.post_attention_norm.weight", {32});
    floats("blk.0.post_ffw_norm.weight", {32});
  }
  matrix("attn_q", 32, 32);
  matrix("attn_k", 16, 32);
  matrix("attn_v", 16, 32);
  matrix("attn_output", 32, 32);
  matrix("ffn_gate", 64, 32);
  matrix("ffn_up", 64, 32);
  matrix("ffn_down", 32, 64);
  return file;
}

} // namespace tritc::import::test
