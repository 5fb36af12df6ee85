//===- GgufKeys.cpp - Metadata of a synthetic GGUF file -------------------===//

#include "tools/tritc-synth/GgufKeys.h"

namespace tritc::synth {

/// What the published 2B4T file has, wrong as it is: readers must cope.
static constexpr llvm::StringLiteral publishedTemplate =
    "{% for message in messages %}"
    "{% if loop.first %}{{ bos_token }}{% endif %}"
    "{% if message['role'] == 'user' %}"
    "{{ 'Human: ' + message['content'] + '\\n\\nBITNETAssistant: ' + "
    "eos_token }}"
    "{% elif message['role'] == 'assistant' %}"
    "{{ message['content'] + eos_token }}{% endif %}{% endfor %}";

static void addTokens(const Request &request, const Vocabulary &vocabulary,
                      GgufHead &head) {
  constexpr int32_t normal = 1, control = 3;
  std::vector<std::string> names, merges;
  for (const std::string &token : vocabulary.tokens) {
    names.emplace_back();
    for (char byte : token)
      names.back() += alphabetCharacter(uint8_t(byte));
  }
  for (auto [left, right] : vocabulary.merges)
    merges.push_back(names[left] + " " + names[right]);
  std::vector<int32_t> types(names.size(), normal);
  names.insert(names.end(), vocabulary.specials.begin(),
               vocabulary.specials.end());
  types.resize(names.size(), control);

  uint32_t base = uint32_t(baseCount(request.shape.vocab));
  head.add("tokenizer.ggml.model", llvm::StringRef("gpt2"));
  if (!request.family->isPublishedGguf())
    head.add("tokenizer.ggml.pre", llvm::StringRef("llama-bpe"));
  head.add("tokenizer.ggml.tokens", llvm::ArrayRef(names));
  head.add("tokenizer.ggml.scores",
           llvm::ArrayRef(std::vector<float>(names.size())));
  head.add("tokenizer.ggml.token_type", llvm::ArrayRef(types));
  head.add("tokenizer.ggml.merges", llvm::ArrayRef(merges));
  head.add("tokenizer.ggml.bos_token_id", base);
  head.add("tokenizer.ggml.eos_token_id", base + 1);
  head.add("tokenizer.ggml.padding_token_id", base + 1);
  if (request.family->isPublishedGguf())
    head.add("tokenizer.chat_template", llvm::StringRef(publishedTemplate));
}

void addKeys(const Request &request, const Vocabulary &vocabulary,
             GgufHead &head) {
  const Shape &shape = request.shape;
  const Family &family = *request.family;
  std::string prefix = family.ggufArchitecture.str() + ".";
  head.add("general.architecture", llvm::StringRef(family.ggufArchitecture));
  std::string name = ("synthetic-" + family.name).str();
  head.add("general.name", llvm::StringRef(name));
  auto number = [&](const char *key, uint64_t value) {
    head.add(prefix + key, uint32_t(value));
  };
  number("vocab_size", shape.vocab);
  number("context_length", shape.context);
  number("embedding_length", shape.hidden);
  number("block_count", shape.layers);
  number("feed_forward_length", shape.ffn);
  number("rope.dimension_count", shape.headDim);
  number("attention.head_count", shape.heads);
  number("attention.head_count_kv", shape.kvHeads);
  if (shape.headDim * shape.heads != shape.hidden) {
    number("attention.key_length", shape.headDim);
    number("attention.value_length", shape.headDim);
  }
  head.add("tokenizer.ggml.add_bos_token", true);
  head.add(prefix + "attention.layer_norm_rms_epsilon", float(family.normEps));
  head.add(prefix + "rope.freq_base", float(shape.ropeTheta));
  head.add("general.file_type", uint32_t(40));
  addTokens(request, vocabulary, head);
  head.add("general.quantization_version", uint32_t(2));
}

} // namespace tritc::synth
