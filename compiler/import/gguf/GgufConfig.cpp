//===- GgufConfig.cpp - Facts of a model, from GGUF metadata --------------===//

#include "compiler/import/gguf/GgufFields.h"
#include "compiler/import/gguf/GgufModel.h"
#include "compiler/import/model/ModelName.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

/// Their norms are called as these files call them; one was added to those
/// whose stored weights lack it elsewhere.
static constexpr FamilyFacts of2b4t = {.activation = Activation::ReluSquared,
                                       .subNorms = NormNames::SubNorms};
static constexpr FamilyFacts qwen3Embedding = {
    .projectionNorms = true, .headNorms = true, .output = Output::Vector};
static constexpr FamilyFacts gemma3Embedding = {.activation =
                                                    Activation::GeluTanh,
                                                .projectionNorms = true,
                                                .headNorms = true,
                                                .postNorms = true,
                                                .scalesEmbedding = true,
                                                .windows = Windows::Alternating,
                                                .localRopeTheta = 10000,
                                                .output = Output::Vector};

/// Three names for the model of 2025, and one for its predecessor.
static constexpr GgufArchitecture architectures[] = {
    {.name = "bitnet-b1.58", .facts = of2b4t, .hasLlama3Tokenizer = true},
    {.name = "bitnet-25", .facts = of2b4t, .hasLlama3Tokenizer = true},
    {.name = "bitnet-1.58", .facts = of2b4t, .hasLlama3Tokenizer = true},
    {.name = "bitnet",
     .facts = {.subNorms = NormNames::SubNorms},
     .alwaysTied = true},
    {.name = "llama", .facts = {}, .permutesHeads = true},
    {.name = "qwen2", .facts = {}},
    {.name = "qwen3", .facts = qwen3Embedding, .alwaysTied = true},
    {.name = "gemma3", .facts = gemma3Embedding, .alwaysTied = true},
};

static constexpr llvm::StringLiteral architectureKey = "general.architecture";

llvm::Expected<const GgufArchitecture *>
ggufArchitecture(const GgufFile &file) {
  GgufFields fields(file);
  std::optional<llvm::StringRef> name = fields.string(architectureKey);
  if (fields.string("general.type") == "adapter")
    fields.fail(ExitCode::Unreadable,
                "general.type: expected the weights of a model, found an "
                "adapter (LoRA): merge it into them first, with "
                "llama-export-lora");
  if (fields.failed())
    return fields.takeError();
  std::string known;
  for (const GgufArchitecture &arch : architectures) {
    if (name && arch.name == *name)
      return &arch;
    known += (known.empty() ? "" : ", ") + arch.name.str();
  }
  return makeError(ExitCode::Unreadable,
                   file.path() + ": " + architectureKey +
                       ": unsupported, expected one of " + known + ", found " +
                       (name ? quoteToken(*name) : "nothing"));
}

namespace {
class ConfigReader {
public:
  ConfigReader(const GgufSet &files, const GgufArchitecture &arch)
      : files(files), arch(arch), fields(files.main()) {}

  llvm::Expected<ModelConfig> read();

private:
  std::string key(llvm::StringRef name) const {
    return (arch.name + "." + name).str();
  }
  void readShape();
  void readHeads();
  void readRope();
  void readActivation();
  void readPooling();
  void readLocalLayers();
  void readTokens();
  void mustBe(llvm::StringRef name, uint64_t found, llvm::StringRef what,
              uint64_t expected);

  const GgufSet &files;
  const GgufArchitecture &arch;
  GgufFields fields;
  ModelConfig config;
};
} // namespace

/// Two numbers that the file must hold alike.
void ConfigReader::mustBe(llvm::StringRef name, uint64_t found,
                          llvm::StringRef what, uint64_t expected) {
  if (found != expected)
    fields.fail(ExitCode::Malformed, key(name) + ": expected " + what + ", " +
                                         llvm::Twine(expected) + ", found " +
                                         llvm::Twine(found));
}

void ConfigReader::readShape() {
  config.hiddenSize = fields.required(key("embedding_length"), 1, maxRow);
  config.ffnSize = fields.required(key("feed_forward_length"), 1, maxRow);
  config.layerCount = fields.required(key("block_count"), 1, maxLayers);
  config.contextSize = fields.required(key("context_length"), 1, maxContext);
  std::optional<GgufSet::Item> embedding =
      files.ledger().look("token_embd.weight");
  if (!embedding || embedding->tensor->shape.size() != 2 ||
      embedding->tensor->shape[0] > maxVocab)
    return fields.fail(ExitCode::Malformed,
                       "token_embd.weight: expected a matrix of at most " +
                           llvm::Twine(maxVocab) + " rows, found " +
                           (embedding ? "another shape" : "nothing"));
  config.vocabSize = embedding->tensor->shape[0];
  if (auto given = fields.integer(key("vocab_size"), 1, maxVocab))
    mustBe("vocab_size", *given, "the rows of token_embd.weight",
           config.vocabSize);
  config.tiedEmbedding =
      arch.alwaysTied || !files.ledger().look("output.weight");
}

void ConfigReader::readHeads() {
  config.headCount = fields.required(key("attention.head_count"), 1, maxHeads);
  config.kvHeadCount =
      fields.integer(key("attention.head_count_kv"), 1, maxHeads)
          .value_or(config.headCount);
  if (fields.failed())
    return;
  if (config.headCount % config.kvHeadCount != 0)
    return fields.fail(ExitCode::Malformed,
                       key("attention.head_count_kv") +
                           ": expected a divisor of the " +
                           llvm::Twine(config.headCount) + " heads, found " +
                           llvm::Twine(config.kvHeadCount));
  std::optional<uint64_t> length =
      fields.integer(key("attention.key_length"), 2, maxHeadDim);
  if (!length && config.hiddenSize % config.headCount != 0)
    return fields.fail(ExitCode::Malformed,
                       key("embedding_length") +
                           ": expected a multiple of the " +
                           llvm::Twine(config.headCount) + " heads, found " +
                           llvm::Twine(config.hiddenSize));
  config.headDim = length.value_or(config.hiddenSize / config.headCount);
  if (auto values =
          fields.integer(key("attention.value_length"), 1, maxHeadDim))
    mustBe("attention.value_length", *values, "the width of a head",
           config.headDim);
  uint64_t width = uint64_t(config.headCount) * config.headDim;
  if (config.headDim < 2 || config.headDim % 2 != 0 ||
      config.headDim > maxHeadDim || width > maxRow)
    fields.fail(ExitCode::Malformed,
                key("attention.head_count") +
                    ": expected heads of an even width up to " +
                    llvm::Twine(maxHeadDim) + ", " + llvm::Twine(maxRow) +
                    " together, found " + llvm::Twine(config.headCount) +
                    " of " + llvm::Twine(config.headDim));
}

void ConfigReader::readRope() {
  config.ropeTheta =
      fields.number(key("rope.freq_base"), 1.0, 1e15).value_or(10000.0);
  if (auto count = fields.integer(key("rope.dimension_count"), 1, maxHeadDim))
    mustBe("rope.dimension_count", *count, "the width of a head",
           config.headDim);
  // Without a type, a factor counts.
  std::string scaling = key("rope.scaling.type");
  if (fields.has(scaling)) {
    llvm::StringRef kind = fields.string(scaling).value_or("none");
    if (kind != "none")
      fields.fail(ExitCode::Unreadable,
                  scaling + ": unsupported, expected none, found " +
                      quoteToken(kind));
    (void)fields.has(key("rope.scaling.factor"));
    (void)fields.has(key("rope.scaling.attn_factor"));
  }
}

/// By what the key proposed for it says, where there is one. Otherwise by the
/// architecture: but bitnet.cpp's converter calls the models of 1bitLLM
/// bitnet-b1.58 too. They are known by their tokenizer.
void ConfigReader::readActivation() {
  bool isOneBitLlm =
      arch.hasLlama3Tokenizer &&
      fields.string("tokenizer.ggml.model").value_or("") == "llama" &&
      config.vocabSize == 32002 &&
      (config.layerCount == 24 || config.layerCount == 26);
  if (isOneBitLlm)
    config.activation = Activation::Silu;
  std::string name = key("hidden_activation");
  if (!fields.has(name))
    return;
  llvm::StringRef given = fields.string(name).value_or("relu2");
  static constexpr std::pair<llvm::StringLiteral, Activation> known[] = {
      {"relu2", Activation::ReluSquared},
      {"silu", Activation::Silu},
      {"gelu_pytorch_tanh", Activation::GeluTanh}};
  const auto *found = llvm::find_if(
      known, [&](const auto &activation) { return activation.first == given; });
  if (found == std::end(known))
    return fields.fail(ExitCode::Unreadable,
                       name +
                           ": unsupported, expected relu2, silu or "
                           "gelu_pytorch_tanh, found " +
                           quoteToken(given));
  config.activation = found->second;
}

void ConfigReader::readPooling() {
  if (!config.embeds)
    return;
  static constexpr std::pair<uint64_t, TritcPoolingMode> kinds[] = {
      {1, TRITC_POOL_MEAN}, {2, TRITC_POOL_FIRST}, {3, TRITC_POOL_LAST}};
  std::string pooling = key("pooling_type");
  std::optional<uint64_t> kind = fields.integer(pooling, 0, UINT32_MAX);
  if (!kind)
    return;
  const auto *found = llvm::find_if(
      kinds, [&](const auto &known) { return known.first == *kind; });
  if (found == std::end(kinds))
    return fields.fail(
        ExitCode::Unreadable,
        pooling +
            ": unsupported, expected 1 (mean), 2 (first token) or 3 "
            "(last token), found " +
            llvm::Twine(*kind));
  config.pooling = poolingOf(found->second);
  config.pooling.normalizes = 1;
}

/// Where there is a window, layers have it but for every sixth, or as the file
/// says: a period, or a truth value per layer.
void ConfigReader::readLocalLayers() {
  std::optional<uint64_t> window =
      fields.integer(key("attention.sliding_window"), 1, maxContext);
  if (!window)
    return;
  if (arch.facts.windows != Windows::Alternating) {
    if (*window < config.contextSize)
      fields.fail(ExitCode::Unreadable,
                  key("attention.sliding_window") +
                      ": unsupported, expected none: the layers of " +
                      arch.name + " see all tokens");
    return;
  }
  LocalLayers &local = config.local;
  local.window = uint32_t(*window);
  local.ropeTheta = fields.number(key("rope.freq_base_swa"), 1.0, 1e15)
                        .value_or(arch.facts.localRopeTheta);
  std::string pattern = key("attention.sliding_window_pattern");
  if (!fields.isArray(pattern))
    return local.assignPeriod(
        config.layerCount,
        uint32_t(fields.integer(pattern, 1, maxLayers).value_or(6)));
  const GgufValue *flags = fields.array(pattern, GgufKind::Bool);
  if (!flags)
    return;
  mustBe("attention.sliding_window_pattern", flags->count, "block_count",
         config.layerCount);
  if (!fields.failed())
    local.assign(config.layerCount,
                 [&](uint32_t layer) { return flags->bytes[layer] != 0; });
}

void ConfigReader::readTokens() {
  auto id = [&](llvm::StringRef name) {
    return fields.integer(("tokenizer.ggml." + name).str(), 0,
                          config.vocabSize - 1);
  };
  if (auto bos = id("bos_token_id"))
    config.bosToken = uint32_t(*bos);
  for (llvm::StringRef name : {"eos_token_id", "eot_token_id", "eom_token_id"})
    if (auto stop = id(name))
      config.stopTokens.push_back(uint32_t(*stop));
  if (config.embeds && !config.stopTokens.empty())
    config.endToken = config.stopTokens.front();
  llvm::sort(config.stopTokens);
  config.stopTokens.erase(llvm::unique(config.stopTokens),
                          config.stopTokens.end());
}

llvm::Expected<ModelConfig> ConfigReader::read() {
  config.name = modelName(fields.string("general.name").value_or(""),
                          files.main().path());
  config.scaleRule = ScaleRule::Encoded;
  config.rmsNormEps =
      float(fields.number(key("attention.layer_norm_rms_epsilon"), 1e-30, 1.0)
                .value_or(1e-5));
  readShape();
  readHeads();
  readRope();
  config.setFacts(arch.facts);
  readActivation();
  readPooling();
  readLocalLayers();
  readTokens();
  if (fields.failed())
    return fields.takeError();
  if (llvm::Error error =
          settleKeys(KeyFile::Gguf, files.main().path(), fields.unread(key("")),
                     config, config.notes))
    return std::move(error);
  return config;
}

llvm::Expected<ModelConfig> readGgufConfig(const GgufSet &files,
                                           const GgufArchitecture &arch) {
  return ConfigReader(files, arch).read();
}

} // namespace tritc::import
