//===- ImageCheck.cpp - Is this the image the code was compiled with? -----===//

#include "runtime/exec/ImageCheck.h"

using namespace tritc;
using namespace tritc::exec;

static base::Failure checkSpan(const TritcImageHeader &image, const char *name,
                               TritcSpan span, uint64_t alignment) {
  if (span.bytes > image.imageBytes ||
      span.offset > image.imageBytes - span.bytes)
    return base::fail(
        base::Malformed,
        "image: %s: expected inside %llu bytes, found %llu bytes at "
        "offset %llu",
        name, static_cast<unsigned long long>(image.imageBytes),
        static_cast<unsigned long long>(span.bytes),
        static_cast<unsigned long long>(span.offset));
  if (span.bytes && span.offset % alignment)
    return base::fail(base::Malformed,
                      "image: %s: expected alignment %llu, found offset %llu",
                      name, static_cast<unsigned long long>(alignment),
                      static_cast<unsigned long long>(span.offset));
  return {};
}

static base::Failure checkPrompts(const TritcImageHeader &image) {
  if (base::Failure failure = checkSpan(image, "prompts", image.prompts, 8))
    return failure;
  std::span<const TritcPrompt> prompts = promptsOf(image);
  if (image.prompts.bytes % sizeof(TritcPrompt) ||
      image.defaultPrompt > prompts.size())
    return base::fail(
        base::Malformed,
        "image: prompts: expected whole ones and the default among "
        "them, found %llu bytes and default %u",
        static_cast<unsigned long long>(image.prompts.bytes),
        image.defaultPrompt);
  for (const TritcPrompt &prompt : prompts)
    for (TritcSpan span : {prompt.name, prompt.text})
      if (base::Failure failure = checkSpan(image, "prompt", span, 1))
        return failure;
  return {};
}

static base::Failure checkSpans(const TritcImageHeader &image) {
  const TritcChatTemplate &chat = image.chat;
  const struct {
    const char *name;
    TritcSpan span;
    uint64_t alignment;
  } spans[] = {
      {"model name", image.modelName, 1},
      {"tokenizer", image.tokenizer, 64},
      {"stop tokens", image.stopTokens, 4},
      {"weights", image.weights, 4096},
      {"selftest", image.selftest, 8},
      {"embedding", image.embedding, 64},
      {"template name", chat.name, 1},
      {"template marker", chat.cutAfter, 1},
  };
  for (const auto &[name, span, alignment] : spans)
    if (base::Failure failure = checkSpan(image, name, span, alignment))
      return failure;
  if (base::Failure failure = checkPrompts(image))
    return failure;
  for (const TritcChatTurns &turns : chat.turns)
    for (TritcSpan piece : turns.pieces)
      if (base::Failure failure = checkSpan(image, "template piece", piece, 1))
        return failure;
  if (TritcSpan table = image.embedding;
      table.bytes &&
      (table.offset < image.weights.offset ||
       table.offset + table.bytes >
           image.weights.offset + image.weights.bytes ||
       image.embeddingTileRows == 0 || table.bytes % embeddingTiles(image)))
    return base::fail(
        base::Malformed,
        "image: embedding: expected %u rows, %u in a tile, inside the "
        "weights, found %llu bytes at offset %llu",
        image.vocabSize, image.embeddingTileRows,
        static_cast<unsigned long long>(table.bytes),
        static_cast<unsigned long long>(table.offset));
  if (image.tokenizer.bytes == 0)
    return base::fail(base::Malformed,
                      "image: tokenizer: expected tables, found none");
  return {};
}

static base::Failure checkPooling(const TritcProgram &program,
                                  const TritcPooling &pooling) {
  bool embeds = program.vectorSize > 0;
  bool isValid = embeds == (pooling.modeCount > 0) &&
                 pooling.modeCount <= TRITC_POOLING_MODES;
  for (uint32_t i = 0; isValid && i < pooling.modeCount; ++i)
    isValid = pooling.modes[i] < TRITC_POOLING_MODES;
  return isValid ? base::Failure()
                 : base::fail(base::Malformed,
                              "image: pooling: expected %s, found %u modes",
                              embeds ? "1 to 6 known modes" : "none",
                              pooling.modeCount);
}

base::Failure tritc::exec::checkImage(const TritcProgram &program,
                                      const TritcImageHeader &image) {
  if (image.magic != TRITC_IMAGE_MAGIC)
    return base::fail(base::Malformed,
                      "image: magic: expected %llx, found %llx",
                      static_cast<unsigned long long>(TRITC_IMAGE_MAGIC),
                      static_cast<unsigned long long>(image.magic));
  const struct {
    const char *name;
    uint32_t expected, found;
  } equalities[] = {
      {"ABI version of the code", TRITC_ABI_VERSION, program.abiVersion},
      {"ABI version", TRITC_ABI_VERSION, image.abiVersion},
      {"header bytes", sizeof(TritcImageHeader), image.headerBytes},
      {"vocabulary size", program.vocabSize, image.vocabSize},
      {"context size", program.contextSize, image.contextSize},
  };
  for (const auto &[name, expected, found] : equalities)
    if (expected != found)
      return base::fail(base::Malformed, "image: %s: expected %u, found %u",
                        name, expected, found);
  if (!program.vocabSize || !program.contextSize || !program.maxTokens)
    return base::fail(
        base::Malformed,
        "image: vocabulary, context and block: expected above 0, found "
        "%u, %u and %u",
        program.vocabSize, program.contextSize, program.maxTokens);
  if (base::Failure failure = checkPooling(program, image.pooling))
    return failure;
  if (image.imageBytes < sizeof(TritcImageHeader))
    return base::fail(base::Malformed,
                      "image: size: expected at least %zu, found %llu",
                      sizeof(TritcImageHeader),
                      static_cast<unsigned long long>(image.imageBytes));
  return checkSpans(image);
}
