//===- SentenceTransformers.cpp - How a directory makes vectors of texts --===//

#include "compiler/import/safetensors/SentenceTransformers.h"

#include "compiler/import/model/ModelConfig.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"
#include "compiler/support/JsonFields.h"
#include "compiler/support/MappedFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

namespace tritc::import {

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// In the order in which vectors of several modes stand behind one another,
/// where each is a key of its own.
static constexpr struct {
  llvm::StringLiteral key, name;
  TritcPoolingMode mode;
} poolingModes[] = {
    {"pooling_mode_cls_token", "cls", TRITC_POOL_FIRST},
    {"pooling_mode_max_tokens", "max", TRITC_POOL_MAX},
    {"pooling_mode_mean_tokens", "mean", TRITC_POOL_MEAN},
    {"pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens",
     TRITC_POOL_MEAN_SQRT},
    {"pooling_mode_weightedmean_tokens", "weightedmean",
     TRITC_POOL_WEIGHTED_MEAN},
    {"pooling_mode_lasttoken", "lasttoken", TRITC_POOL_LAST},
};

static void addMode(JsonFields &fields, TritcPoolingMode mode,
                    TritcPooling &pooling) {
  llvm::ArrayRef<uint32_t> before(pooling.modes, pooling.modeCount);
  if (llvm::is_contained(before, uint32_t(mode)))
    return fields.fail(ExitCode::Malformed,
                       "pooling_mode: expected different modes, found one "
                       "twice");
  pooling.modes[pooling.modeCount++] = mode;
}

static void addNamedMode(JsonFields &fields, const llvm::json::Value &name,
                         TritcPooling &pooling) {
  for (const auto &known : poolingModes)
    if (name.getAsString() == known.name)
      return addMode(fields, known.mode, pooling);
  fields.unsupported("pooling_mode",
                     "unsupported mode, expected cls, max, mean, "
                     "mean_sqrt_len_tokens, weightedmean or lasttoken",
                     name);
}

/// pooling_mode, a name or a list of them; without it the keys that are true;
/// without any the mean.
static void readModes(JsonFields &fields, TritcPooling &pooling) {
  if (const llvm::json::Value *modes = fields.get("pooling_mode")) {
    const llvm::json::Array *list = modes->getAsArray();
    if (!list)
      return addNamedMode(fields, *modes, pooling);
    for (const llvm::json::Value &name : *list)
      if (!fields.failed())
        addNamedMode(fields, name, pooling);
    if (list->empty())
      fields.unsupported("pooling_mode", "expected a mode", *modes);
    return;
  }
  for (const auto &known : poolingModes)
    if (fields.boolean(known.key, false))
      addMode(fields, known.mode, pooling);
  if (pooling.modeCount == 0)
    addMode(fields, TRITC_POOL_MEAN, pooling);
}

llvm::Expected<PoolingConfig> parsePooling(llvm::StringRef text,
                                           llvm::StringRef file) {
  llvm::Expected<llvm::json::Object> top = parseJsonObject(text, file);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, file.str());
  PoolingConfig config;
  readModes(fields, config.pooling);
  for (llvm::StringRef key :
       {"embedding_dimension", "word_embedding_dimension"})
    if (fields.get(key) && config.width == 0)
      config.width = fields.integer(key, 0, 1, maxRow);
  config.includesPrompt = fields.boolean("include_prompt", true);
  for (const auto &[key, value] : inOrder(*top)) {
    static constexpr llvm::StringLiteral others[] = {
        "pooling_mode", "include_prompt", "embedding_dimension",
        "word_embedding_dimension"};
    bool isKnown = llvm::is_contained(others, key) ||
                   llvm::any_of(poolingModes, [key = key](const auto &known) {
                     return known.key == key;
                   });
    if (!isKnown && fields.get(key) && value->getAsBoolean() != false)
      fields.unsupported(key, "unsupported, expected nothing", *value);
  }
  if (fields.failed())
    return fields.takeError();
  return config;
}

//===----------------------------------------------------------------------===//
// Prompts and limits
//===----------------------------------------------------------------------===//

/// Keys of `object` beside `known`, into `ignored` as "<file>: <keys>:
/// ignored".
static void noteOthers(const llvm::json::Object &object, llvm::StringRef file,
                       llvm::ArrayRef<llvm::StringLiteral> known,
                       std::vector<std::string> &ignored) {
  std::vector<llvm::StringRef> others;
  for (const auto &[key, value] : inOrder(object))
    if (!llvm::is_contained(known, key) &&
        value->kind() != llvm::json::Value::Null)
      others.push_back(key);
  if (!others.empty())
    ignored.push_back(
        (file + ": " + llvm::join(others, ", ") + ": ignored").str());
}

llvm::Expected<Prompts> parsePrompts(llvm::StringRef text, llvm::StringRef file,
                                     std::vector<std::string> &ignored) {
  llvm::Expected<llvm::json::Object> top = parseJsonObject(text, file);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, file.str());
  if (std::string type = fields.string("model_type", "SentenceTransformer");
      type != "SentenceTransformer")
    fields.fail(
        ExitCode::Unreadable,
        "model_type: unsupported, expected SentenceTransformer, found " + type);
  if (const llvm::json::Value *dimensions = fields.get("truncate_dim"))
    fields.unsupported("truncate_dim", "unsupported, expected null",
                       *dimensions);
  Prompts prompts;
  const llvm::json::Value *found = fields.get("prompts");
  if (found && fields.object("prompts"))
    for (const auto &[name, value] : inOrder(*found->getAsObject())) {
      std::optional<llvm::StringRef> prompt = value->getAsString();
      if (!prompt)
        fields.fail(ExitCode::Malformed, "prompts: " + name +
                                             ": expected a string, found " +
                                             describe(*value));
      prompts.list.push_back({name.str(), prompt.value_or("").str()});
    }
  if (fields.get("default_prompt_name")) {
    std::string name = fields.string("default_prompt_name", "");
    auto chosen = llvm::find_if(prompts.list, [&](const Prompt &prompt) {
      return prompt.name == name;
    });
    prompts.byDefault = chosen - prompts.list.begin();
    if (chosen == prompts.list.end())
      fields.fail(ExitCode::Malformed,
                  "default_prompt_name: expected one of prompts, found " +
                      describe(llvm::json::Value(name)));
  }
  if (fields.failed())
    return fields.takeError();
  // How vectors are compared is not the program's business.
  noteOthers(*top, file,
             {"__version__", "model_type", "truncate_dim", "prompts",
              "default_prompt_name", "similarity_fn_name"},
             ignored);
  return prompts;
}

llvm::Expected<SentenceLimits>
parseSentenceLimits(llvm::StringRef text, llvm::StringRef file,
                    std::vector<std::string> &ignored) {
  llvm::Expected<llvm::json::Object> top = parseJsonObject(text, file);
  if (!top)
    return top.takeError();
  JsonFields fields(*top, file.str());
  SentenceLimits limits;
  if (fields.get("max_seq_length"))
    limits.maxTokens = fields.integer("max_seq_length", 0, 1, UINT32_MAX);
  if (fields.boolean("do_lower_case", false))
    fields.fail(ExitCode::Unreadable,
                "do_lower_case: unsupported, expected false, found true");
  if (const llvm::json::Value *task = fields.get("transformer_task");
      task && task->getAsString() != llvm::StringRef("feature-extraction"))
    fields.unsupported("transformer_task",
                       "unsupported, expected \"feature-extraction\"", *task);
  if (fields.failed())
    return fields.takeError();
  noteOthers(*top, file,
             {"max_seq_length", "do_lower_case", "transformer_task",
              "modality_config", "module_output_name"},
             ignored);
  return limits;
}

//===----------------------------------------------------------------------===//
// The directory
//===----------------------------------------------------------------------===//

/// Reads `path` with `parse`; what `parse` makes of an empty object if there is
/// no such file.
template <typename Parse>
static auto readOptional(const std::string &path, Parse parse)
    -> decltype(parse("", "")) {
  if (!llvm::sys::fs::exists(path))
    return parse("{}", path);
  llvm::Expected<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  return parse(file->text(), path);
}

static llvm::Error readParts(llvm::StringRef directory,
                             SentenceTransformer &model) {
  std::string path = (directory + "/modules.json").str();
  llvm::Expected<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.takeError();
  llvm::Expected<SentenceModules> modules = parseModules(file->text(), path);
  if (!modules)
    return modules.takeError();
  auto inside = [&](llvm::StringRef folder) {
    return folder.empty() ? directory.str() : (directory + "/" + folder).str();
  };
  model.folder = inside(modules->transformer);

  model.poolingFile = inside(modules->pooling) + "/config.json";
  llvm::Expected<MappedFile> pooling = MappedFile::open(model.poolingFile);
  if (!pooling)
    return pooling.takeError();
  llvm::Expected<PoolingConfig> config =
      parsePooling(pooling->text(), model.poolingFile);
  if (!config)
    return config.takeError();
  model.pooling = config->pooling;
  model.pooling.normalizes = modules->normalizes;
  model.width = config->width;

  llvm::Expected<Prompts> prompts =
      readOptional((directory + "/config_sentence_transformers.json").str(),
                   [&](llvm::StringRef text, llvm::StringRef name) {
                     return parsePrompts(text, name, model.notes);
                   });
  if (!prompts)
    return prompts.takeError();
  model.prompts = std::move(*prompts);
  bool hasPrompt = llvm::any_of(model.prompts.list, [](const Prompt &prompt) {
    return !prompt.text.empty();
  });
  if (!config->includesPrompt && hasPrompt)
    return makeError(ExitCode::Unreadable,
                     model.poolingFile +
                         ": include_prompt: unsupported where the model has "
                         "prompts, expected true, found false");

  llvm::Expected<SentenceLimits> limits =
      readOptional(model.folder + "/sentence_bert_config.json",
                   [&](llvm::StringRef text, llvm::StringRef name) {
                     return parseSentenceLimits(text, name, model.notes);
                   });
  if (!limits)
    return limits.takeError();
  model.maxTokens = limits->maxTokens;
  return llvm::Error::success();
}

llvm::Expected<std::optional<SentenceTransformer>>
readSentenceTransformer(llvm::StringRef directory) {
  std::string list = (directory + "/modules.json").str();
  if (!llvm::sys::fs::exists(list)) {
    std::string pooling = (directory + "/1_Pooling/config.json").str();
    if (llvm::sys::fs::exists(pooling))
      return makeError(ExitCode::Unreadable,
                       pooling + ": expected " + list +
                           ", which says where it belongs, found nothing");
    return std::nullopt;
  }
  SentenceTransformer model;
  if (llvm::Error error = readParts(directory, model))
    return std::move(error);
  return model;
}

} // namespace tritc::import
