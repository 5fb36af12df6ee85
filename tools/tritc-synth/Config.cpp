//===- Config.cpp - The small JSON files of a checkpoint ------------------===//

#include "tools/tritc-synth/Config.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::synth {

using llvm::json::OStream;

static constexpr const char *beginOfText = "<|begin_of_text|>";
static constexpr const char *endOfTurn = "<|eot_id|>";

/// Places among the special tokens.
static constexpr uint64_t endOfTextIndex = 1, endOfTurnIndex = 9;

static constexpr const char *chatTemplate =
    "{% set loop_messages = messages %}"
    "{% for message in loop_messages %}"
    "{% set content = message['role'] | capitalize + ': '+ "
    "message['content'] | trim + '<|eot_id|>' %}"
    "{{ content }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}";

namespace {
struct TokenIds {
  uint64_t bos, eos;
};
} // namespace

static TokenIds tokenIds(const Request &request) {
  if (isSentencePiece(request.family->tokenizer))
    return {1, 2};
  uint64_t base = baseCount(request.shape.vocab);
  return {base, base + endOfTextIndex};
}

static std::string object(llvm::function_ref<void(OStream &)> attributes) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OStream json(os, /*IndentSize=*/2);
  json.object([&] { attributes(json); });
  return text + "\n";
}

/// As the families' files have it: 2B4T names class and mode, those that divide
/// neither, 1bitLLM has no such object, and widened weights lose it, but where
/// it has to ask for norms.
static void writeQuantization(OStream &json, const Request &request) {
  bool isPacked = request.format == Format::Packed;
  bool hasNorms = request.extras.rmsNorms;
  auto writeNorms = [&] {
    if (!hasNorms)
      return;
    json.attribute("use_rms_norm", true);
    json.attribute("rms_norm_eps", request.family->normEps);
  };
  Scales scales = request.family->scales;
  if (hasNorms && !isPacked)
    scales = Scales::Multiply;
  switch (scales) {
  case Scales::Multiply:
    json.attributeObject("quantization_config", [&] {
      json.attribute("quant_method", "bitnet");
      json.attribute("linear_class", "autobitlinear");
      json.attribute("quantization_mode", isPacked ? "offline" : "online");
      writeNorms();
    });
    return;
  case Scales::Divide:
    if (!isPacked)
      return;
    json.attribute("is_bitnet_config", true);
    json.attributeObject("quantization_config", [&] {
      json.attributeArray("modules_to_not_convert",
                          [&] { json.value("lm_head"); });
      json.attribute("quant_method", "bitnet");
      writeNorms();
    });
    return;
  case Scales::Masters:
    if (request.family->embeds())
      return;
    json.attribute("weight_bits", 1);
    json.attribute("input_bits", 8);
    return;
  }
}

/// Kinds of layers that alternate by name; those from one on by its number.
static void writeWindow(OStream &json, const Shape &shape,
                        import::Windows windows) {
  if (!shape.window)
    return;
  json.attribute("sliding_window", shape.window);
  if (windows == import::Windows::Last) {
    json.attribute("use_sliding_window", true);
    json.attribute("max_window_layers", 1);
    return;
  }
  json.attribute("rope_local_base_freq", shape.localTheta);
  json.attribute("_sliding_window_pattern", shape.period);
  json.attributeArray("layer_types", [&] {
    for (uint64_t layer = 1; layer <= shape.layers; ++layer)
      json.value(layer % shape.period ? "sliding_attention" : "full_attention");
  });
}

std::string configText(const Request &request) {
  const Shape &shape = request.shape;
  const Family &family = *request.family;
  TokenIds ids = tokenIds(request);
  return object([&](OStream &json) {
    json.attributeArray("architectures",
                        [&] { json.value(family.architecture); });
    if (request.extras.bias) {
      json.attribute("attention_bias", true);
      json.attribute("mlp_bias", true);
    }
    json.attribute("bos_token_id", ids.bos);
    json.attribute("eos_token_id", ids.eos);
    if (shape.headDim * shape.heads != shape.hidden)
      json.attribute("head_dim", shape.headDim);
    bool isTanh = family.activation == "gelu_pytorch_tanh";
    json.attribute(isTanh ? "hidden_activation" : "hidden_act",
                   family.activation);
    if (family.facts.scalesScores)
      json.attribute("query_pre_attn_scalar", shape.headDim);
    json.attribute("hidden_size", shape.hidden);
    json.attribute("initializer_range", 0.02);
    json.attribute("intermediate_size", shape.ffn);
    json.attribute("max_position_embeddings", shape.context);
    json.attribute("model_type", family.modelType);
    json.attribute("num_attention_heads", shape.heads);
    json.attribute("num_hidden_layers", shape.layers);
    json.attribute("num_key_value_heads", shape.kvHeads);
    json.attribute("rms_norm_eps", family.normEps);
    json.attribute("rope_theta", shape.ropeTheta);
    writeWindow(json, shape, family.facts.windows);
    json.attribute("tie_word_embeddings", family.tied);
    json.attribute("torch_dtype",
                   family.element == Element::BF16 ? "bfloat16" : "float16");
    json.attribute("use_cache", true);
    json.attribute("vocab_size", shape.vocab);
    writeQuantization(json, request);
  });
}

std::string generationConfigText(const Request &request) {
  const Shape &shape = request.shape;
  TokenIds ids = tokenIds(request);
  if (isSentencePiece(request.family->tokenizer))
    return object([&](OStream &json) { // wrong, as it is published
      json.attribute("bos_token_id", 0);
      json.attribute("eos_token_id", ids.eos);
      json.attribute("pad_token_id", 1);
    });
  return object([&](OStream &json) {
    json.attribute("bos_token_id", ids.bos);
    json.attribute("do_sample", true);
    json.attributeArray("eos_token_id", [&] {
      json.value(ids.eos);
      json.value(ids.bos + endOfTurnIndex);
    });
    json.attribute("max_length", shape.context);
    json.attribute("temperature", 0.6);
    json.attribute("top_p", 0.9);
  });
}

std::string specialTokensMapText(const Family &family) {
  bool hasPieces = isSentencePiece(family.tokenizer);
  return object([&](OStream &json) {
    auto token = [&](const char *key, const char *content) {
      json.attributeObject(key, [&] {
        json.attribute("content", content);
        json.attribute("lstrip", false);
        json.attribute("normalized", false);
        json.attribute("rstrip", false);
        json.attribute("single_word", false);
      });
    };
    token("bos_token", hasPieces ? "<s>" : beginOfText);
    token("eos_token", hasPieces ? "</s>" : endOfTurn);
    if (hasPieces)
      token("unk_token", "<unk>");
  });
}

std::string pieceTokenizerConfigText(const Shape &shape) {
  return object([&](OStream &json) {
    json.attribute("add_bos_token", true);
    json.attribute("add_eos_token", false);
    json.attribute("add_prefix_space", true);
    json.attribute("bos_token", "<s>");
    json.attribute("clean_up_tokenization_spaces", false);
    json.attribute("eos_token", "</s>");
    json.attribute("legacy", false);
    json.attribute("model_max_length", shape.context);
    json.attribute("pad_token", "<pad>");
    json.attribute("tokenizer_class", "BitnetTokenizer");
    json.attribute("unk_token", "<unk>");
  });
}

std::string tokenizerConfigText(const Shape &shape,
                                const Vocabulary &vocabulary) {
  return object([&](OStream &json) {
    json.attributeObject("added_tokens_decoder", [&] {
      uint64_t id = vocabulary.tokens.size();
      for (const std::string &special : vocabulary.specials)
        json.attributeObject(std::to_string(id++), [&] {
          json.attribute("content", special);
          json.attribute("lstrip", false);
          json.attribute("normalized", false);
          json.attribute("rstrip", false);
          json.attribute("single_word", false);
          json.attribute("special", true);
        });
    });
    json.attribute("bos_token", beginOfText);
    json.attribute("chat_template", chatTemplate);
    json.attribute("clean_up_tokenization_spaces", true);
    json.attribute("eos_token", endOfTurn);
    json.attributeArray("model_input_names", [&] {
      json.value("input_ids");
      json.value("attention_mask");
    });
    json.attribute("model_max_length", shape.context);
    json.attribute("tokenizer_class", "PreTrainedTokenizerFast");
  });
}

} // namespace tritc::synth
