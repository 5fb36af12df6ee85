//===- Config.cpp - Facts of a model, from config.json --------------------===//

#include "compiler/import/Config.h"

#include "compiler/import/Error.h"
#include "compiler/import/Json.h"
#include "compiler/import/JsonFields.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

/// Largest row of a ternary matrix: 131072 * 127 < 2^24, so that every integer
/// sum of products is exact in f32.
static constexpr uint64_t maxRow = 131072;
static constexpr uint64_t maxVocab = 1 << 24;
static constexpr uint64_t maxLayers = 1024;
static constexpr uint64_t maxHeads = 4096;
static constexpr uint64_t maxHeadDim = 4096;
static constexpr uint64_t maxContext = 1 << 24;

/// The one architecture we read. The spelling with a lower-case n belongs to
/// other models, with another activation and other norms.
static constexpr llvm::StringLiteral architecture = "BitNetForCausalLM";
static constexpr llvm::StringLiteral modelType = "bitnet";

static void readArchitecture(JsonFields &fields) {
  const llvm::json::Value *names = fields.get("architectures");
  if (names) {
    const llvm::json::Array *list = names->getAsArray();
    bool known = list && llvm::any_of(*list, [](const auto &name) {
                   return name.getAsString() == llvm::StringRef(architecture);
                 });
    if (!known) {
      const llvm::json::Value &shown =
          list && !list->empty() ? list->front() : *names;
      return fields.unsupported("architectures",
                                "unsupported architecture, expected \"" +
                                    architecture + "\" (BitNet b1.58 2B4T)",
                                shown);
    }
  }
  const llvm::json::Value *type = fields.get("model_type");
  if (type && type->getAsString() != llvm::StringRef(modelType))
    return fields.unsupported(
        "model_type", "unsupported model type, expected \"" + modelType + "\"",
        *type);
  if (!names && !type)
    fields.fail(ExitCode::Unreadable,
                "architectures: expected \"" + architecture +
                    "\" (BitNet b1.58 2B4T), found neither architectures nor "
                    "model_type");
}

static void readShape(JsonFields &fields, ModelConfig &config) {
  config.vocabSize = fields.integer("vocab_size", 128256, 1, maxVocab);
  config.hiddenSize = fields.integer("hidden_size", 2560, 1, maxRow);
  config.ffnSize = fields.integer("intermediate_size", 6912, 1, maxRow);
  config.layerCount = fields.integer("num_hidden_layers", 30, 1, maxLayers);
  config.headCount = fields.integer("num_attention_heads", 20, 1, maxHeads);
  // Written as null, it means as many as heads; missing, the class default.
  uint64_t kvHeads =
      fields.isNull("num_key_value_heads") ? config.headCount : 5;
  config.kvHeadCount =
      fields.integer("num_key_value_heads", kvHeads, 1, maxHeads);
  config.contextSize =
      fields.integer("max_position_embeddings", 2048, 1, maxContext);
  if (fields.failed())
    return;

  if (config.headCount % config.kvHeadCount != 0)
    return fields.fail(ExitCode::Malformed,
                       "num_key_value_heads: expected a divisor of "
                       "num_attention_heads = " +
                           llvm::Twine(config.headCount) + ", found " +
                           llvm::Twine(config.kvHeadCount));
  if (!fields.get("head_dim") && config.hiddenSize % config.headCount != 0)
    return fields.fail(ExitCode::Malformed,
                       "hidden_size: expected a multiple of "
                       "num_attention_heads = " +
                           llvm::Twine(config.headCount) + ", found " +
                           llvm::Twine(config.hiddenSize));
  config.headDim = fields.integer(
      "head_dim", config.hiddenSize / config.headCount, 2, maxHeadDim);
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

/// Position encoding: rope_theta at the top, or inside rope_parameters as newer
/// writers have it.
static void readRope(JsonFields &fields, ModelConfig &config) {
  double topTheta = fields.number("rope_theta", 500000.0, 1.0, 1e15);
  config.ropeTheta = topTheta;
  for (llvm::StringRef key : {"rope_parameters", "rope_scaling"}) {
    std::optional<JsonFields> rope = fields.object(key);
    if (!rope)
      continue;
    for (llvm::StringRef typeKey : {"rope_type", "type"}) {
      const llvm::json::Value *type = rope->get(typeKey);
      if (type && type->getAsString() != llvm::StringRef("default"))
        rope->unsupported(typeKey, "unsupported scaling, expected \"default\"",
                          *type);
    }
    if (key == "rope_scaling" && !rope->get("rope_type") && !rope->get("type"))
      rope->fail(ExitCode::Unreadable, "unsupported scaling, expected null");
    config.ropeTheta = rope->number("rope_theta", topTheta, 1.0, 1e15);
    fields.adopt(*rope);
  }
}

static void readRules(JsonFields &fields, ModelConfig &config) {
  config.rmsNormEps = float(fields.number("rms_norm_eps", 1e-5, 1e-30, 1.0));
  config.tiedEmbedding = fields.boolean("tie_word_embeddings", false);
  config.hasSubNorms = true;
  if (fields.boolean("attention_bias", false))
    fields.fail(ExitCode::Unreadable,
                "attention_bias: unsupported, expected false, found true");

  // Another activation gives text that looks plausible and is wrong.
  std::string activation = fields.string("hidden_act", "relu2");
  if (activation != "relu2")
    fields.fail(ExitCode::Unreadable,
                "hidden_act: unsupported activation, expected relu2, found " +
                    activation);
  config.activation = Activation::ReluSquared;
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
static void readQuantization(JsonFields &fields, ModelConfig &config) {
  std::optional<JsonFields> quantization = fields.object("quantization_config");
  if (!quantization) {
    config.scaleRule = ScaleRule::Absmean;
    config.mastersAreAssumed = true;
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
  if (quantization->boolean("use_rms_norm", false))
    quantization->fail(ExitCode::Unreadable,
                       "use_rms_norm: unsupported, expected false, found true");
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
  readArchitecture(fields);
  readShape(fields, config);
  readRope(fields, config);
  readRules(fields, config);
  readQuantization(fields, config);
  if (!fields.failed()) {
    std::vector<uint32_t> bos;
    readTokens(fields, "bos_token_id", 128000, config.vocabSize, bos);
    readTokens(fields, "eos_token_id", 128001, config.vocabSize,
               config.stopTokens);
    if (!bos.empty())
      config.bosToken = bos.front();
  }
  if (fields.failed())
    return fields.takeError();
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
  if (samples)
    return sampling;
  GenerationDefaults greedy;
  greedy.repeatPenalty = sampling.repeatPenalty;
  return greedy;
}

llvm::Error checkContextSize(const ModelConfig &config, uint64_t tokens) {
  if (tokens >= 1 && tokens <= config.contextSize)
    return llvm::Error::success();
  return makeError(ExitCode::Usage, "--ctx-size: expected 1 to " +
                                        llvm::Twine(config.contextSize) +
                                        " (max_position_embeddings), found " +
                                        llvm::Twine(tokens));
}

std::vector<uint32_t> resolveStopTokens(
    const ModelConfig &config,
    llvm::function_ref<std::optional<uint32_t>(llvm::StringRef)> idOf) {
  std::vector<uint32_t> ids = config.stopTokens;
  for (llvm::StringRef text :
       {"<|eot_id|>", "<|im_end|>", "<|end_of_text|>", "<|endoftext|>",
        "<|eom_id|>", "<end_of_turn>", "</s>"})
    if (std::optional<uint32_t> id = idOf(text); id && *id < config.vocabSize)
      ids.push_back(*id);
  llvm::sort(ids);
  ids.erase(llvm::unique(ids), ids.end());
  return ids;
}

} // namespace tritc::import
