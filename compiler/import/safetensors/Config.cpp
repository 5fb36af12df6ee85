//===- Config.cpp - Facts of a model, from config.json --------------------===//

#include "compiler/import/safetensors/Config.h"

#include "compiler/import/model/KeyRules.h"
#include "compiler/import/model/ModelName.h"
#include "compiler/import/safetensors/Family.h"
#include "compiler/import/safetensors/LayerTypes.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"
#include "compiler/support/JsonFields.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

namespace tritc::import {

/// The family that architectures or, in its absence, model_type names.
static const Family *readFamily(JsonFields &fields) {
  const llvm::json::Value *names = fields.get("architectures");
  const llvm::json::Value *type = fields.get("model_type");
  const Family *family = nullptr;
  if (names) {
    const llvm::json::Array *list = names->getAsArray();
    for (const llvm::json::Value &name : list ? *list : llvm::json::Array())
      if (!family)
        family = familyOfArchitecture(name.getAsString().value_or(""));
    if (!family)
      fields.unsupported("architectures",
                         "unsupported architecture, expected one of " +
                             familyList(),
                         list && !list->empty() ? list->front() : *names);
  } else if (type) {
    family = familyOfModelType(type->getAsString().value_or(""));
    if (!family)
      fields.unsupported("model_type", "unsupported model type", *type);
  } else {
    fields.fail(ExitCode::Unreadable,
                "architectures: expected one of " + familyList() +
                    ", found neither architectures nor model_type");
  }
  if (family && type && type->getAsString() != family->modelType)
    fields.unsupported("model_type",
                       "unsupported model type, expected \"" +
                           family->modelType + "\"",
                       *type);
  return family;
}

static void readShape(JsonFields &fields, const Family &family,
                      ModelConfig &config) {
  config.vocabSize =
      fields.integer("vocab_size", family.vocabSize, 1, maxVocab);
  config.hiddenSize =
      fields.integer("hidden_size", family.hiddenSize, 1, maxRow);
  config.ffnSize =
      fields.integer("intermediate_size", family.ffnSize, 1, maxRow);
  config.layerCount =
      fields.integer("num_hidden_layers", family.layerCount, 1, maxLayers);
  config.headCount =
      fields.integer("num_attention_heads", family.headCount, 1, maxHeads);
  // Written as null, it means as many as heads; missing, the class default.
  uint64_t kvHeads =
      fields.isNull("num_key_value_heads") || family.kvHeadCount == 0
          ? config.headCount
          : family.kvHeadCount;
  config.kvHeadCount =
      fields.integer("num_key_value_heads", kvHeads, 1, maxHeads);
  config.contextSize = fields.integer("max_position_embeddings",
                                      family.contextSize, 1, maxContext);
  if (fields.failed())
    return;

  if (config.headCount % config.kvHeadCount != 0)
    return fields.fail(ExitCode::Malformed,
                       "num_key_value_heads: expected a divisor of "
                       "num_attention_heads = " +
                           llvm::Twine(config.headCount) + ", found " +
                           llvm::Twine(config.kvHeadCount));
  uint64_t headDim =
      family.headDim ? family.headDim : config.hiddenSize / config.headCount;
  if (!fields.get("head_dim") && !family.headDim &&
      config.hiddenSize % config.headCount != 0)
    return fields.fail(ExitCode::Malformed,
                       "hidden_size: expected a multiple of "
                       "num_attention_heads = " +
                           llvm::Twine(config.headCount) + ", found " +
                           llvm::Twine(config.hiddenSize));
  config.headDim = fields.integer("head_dim", headDim, 2, maxHeadDim);
  if (fields.failed())
    return;
  if (config.headDim % 2 != 0)
    return fields.fail(ExitCode::Malformed,
                       "head_dim: expected an even number (rotary pairs), "
                       "found " +
                           llvm::Twine(config.headDim));
  if (uint64_t(config.headCount) * config.headDim > maxRow)
    return fields.fail(
        ExitCode::Malformed,
        "head_dim: expected num_attention_heads * head_dim <= " +
            llvm::Twine(maxRow) + ", found " +
            llvm::Twine(uint64_t(config.headCount) * config.headDim));
}

/// The base in an object beside which nothing is scaled.
static double readBase(JsonFields &rope, double missing) {
  for (llvm::StringRef key : {"rope_type", "type"}) {
    const llvm::json::Value *type = rope.get(key);
    if (type && type->getAsString() != llvm::StringRef("default"))
      rope.unsupported(key, "unsupported scaling, expected \"default\"", *type);
  }
  return rope.number("rope_theta", missing, 1.0, 1e15);
}

/// The base of each kind of layers, in an object of its own.
static void readBases(JsonFields &rope, ModelConfig &config) {
  std::pair<llvm::StringRef, double &> bases[] = {
      {"full_attention", config.ropeTheta},
      {"sliding_attention", config.local.ropeTheta}};
  for (auto &[kind, theta] : bases)
    if (std::optional<JsonFields> own = rope.object(kind)) {
      theta = readBase(*own, theta);
      rope.adopt(*own);
    }
}

/// Position encoding: rope_theta at the top, or inside rope_parameters as newer
/// writers have it, or there for each kind of layers. Local layers may have a
/// base of their own.
static void readRope(JsonFields &fields, const Family &family,
                     ModelConfig &config) {
  double topTheta = fields.number("rope_theta", family.ropeTheta, 1.0, 1e15);
  config.ropeTheta = topTheta;
  bool isLocalApart = family.facts.localRopeTheta != 0;
  if (isLocalApart)
    config.local.ropeTheta = fields.number(
        "rope_local_base_freq", family.facts.localRopeTheta, 1.0, 1e15);
  for (llvm::StringRef key : {"rope_parameters", "rope_scaling"}) {
    std::optional<JsonFields> rope = fields.object(key);
    if (!rope)
      continue;
    if (key == "rope_scaling" && !rope->get("rope_type") && !rope->get("type"))
      rope->fail(ExitCode::Unreadable, "unsupported scaling, expected null");
    if (rope->get("full_attention") || rope->get("sliding_attention"))
      readBases(*rope, config);
    else
      config.ropeTheta = readBase(*rope, topTheta);
    fields.adopt(*rope);
  }
  if (!isLocalApart)
    config.local.ropeTheta = config.ropeTheta;
}

/// What an activation is called in config.json. gelu itself, by the error
/// function, is another one than its tanh approximation.
static constexpr std::pair<llvm::StringLiteral, Activation> activations[] = {
    {"relu2", Activation::ReluSquared},
    {"silu", Activation::Silu},
    {"gelu_pytorch_tanh", Activation::GeluTanh},
};

/// Another activation gives text that looks plausible and is wrong.
static void readActivation(JsonFields &fields, ModelConfig &config) {
  std::string name =
      fields.string("hidden_activation", fields.string("hidden_act", ""));
  if (name.empty())
    return;
  const auto *found = llvm::find_if(
      activations, [&](const auto &known) { return known.first == name; });
  if (found == std::end(activations))
    return fields.fail(ExitCode::Unreadable,
                       "hidden_act: unsupported activation, expected relu2, "
                       "silu or gelu_pytorch_tanh, found " +
                           name);
  config.activation = found->second;
}

/// What the family's classes would compute and we do not.
static void readEmbedding(JsonFields &fields) {
  if (fields.boolean("use_bidirectional_attention", false))
    fields.fail(ExitCode::Unreadable,
                "use_bidirectional_attention: "
                "unsupported, expected false, found true");
  for (llvm::StringRef key :
       {"attn_logit_softcapping", "final_logit_softcapping"})
    if (const llvm::json::Value *cap = fields.get(key))
      fields.unsupported(key, "unsupported, expected null", *cap);
}

static void readRules(JsonFields &fields, const Family &family,
                      ModelConfig &config) {
  config.rmsNormEps =
      float(fields.number("rms_norm_eps", family.rmsNormEps, 1e-30, 1.0));
  config.tiedEmbedding = fields.boolean("tie_word_embeddings", family.tied);
  config.setFacts(family.facts);
  for (auto [key, says] : {std::pair("attention_bias", &config.attentionBias),
                           std::pair("mlp_bias", &config.ffnBias)})
    if (fields.get(key))
      *says = fields.boolean(key, false);
  if (fields.boolean("rope_interleaved", false))
    fields.fail(ExitCode::Unreadable,
                "rope_interleaved: unsupported, expected false, found true");
  // 1bitLLM's way to say W1.58A8.
  if (fields.integer("weight_bits", 1, 0, 64) != 1 ||
      fields.integer("input_bits", 8, 0, 64) != 8)
    fields.fail(ExitCode::Unreadable, "weight_bits, input_bits: unsupported, "
                                      "expected 1 and 8");
  readActivation(fields, config);
  readLocalLayers(fields, family, config.layerCount, config.contextSize,
                  config.local);
  if (family.facts.scalesScores)
    config.scoreScale = float(
        1 / std::sqrt(fields.number("query_pre_attn_scalar", 256, 1e-3, 1e9)));
  if (config.embeds)
    readEmbedding(fields);
}

/// Only the output head may be left unconverted: it always is.
static void readUnconverted(JsonFields &quantization) {
  const llvm::json::Value *value = quantization.get("modules_to_not_convert");
  if (!value)
    return;
  const llvm::json::Array *modules = value->getAsArray();
  if (!modules || llvm::any_of(*modules, [](const llvm::json::Value &module) {
        return module.getAsString() != llvm::StringRef("lm_head");
      }))
    quantization.unsupported(
        "modules_to_not_convert", "unsupported, expected null or [\"lm_head\"]",
        modules && !modules->empty() ? modules->back() : *value);
}

/// Which way the scale of a matrix works. Defaults are those of the
/// reference (BitNetQuantConfig): bitlinear, offline.
static void readQuantization(JsonFields &fields, const Family &family,
                             ModelConfig &config) {
  std::optional<JsonFields> quantization = fields.object("quantization_config");
  if (!quantization) {
    config.scaleRule = ScaleRule::Absmean;
    bool isMarked = config.embeds || fields.get("weight_bits") != nullptr;
    config.mastersAreAssumed = !isMarked;
    config.mastersMustBeTernary = family.isShared && !isMarked &&
                                  !fields.boolean("is_bitnet_config", false);
    return;
  }
  std::string method = quantization->string("quant_method", "bitnet");
  std::string linear = quantization->string("linear_class", "bitlinear");
  std::string mode = quantization->string("quantization_mode", "offline");
  if (method != "bitnet")
    quantization->fail(ExitCode::Unreadable,
                       "quant_method: unsupported method, expected bitnet, "
                       "found " +
                           method);
  if (linear != "bitlinear" && linear != "autobitlinear")
    quantization->fail(ExitCode::Malformed,
                       "linear_class: expected bitlinear or autobitlinear, "
                       "found " +
                           linear);
  if (mode != "offline" && mode != "online")
    quantization->fail(ExitCode::Malformed,
                       "quantization_mode: expected offline or online, found " +
                           mode);
  if (quantization->boolean("use_rms_norm", false)) {
    if (config.hasProjectionNorms)
      quantization->fail(ExitCode::Unreadable,
                         "use_rms_norm: unsupported, expected false in a "
                         "family whose projections have norms, found true");
    config.hasProjectionNorms = true;
    config.projectionNorm = "rms_norm";
    config.projectionNormEps =
        float(quantization->number("rms_norm_eps", 1e-6, 1e-30, 1.0));
  }
  readUnconverted(*quantization);
  fields.adopt(*quantization);

  if (mode == "online")
    config.scaleRule = ScaleRule::Absmean;
  else
    config.scaleRule =
        linear == "autobitlinear" ? ScaleRule::Multiply : ScaleRule::Divide;
}

/// Ids under `key` (a number, a list of numbers, or null) into `ids`, ascending
/// without duplicates. A default, taken where the key is missing, is dropped if
/// the vocabulary lacks it.
static void readTokens(JsonFields &fields, llvm::StringRef key,
                       std::optional<uint32_t> missing, uint32_t vocabSize,
                       std::vector<uint32_t> &ids) {
  const llvm::json::Value *value = fields.get(key);
  if (!value) {
    if (missing && *missing < vocabSize && !fields.isNull(key))
      ids.push_back(*missing);
  } else if (const llvm::json::Array *list = value->getAsArray()) {
    for (const llvm::json::Value &element : *list)
      ids.push_back(fields.checkInteger(key, element, 0, vocabSize - 1));
  } else {
    ids.push_back(fields.checkInteger(key, *value, 0, vocabSize - 1));
  }
  llvm::sort(ids);
  ids.erase(llvm::unique(ids), ids.end());
}

llvm::Expected<ModelConfig> parseConfig(llvm::StringRef text,
                                        llvm::StringRef file) {
  llvm::Expected<llvm::json::Object> top = parseJsonObject(text, file);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, file.str());
  ModelConfig config;
  if (const llvm::json::Value *name = fields.get("_name_or_path"))
    config.name = hubName(name->getAsString().value_or("")).str();
  const Family *family = readFamily(fields);
  if (!family)
    return fields.takeError();
  readShape(fields, *family, config);
  readRope(fields, *family, config);
  readRules(fields, *family, config);
  readQuantization(fields, *family, config);
  if (!fields.failed()) {
    std::vector<uint32_t> bos;
    readTokens(fields, "bos_token_id", family->bosToken, config.vocabSize, bos);
    readTokens(fields, "eos_token_id", family->eosToken, config.vocabSize,
               config.stopTokens);
    if (!bos.empty())
      config.bosToken = bos.front();
    if (config.embeds && !config.stopTokens.empty())
      config.endToken = config.stopTokens.front();
  }
  if (fields.failed())
    return fields.takeError();
  if (llvm::Error error = settleKeys(KeyFile::Config, file, fields.unread(),
                                     config, config.notes))
    return std::move(error);
  return config;
}

llvm::Expected<GenerationDefaults> parseGenerationConfig(llvm::StringRef text,
                                                         llvm::StringRef file,
                                                         ModelConfig &config) {
  llvm::Expected<llvm::json::Object> top = parseJsonObject(text, file);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, file.str());
  readTokens(fields, "eos_token_id", std::nullopt, config.vocabSize,
             config.stopTokens);

  // Defaults of the reference (GenerationConfig) for a sampling model.
  GenerationDefaults sampling;
  sampling.temperature = float(fields.number("temperature", 1.0, 0.0, 100.0));
  sampling.topP = float(fields.number("top_p", 1.0, 0.0, 1.0));
  sampling.minP = float(fields.number("min_p", 0.0, 0.0, 1.0));
  sampling.repeatPenalty =
      float(fields.number("repetition_penalty", 1.0, 1e-3, 100.0));
  sampling.topK = fields.integer("top_k", 50, 0, UINT32_MAX);
  bool samples = fields.boolean("do_sample", false);
  if (fields.failed())
    return fields.takeError();
  if (llvm::Error error = settleKeys(KeyFile::Generation, file, fields.unread(),
                                     config, config.notes))
    return std::move(error);
  if (samples)
    return sampling;
  GenerationDefaults greedy;
  greedy.repeatPenalty = sampling.repeatPenalty;
  return greedy;
}

} // namespace tritc::import
