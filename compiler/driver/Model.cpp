//===- Model.cpp - A checkpoint, read and understood ----------------------===//

#include "compiler/driver/Model.h"

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerTables.h"

#include "llvm/Support/Path.h"

namespace tritc::driver {

static void fillShape(const import::ModelConfig &config, uint32_t contextSize,
                      codegen::ImageContents &contents) {
  contents.modelName = config.name;
  contents.vocabSize = config.vocabSize;
  contents.hiddenSize = config.hiddenSize;
  contents.ffnSize = config.ffnSize;
  contents.layerCount = config.layerCount;
  contents.headCount = config.headCount;
  contents.kvHeadCount = config.kvHeadCount;
  contents.headDim = config.headDim;
  contents.contextSize = contextSize;
}

static void fillEmbedding(const import::ModelConfig &config,
                          codegen::ImageContents &contents) {
  contents.pooling = config.pooling;
  for (const import::Prompt &prompt : config.prompts.list)
    contents.prompts.emplace_back(prompt.name, prompt.text);
  if (config.prompts.byDefault)
    contents.defaultPrompt = uint32_t(*config.prompts.byDefault) + 1;
}

static void fillDefaults(const import::GenerationDefaults &defaults,
                         codegen::ImageContents &contents) {
  contents.generation = {.temperature = defaults.temperature,
                         .topP = defaults.topP,
                         .minP = defaults.minP,
                         .repeatPenalty = defaults.repeatPenalty,
                         .topK = defaults.topK,
                         .reserved = 0};
}

/// Tokenizer tables, and the stop tokens that the tokenizer knows by text.
static llvm::Error fillTokenizer(const import::Checkpoint &checkpoint,
                                 const Options &options,
                                 codegen::ImageContents &contents) {
  const import::ModelConfig &config = checkpoint.config();
  llvm::Expected<import::TokenizerModel> tokenizer =
      options.tokenizer ? import::readTokenizer(
                              llvm::sys::path::parent_path(*options.tokenizer),
                              {config.vocabSize, config.bosToken,
                               config.endToken, options.tokenizer})
                        : checkpoint.tokenizer();
  if (!tokenizer)
    return tokenizer.takeError();
  llvm::SmallVector<llvm::StringRef> pieces;
  for (const auto &turns : contents.chat.turns)
    llvm::append_range(pieces, turns.pieces);
  tokenizer->protect(pieces);
  contents.tokenizer = import::buildTokenizerTables(*tokenizer);
  auto idOf = [&](llvm::StringRef text) { return tokenizer->findAdded(text); };
  contents.stopTokens = import::resolveStopTokens(config, idOf);
  return llvm::Error::success();
}

llvm::Expected<Model> importModel(const Options &options) {
  Model model;
  llvm::Expected<std::unique_ptr<import::Checkpoint>> checkpoint =
      import::Checkpoint::open(options.checkpoint,
                               {options.chatTemplate, options.gguf});
  if (!checkpoint)
    return checkpoint.takeError();
  model.checkpoint = std::move(*checkpoint);
  const import::ModelConfig &config = model.checkpoint->config();

  uint64_t contextSize = options.contextSize.value_or(config.contextSize);
  if (llvm::Error error = import::checkContextSize(config, contextSize))
    return std::move(error);
  model.contextSize = uint32_t(contextSize);

  fillShape(config, model.contextSize, model.contents);
  if (options.name)
    model.contents.modelName = *options.name;
  fillEmbedding(config, model.contents);
  fillDefaults(model.checkpoint->generation(), model.contents);
  model.contents.chat = model.checkpoint->chatTemplate();
  if (options.run || isLinked(options.emit) || options.emit == Emit::Image)
    if (llvm::Error error =
            fillTokenizer(*model.checkpoint, options, model.contents))
      return std::move(error);
  return model;
}

} // namespace tritc::driver
