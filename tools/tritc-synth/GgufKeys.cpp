//===- GgufKeys.cpp - Metadata of a synthetic GGUF file -------------------===//

#include "tools/tritc-synth/GgufKeys.h"

#include "tools/tritc-synth/SentencePiece.h"
#include "tools/tritc-synth/Vocabulary.h"

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

/// What llama.cpp's converter gives tokens that the model only adds.
static constexpr float addedScore = -1000;
enum : int32_t { typeNormal = 1, typeControl = 3, typeUserDefined = 4 };

static GgufTokens pieceTokens(uint64_t vocab, TokenizerKind kind) {
  GgufTokens tokens;
  for (const Piece &piece : buildPieces(vocab - addedNames().size(), kind)) {
    tokens.names.push_back(piece.text);
    tokens.scores.push_back(piece.score);
    tokens.types.push_back(piece.text == "\n\n" ? typeUserDefined
                                                : int32_t(piece.type));
  }
  for (const std::string &name : addedNames()) {
    tokens.names.push_back(name);
    tokens.scores.push_back(addedScore);
    tokens.types.push_back(typeControl);
  }
  return tokens;
}

static GgufTokens byteTokens(uint64_t vocab) {
  GgufTokens tokens;
  Vocabulary vocabulary = buildVocabulary(vocab);
  for (const std::string &token : vocabulary.tokens) {
    tokens.names.emplace_back();
    for (char byte : token)
      tokens.names.back() += alphabetCharacter(uint8_t(byte));
  }
  for (auto [left, right] : vocabulary.merges)
    tokens.merges.push_back(tokens.names[left] + " " + tokens.names[right]);
  tokens.types.resize(tokens.names.size(), typeNormal);
  tokens.names.insert(tokens.names.end(), vocabulary.specials.begin(),
                      vocabulary.specials.end());
  tokens.types.resize(tokens.names.size(), typeControl);
  tokens.scores.resize(tokens.names.size());
  return tokens;
}

GgufTokens makeGgufTokens(const Request &request) {
  return isSentencePiece(request.family->tokenizer)
             ? pieceTokens(request.shape.vocab, request.family->tokenizer)
             : byteTokens(request.shape.vocab);
}

static llvm::StringRef preOf(TokenizerKind kind) {
  switch (kind) {
  case TokenizerKind::Llama3:
    return "llama-bpe";
  case TokenizerKind::Qwen:
    return "qwen2";
  case TokenizerKind::SentencePiece:
  case TokenizerKind::Gemma:
    return "default";
  }
  llvm_unreachable("all kinds are named");
}

static void addTokens(const Request &request, const GgufTokens &tokens,
                      GgufHead &head) {
  bool isPieces = isSentencePiece(request.family->tokenizer);
  uint32_t bos = isPieces ? 1 : uint32_t(baseCount(request.shape.vocab));
  head.add("tokenizer.ggml.model",
           llvm::StringRef(isPieces ? "llama" : "gpt2"));
  if (!request.family->isPublishedGguf())
    head.add("tokenizer.ggml.pre", preOf(request.family->tokenizer));
  if (request.family->tokenizer == TokenizerKind::Gemma)
    head.add("tokenizer.ggml.add_space_prefix", false);
  if (request.family->tokenizer == TokenizerKind::Qwen)
    head.add("tokenizer.ggml.add_eos_token", true);
  head.add("tokenizer.ggml.tokens", llvm::ArrayRef(tokens.names));
  head.add("tokenizer.ggml.scores", llvm::ArrayRef(tokens.scores));
  head.add("tokenizer.ggml.token_type", llvm::ArrayRef(tokens.types));
  if (!isPieces)
    head.add("tokenizer.ggml.merges", llvm::ArrayRef(tokens.merges));
  head.add("tokenizer.ggml.bos_token_id", bos);
  head.add("tokenizer.ggml.eos_token_id", bos + 1);
  head.add("tokenizer.ggml.padding_token_id", bos + 1);
  if (request.family->isPublishedGguf())
    head.add("tokenizer.chat_template", llvm::StringRef(publishedTemplate));
}

void addKeys(const Request &request, const GgufTokens &tokens, GgufHead &head) {
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
  head.add("tokenizer.ggml.add_bos_token",
           family.tokenizer != TokenizerKind::Qwen);
  head.add(prefix + "attention.layer_norm_rms_epsilon", float(family.normEps));
  head.add(prefix + "rope.freq_base", float(shape.ropeTheta));
  bool alternates = family.facts.windows == import::Windows::Alternating;
  if (alternates)
    number("attention.sliding_window", shape.window);
  constexpr uint64_t standardPeriod = 6; // which files leave out
  if (alternates && shape.period != standardPeriod)
    number("attention.sliding_window_pattern", shape.period);
  if (family.embeds())
    number("pooling_type", 3); // the last token
  head.add("general.file_type", uint32_t(40));
  addTokens(request, tokens, head);
  head.add("general.quantization_version", uint32_t(2));
}

} // namespace tritc::synth
