//===- DirectoryCheckpoint.cpp - Read a Hugging Face directory ------------===//

#include "compiler/import/CheckpointStorage.h"

#include "compiler/import/model/ModelName.h"
#include "compiler/import/safetensors/CheckpointPath.h"
#include "compiler/import/safetensors/Config.h"
#include "compiler/import/safetensors/SentenceTransformers.h"
#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <set>

namespace tritc::import {

/// Maps `path` if something of that name is there.
static llvm::Expected<std::optional<MappedFile>>
openOptional(const std::string &path) {
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status, /*follow=*/false))
    return std::optional<MappedFile>();
  llvm::Expected<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return std::optional<MappedFile>(std::move(*file));
}

namespace {
class DirectoryReader {
public:
  DirectoryReader(llvm::StringRef directory, CheckpointStorage &storage)
      : directory(directory), storage(storage), config(storage.config) {}

  llvm::Error readConfig();
  llvm::Error readChatTemplate(const OpenOptions &options);
  llvm::Expected<Accounted> readTensors();

private:
  llvm::Error addTensor(const ModelTensor &expected);
  void addMatrix(const ModelTensor &tensor);
  llvm::Error checkBiases();
  void noteOtherWeights();
  std::string path(llvm::StringRef name) const {
    return (directory + "/" + name).str();
  }

  llvm::StringRef directory;
  CheckpointStorage &storage;
  ModelConfig &config;
};
} // namespace

llvm::Error DirectoryReader::readConfig() {
  llvm::Expected<std::optional<MappedFile>> first =
      openOptional(path("config.json"));
  if (!first)
    return first.takeError();
  if (!*first)
    return makeError(ExitCode::Unreadable, path("config.json") +
                                               ": missing, expected a "
                                               "checkpoint, found " +
                                               describeDirectory(directory));
  const MappedFile *file = &**first;
  llvm::Expected<ModelConfig> parsed = parseConfig(file->text(), file->path());
  if (!parsed)
    return parsed.takeError();
  config = std::move(*parsed);
  config.name = modelName(config.name, directory);

  llvm::Expected<std::optional<MappedFile>> second =
      openOptional(path("generation_config.json"));
  if (!second)
    return second.takeError();
  if (!*second)
    return llvm::Error::success();
  llvm::Expected<GenerationDefaults> defaults =
      parseGenerationConfig((*second)->text(), (*second)->path(), config);
  if (!defaults)
    return defaults.takeError();
  storage.generation = *defaults;
  return llvm::Error::success();
}

llvm::Error DirectoryReader::readChatTemplate(const OpenOptions &options) {
  if (options.chatTemplate)
    if (std::optional<ChatTemplate> named =
            chatTemplateByName(*options.chatTemplate)) {
      storage.chat = std::move(*named);
      return llvm::Error::success();
    }
  llvm::Expected<std::optional<MappedFile>> config =
      openOptional(path("tokenizer_config.json"));
  if (!config)
    return config.takeError();
  llvm::Expected<std::optional<MappedFile>> jinja =
      openOptional(path("chat_template.jinja"));
  if (!jinja)
    return jinja.takeError();
  llvm::Expected<std::optional<MappedFile>> map =
      openOptional(path("special_tokens_map.json"));
  if (!map)
    return map.takeError();
  auto textOf = [](const std::optional<MappedFile> &file) {
    return file ? std::optional(file->text()) : std::nullopt;
  };
  std::string configFile = path("tokenizer_config.json");
  llvm::StringRef configText = textOf(*config).value_or("{}");
  llvm::Expected<SpecialTexts> special = readSpecialTexts(
      configText, configFile, textOf(*map), path("special_tokens_map.json"));
  if (!special)
    return special.takeError();
  if (options.chatTemplate)
    return storage.takeChatTemplate(
        chosenChatTemplate(*options.chatTemplate, *special));
  return storage.takeChatTemplate(
      readChatTemplateFiles(configText, configFile, textOf(*jinja),
                            path("chat_template.jinja"), *special));
}

/// True if `shape` is `expected`; a single number may also have rank 0.
static bool hasShape(llvm::ArrayRef<uint64_t> shape,
                     llvm::ArrayRef<uint64_t> expected, TensorRole role) {
  return shape == expected || (role == TensorRole::Scale && shape.empty());
}

/// Bytes with four weights each, which only config.json can explain.
static bool isPacked(const SafetensorsEntry &entry) {
  return entry.dtype == DType::U8 && entry.shape.size() == 2;
}
static constexpr llvm::StringLiteral lacksQuantization =
    "; packed weights need the quantization_config (linear_class, "
    "quantization_mode: offline) that config.json does not have";

llvm::Error DirectoryReader::addTensor(const ModelTensor &expected) {
  bool packed = expected.role == TensorRole::Ternary &&
                config.scaleRule != ScaleRule::Absmean;
  llvm::SmallVector<uint64_t, 4> shape(expected.shape.begin(),
                                       expected.shape.end());
  if (packed)
    shape[0] = packedRows(shape[0]);
  std::string wanted =
      (packed ? "U8 " : "BF16, F16 or F32 ") + shapeText(shape);

  TensorSet &files = storage.files;
  std::optional<TensorSet::Item> item = files.ledger().take(expected.file);
  if (!item)
    return makeError(ExitCode::Malformed, files.path() + ": " + expected.file +
                                              ": missing, expected " + wanted +
                                              ", found nothing");
  const SafetensorsEntry &entry = *item->entry;
  // The type decides what is packed. Shapes cannot: a packed matrix has the
  // shape of an unpacked one with a quarter of the rows.
  bool rightType = entry.dtype &&
                   (packed ? *entry.dtype == DType::U8 : isFloat(*entry.dtype));
  if (!rightType || !hasShape(entry.shape, shape, expected.role))
    return makeError(ExitCode::Malformed,
                     item->file->path() + ": " + expected.file + ": expected " +
                         wanted + ", found " + entry.storedType + " " +
                         shapeText(entry.shape) +
                         (isPacked(entry) && !packed ? lacksQuantization : ""));
  storage.tensors.try_emplace(
      expected.name, TensorView{entry.name, *entry.dtype, entry.shape,
                                item->file->bytes(entry), item->file->path(),
                                item->file->dataOffset() + entry.begin});
  storage.tensors.find(expected.name)->second.lacksOne = expected.lacksOne;
  return llvm::Error::success();
}

void DirectoryReader::addMatrix(const ModelTensor &tensor) {
  MatrixShape shape = {tensor.shape[0], tensor.shape[1]};
  const TensorView &weight = storage.tensors.find(tensor.name)->second;
  std::unique_ptr<TernaryMatrix> matrix;
  if (config.scaleRule == ScaleRule::Absmean)
    matrix = std::make_unique<MasterMatrix>(
        shape, weight, config.mastersAreAssumed, config.mastersMustBeTernary);
  else
    matrix = std::make_unique<PackedMatrix>(
        shape, weight, storage.tensors.find(scaleName(tensor.name))->second,
        config.scaleRule == ScaleRule::Divide);
  storage.matrices.try_emplace(tensor.name, std::move(matrix));
}

/// Names the files of weights in the directory that nothing was read from.
void DirectoryReader::noteOtherWeights() {
  std::set<std::string> read, others;
  for (const auto &tensor : storage.tensors)
    read.insert(llvm::sys::path::filename(tensor.second.file).str());
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(directory, code), end;
       it != end && !code; it.increment(code)) {
    llvm::StringRef name = llvm::sys::path::filename(it->path());
    if ((name.ends_with(".safetensors") || name.ends_with(".gguf")) &&
        !read.count(name.str()))
      others.insert(name.str());
  }
  if (!others.empty())
    storage.notes.push_back(
        (directory + ": other weights, not read: " + llvm::join(others, ", "))
            .str());
}

/// config.json and the tensors must agree on biases, if it speaks of them.
llvm::Error DirectoryReader::checkBiases() {
  struct {
    const char *key;
    std::optional<bool> says;
    llvm::StringRef needed, module; ///< of the projections
  } const rules[] = {{"attention_bias", config.attentionBias,
                      "self_attn.q_proj", "self_attn."},
                     {"mlp_bias", config.ffnBias, "mlp.down_proj", "mlp."}};
  for (const auto &rule : rules) {
    if (!rule.says)
      continue;
    auto found = llvm::find_if(config.biased, [&](llvm::StringRef part) {
      return part.starts_with(rule.module);
    });
    if (*rule.says && !config.biased.count(rule.needed))
      return makeError(
          ExitCode::Malformed,
          storage.files.path() + ": " + rule.needed +
              ".bias: missing, expected it in every layer, since " + rule.key +
              " is true in config.json");
    if (!*rule.says && found != config.biased.end())
      return makeError(ExitCode::Malformed,
                       path("config.json") + ": " + rule.key +
                           ": expected true, since there are tensors " +
                           *found + ".bias, found false");
  }
  if (!config.biased.empty() && config.scaleRule == ScaleRule::Multiply)
    storage.notes.push_back(path("config.json") +
                            ": autobitlinear, offline: biases are added as "
                            "they are; Hugging Face's "
                            "class multiplies them by weight_scale");
  return llvm::Error::success();
}

llvm::Expected<Accounted> DirectoryReader::readTensors() {
  llvm::Expected<TensorSet> set = TensorSet::open(directory);
  if (!set)
    return set.takeError();
  storage.files = std::move(*set);

  config.addOptionalParts([&](llvm::StringRef part) {
    return storage.files.ledger().anyEnds(("." + part).str());
  });
  if (llvm::Error error = checkBiases())
    return std::move(error);
  std::vector<ModelTensor> expected = modelTensors(config);
  // Saved without its head, a model's tensors are not below "model.".
  bool hasPrefix =
      !config.embeds || !storage.files.ledger().look("embed_tokens.weight");
  if (!hasPrefix)
    for (ModelTensor &tensor : expected)
      tensor.file = llvm::StringRef(tensor.file).drop_front(6).str();
  for (const ModelTensor &tensor : expected)
    if (llvm::Error error = addTensor(tensor))
      return std::move(error);
  for (const ModelTensor &tensor : expected)
    if (tensor.role == TensorRole::Ternary)
      addMatrix(tensor);
  noteOtherWeights();
  return storage.files.ledger().close(
      {config, expected.front().file, storage.embedding(),
       hasPrefix ? "model.layers." : "layers.", "num_hidden_layers"});
}

/// What sentence-transformers says of the model, once its config.json is read.
static llvm::Error apply(SentenceTransformer &model, llvm::StringRef directory,
                         CheckpointStorage &storage) {
  ModelConfig &config = storage.config;
  if (!config.embeds)
    return makeError(ExitCode::Unreadable,
                     directory + "/modules.json: expected beside a model that "
                                 "embeds, found one that writes text");
  if (model.width && model.width != config.hiddenSize)
    return makeError(ExitCode::Malformed,
                     model.poolingFile +
                         ": embedding_dimension: expected hidden_size = " +
                         llvm::Twine(config.hiddenSize) + ", found " +
                         llvm::Twine(model.width));
  if (model.folder != directory) // 0_Transformer is nobody's name
    config.name = modelName("", directory);
  config.pooling = model.pooling;
  config.prompts = std::move(model.prompts);
  if (model.maxTokens)
    config.contextSize = std::min(config.contextSize, *model.maxTokens);
  llvm::append_range(storage.notes, model.notes);
  return llvm::Error::success();
}

llvm::Expected<Accounted> openDirectory(llvm::StringRef directory,
                                        const OpenOptions &options,
                                        CheckpointStorage &storage) {
  llvm::Expected<std::optional<SentenceTransformer>> sentences =
      readSentenceTransformer(directory);
  if (!sentences)
    return sentences.takeError();
  llvm::StringRef top = directory;
  if (*sentences) {
    directory = (*sentences)->folder;
    if (llvm::Error error = refuseAdapter(directory))
      return std::move(error);
  }
  DirectoryReader reader(directory, storage);
  if (llvm::Error error = reader.readConfig())
    return std::move(error);
  if (*sentences)
    if (llvm::Error error = apply(**sentences, top, storage))
      return std::move(error);
  // A model that embeds never chats: its template may be of any kind.
  if (!storage.config.embeds || options.chatTemplate)
    if (llvm::Error error = reader.readChatTemplate(options))
      return std::move(error);
  storage.tokenizer = [&config = storage.config, path = directory.str()] {
    return readTokenizer(path,
                         {config.vocabSize, config.bosToken, config.endToken});
  };
  return reader.readTensors();
}

} // namespace tritc::import
