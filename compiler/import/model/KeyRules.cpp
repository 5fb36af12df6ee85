//===- KeyRules.cpp - What the keys mean that no reader takes -------------===//

#include "compiler/import/model/KeyRules.h"

#include "compiler/import/model/ModelConfig.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

namespace tritc::import {

namespace {
/// The value with which a key changes nothing.
enum class Neutral {
  Anything, ///< it never does
  Off,      ///< null, false, 0, or empty
  One,      ///< or off
  True,     ///< or null
  HeadDim,  ///< the width of a head
  HeadRoot, ///< 1 / sqrt(the width of a head)
  Context,  ///< at least the length of the context
};

struct KeyRule {
  llvm::StringLiteral name; ///< the last part of the key, "*" after a prefix
  Neutral neutral;
};
} // namespace

/// How Hugging Face's classes are built, trained and saved, and numbers that
/// follow from others.
static constexpr KeyRule configRules[] = {
    {"_*", Neutral::Anything}, // private to transformers
    {"architectures", Neutral::Anything},
    {"attention_dropout", Neutral::Anything},
    {"attn_implementation", Neutral::Anything},
    {"auto_map", Neutral::Anything},
    {"cache_implementation", Neutral::Anything},
    {"classifier_dropout", Neutral::Anything},
    {"dtype", Neutral::Anything},
    {"embd_pdrop", Neutral::Anything},
    {"hidden_dropout", Neutral::Anything},
    {"hidden_dropout_prob", Neutral::Anything},
    {"id2label", Neutral::Anything},
    {"initializer_range", Neutral::Anything},
    {"input_bits", Neutral::Anything},
    {"is_bitnet_config", Neutral::Anything},
    {"is_decoder", Neutral::Anything},
    {"keys_to_ignore_at_inference", Neutral::Anything},
    {"label2id", Neutral::Anything},
    {"layer_types", Neutral::Anything},
    {"max_window_layers", Neutral::Anything},
    {"model_type", Neutral::Anything},
    {"original_max_position_embeddings", Neutral::Anything},
    {"output_attentions", Neutral::Anything},
    {"output_hidden_states", Neutral::Anything},
    {"pad_token_id", Neutral::Anything},
    {"pretraining_tp", Neutral::Anything},
    {"problem_type", Neutral::Anything},
    {"resid_pdrop", Neutral::Anything},
    {"return_dict", Neutral::Anything},
    {"rms_norm_eps", Neutral::Anything}, // without use_rms_norm
    {"rope_local_base_freq", Neutral::Anything},
    {"sliding_window", Neutral::Anything}, // where use_sliding_window is false
    {"sliding_window_pattern", Neutral::Anything},
    {"task_specific_params", Neutral::Anything},
    {"tokenizer_class", Neutral::Anything},
    {"torch_dtype", Neutral::Anything},
    {"transformers.js_config", Neutral::Anything},
    {"transformers_version", Neutral::Anything},
    {"unsloth_fixed", Neutral::Anything},
    {"unsloth_version", Neutral::Anything},
    {"use_cache", Neutral::Anything},
    {"use_sliding_window", Neutral::Anything},
    // What is said by keys that are read.
    {"activation", Neutral::Anything},
    {"bos_token_id", Neutral::Anything},
    {"eos_token_id", Neutral::Anything},
    {"sep_token_id", Neutral::Anything},
    {"unk_token_id", Neutral::Anything},
    // Other arithmetic.
    {"add_cross_attention", Neutral::Off},
    {"alibi", Neutral::Off},
    {"altup_*", Neutral::Off},
    {"attention_chunk_size", Neutral::Off},
    {"attention_multiplier", Neutral::HeadRoot},
    {"attn_logit_softcapping", Neutral::Off},
    {"clip_qkv", Neutral::Off},
    {"compression_config", Neutral::Off},
    {"embedding_multiplier", Neutral::One},
    {"final_logit_softcapping", Neutral::Off},
    {"is_causal", Neutral::True},
    {"is_encoder_decoder", Neutral::Off},
    {"layernorm_embedding", Neutral::Off},
    {"lm_head_bias", Neutral::Off},
    {"lm_head_multiplier", Neutral::One},
    {"logit_scale", Neutral::One},
    {"logit_softcapping", Neutral::Off},
    {"logits_scaling", Neutral::One},
    {"mrope_section", Neutral::Off},
    {"n_routed_experts", Neutral::Off},
    {"n_shared_experts", Neutral::Off},
    {"no_rope_layer*", Neutral::Off},
    {"num_experts", Neutral::Off},
    {"num_kv_shared_layers", Neutral::Off},
    {"num_local_experts", Neutral::Off},
    {"num_nextn_predict_layers", Neutral::Off},
    {"parallel_attn", Neutral::Off},
    {"partial_rotary_factor", Neutral::One},
    {"peft_config", Neutral::Off},
    {"qk_layernorm", Neutral::Off},
    {"qkv_bias", Neutral::Off},
    {"quantization", Neutral::Off},
    {"query_pre_attn_scalar", Neutral::HeadDim},
    {"residual_multiplier", Neutral::One},
    {"rotary_pct", Neutral::One},
    {"scale_depth", Neutral::One},
    {"scale_emb", Neutral::One},
    {"text_config", Neutral::Off},
    {"tie_encoder_decoder", Neutral::Off},
    {"use_alibi", Neutral::Off},
    {"use_bias", Neutral::Off},
    {"use_bidirectional_attention", Neutral::Off},
    {"use_mrope", Neutral::Off},
    {"use_parallel_residual", Neutral::Off},
    {"use_qk_norm", Neutral::Off},
    {"use_rms_norm", Neutral::Off},
    {"vision_config", Neutral::Off},
};

/// What may stand in generation_config.json without anybody missing it.
static constexpr KeyRule generationRules[] = {
    {"_*", Neutral::Anything},
    {"assistant_*", Neutral::Anything},
    {"bos_token_id", Neutral::Anything}, // known to be wrong in files
    {"cache_*", Neutral::Anything},
    {"compile_config", Neutral::Anything},
    {"decoder_start_token_id", Neutral::Anything},
    {"disable_compile", Neutral::Anything},
    {"diversity_penalty", Neutral::Off},
    {"early_stopping", Neutral::Anything}, // of beams
    {"encoder_repetition_penalty", Neutral::One},
    {"guidance_scale", Neutral::One},
    {"is_assistant", Neutral::Off},
    {"length_penalty", Neutral::Anything}, // of beams
    {"low_memory", Neutral::Anything},
    {"max_length", Neutral::Context},
    {"max_matching_ngram_size", Neutral::Anything},
    {"num_assistant_*", Neutral::Anything},
    {"num_beam_groups", Neutral::One},
    {"num_beams", Neutral::One},
    {"num_return_sequences", Neutral::One},
    {"output_*", Neutral::Anything},
    {"pad_token_id", Neutral::Anything},
    {"prefill_chunk_size", Neutral::Anything},
    {"prompt_lookup_num_tokens", Neutral::Anything},
    {"remove_invalid_values", Neutral::Anything},
    {"return_*", Neutral::Anything},
    {"target_lookbehind", Neutral::Anything},
    {"transformers_version", Neutral::Anything},
    {"typical_p", Neutral::One},
    {"use_cache", Neutral::Anything},
};

/// Keys of the architecture, without its name, and those of everybody.
static constexpr KeyRule ggufRules[] = {
    {"adapter.*", Neutral::Off},
    {"clip.*", Neutral::Off},
    {"general.*", Neutral::Anything},
    {"imatrix.*", Neutral::Anything},
    {"quantize.*", Neutral::Anything},
    {"split.*", Neutral::Anything},
    {"tokenizer.ggml.precompiled_charsmap", Neutral::Off},
    {"tokenizer.ggml.remove_extra_whitespaces", Neutral::Off},
    {"tokenizer.*", Neutral::Anything}, // the reader of tokenizers looks there
    {"attention.causal", Neutral::True},
    {"attention.clamp_kqv", Neutral::Off},
    {"attention.layer_norm_epsilon", Neutral::Anything},
    {"attention.logit_softcapping", Neutral::Off},
    {"attention.max_alibi_bias", Neutral::Off},
    {"attention.scale", Neutral::HeadRoot},
    {"attention.shared_kv_layers", Neutral::Off},
    {"attn_logit_softcapping", Neutral::Off},
    {"embedding_scale", Neutral::One},
    {"expert_count", Neutral::Off},
    {"expert_used_count", Neutral::Off},
    {"final_logit_softcapping", Neutral::Off},
    {"hidden_act", Neutral::Anything},
    {"interleave_dense_layers", Neutral::Off},
    {"leading_dense_block_count", Neutral::Off},
    {"logit_scale", Neutral::One},
    {"nextn_predict_layers", Neutral::Off},
    {"no_rope_layer_*", Neutral::Off},
    {"residual_scale", Neutral::One},
    {"rope.dimension_sections", Neutral::Off},
    {"rope.freq_base_swa", Neutral::Anything}, // without local layers
    {"rope.scale_linear", Neutral::One},
    {"rope.scaling.attn_factor", Neutral::One},
    {"rope.scaling.factor", Neutral::One},
    {"rope.scaling.finetuned", Neutral::Anything},
    {"rope.scaling.original_context_length", Neutral::Anything},
    {"rope.scaling.yarn_*", Neutral::Anything}, // without that type
    {"swin_norm", Neutral::Off},
    {"tensor_data_layout", Neutral::Anything},
    {"use_parallel_residual", Neutral::Off},
};

static llvm::ArrayRef<KeyRule> rulesOf(KeyFile kind) {
  switch (kind) {
  case KeyFile::Config:
    return configRules;
  case KeyFile::Generation:
    return generationRules;
  case KeyFile::Gguf:
    return ggufRules;
  }
  llvm_unreachable("all are named");
}

static bool isOff(const llvm::json::Value &value) {
  if (const llvm::json::Array *list = value.getAsArray())
    return list->empty();
  if (const llvm::json::Object *object = value.getAsObject())
    return object->empty();
  return value.getAsNull() || value.getAsBoolean() == false ||
         value.getAsNumber() == 0.0 || value.getAsString() == "";
}

static bool isNeutral(Neutral neutral, const llvm::json::Value &value,
                      const ModelConfig &config) {
  double width = config.headDim;
  std::optional<double> number = value.getAsNumber();
  auto near = [&](double expected) {
    return number && std::abs(*number - expected) <= 1e-6 * expected;
  };
  switch (neutral) {
  case Neutral::Anything:
    return true;
  case Neutral::Off:
    return isOff(value);
  case Neutral::One:
    return isOff(value) || number == 1.0;
  case Neutral::True:
    return value.getAsNull() || value.getAsBoolean() == true;
  case Neutral::HeadDim:
    return isOff(value) || near(width);
  case Neutral::HeadRoot:
    return isOff(value) || near(1 / std::sqrt(width));
  case Neutral::Context:
    return isOff(value) || (number && *number >= double(config.contextSize));
  }
  llvm_unreachable("all are named");
}

static std::string expectation(Neutral neutral, const ModelConfig &config) {
  switch (neutral) {
  case Neutral::One:
    return "1";
  case Neutral::True:
    return "true";
  case Neutral::HeadDim:
    return "the width of a head, " + std::to_string(config.headDim);
  case Neutral::HeadRoot:
    return "1 / sqrt(" + std::to_string(config.headDim) + ")";
  default:
    return "none";
  }
}

static bool matches(llvm::StringLiteral rule, llvm::StringRef name) {
  llvm::StringRef start = rule;
  return start.consume_back("*") ? name.starts_with(start) : name == start;
}

/// The rule for a key of that name; null where nobody knows it.
static const KeyRule *ruleFor(KeyFile kind, llvm::StringRef name) {
  // Keys of nested objects have the names that they have at the top.
  if (kind != KeyFile::Gguf)
    name = name.substr(name.rfind('.') + 1);
  llvm::ArrayRef<KeyRule> rules = rulesOf(kind);
  const KeyRule *found = llvm::find_if(
      rules, [&](const KeyRule &rule) { return matches(rule.name, name); });
  return found == rules.end() ? nullptr : found;
}

llvm::Error settleKeys(KeyFile kind, llvm::StringRef file,
                       llvm::ArrayRef<UnreadKey> keys,
                       const ModelConfig &config,
                       std::vector<std::string> &notes) {
  std::vector<llvm::StringRef> unused;
  for (const UnreadKey &key : keys) {
    const KeyRule *rule = ruleFor(kind, key.name);
    // Null, false and their like mean that something is not used, even if
    // nobody knows what.
    if (isNeutral(rule ? rule->neutral : Neutral::Off, key.value, config))
      continue;
    if (!rule || kind == KeyFile::Generation)
      unused.push_back(key.name);
    else
      return makeError(ExitCode::Unreadable,
                       file + ": " + key.name + ": unsupported, expected " +
                           expectation(rule->neutral, config) + ", found " +
                           describe(key.value));
  }
  if (!unused.empty())
    notes.push_back((file + ": not used: " + llvm::join(unused, ", ")).str());
  return llvm::Error::success();
}

} // namespace tritc::import
