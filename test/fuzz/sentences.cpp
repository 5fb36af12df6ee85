//===- sentences.cpp - The files of sentence-transformers -----------------===//

#include "compiler/import/safetensors/SentenceTransformers.h"
#include "test/fuzz/Input.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/ADT/StringExtras.h"

using namespace tritc;
using namespace tritc::import;

/// What `parsed` holds; null, with its refusal looked at, if it is none.
template <typename T>
static T *accepted(llvm::Expected<T> &parsed) {
  if (parsed)
    return &*parsed;
  fuzz::refuse(parsed.takeError());
  return nullptr;
}

static void check(bool holds) {
  if (!holds)
    std::abort();
}

/// A folder that lies below the model's.
static bool isBelow(llvm::StringRef path) {
  return !path.starts_with("/") &&
         !llvm::is_contained(llvm::split(path, '/'), "..");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef text = fuzz::textOf(data, size);
  llvm::Expected<SentenceModules> modules = parseModules(text, "modules.json");
  if (const SentenceModules *read = accepted(modules))
    check(isBelow(read->transformer) && isBelow(read->pooling) &&
          !read->pooling.empty());

  llvm::Expected<PoolingConfig> pooling = parsePooling(text, "pooling.json");
  if (const PoolingConfig *read = accepted(pooling)) {
    const TritcPooling &parts = read->pooling;
    check(parts.modeCount >= 1 && parts.modeCount <= TRITC_POOLING_MODES);
    llvm::SmallSet<uint32_t, TRITC_POOLING_MODES> modes;
    for (uint32_t mode : llvm::ArrayRef(parts.modes, parts.modeCount))
      check(mode < TRITC_POOLING_MODES && modes.insert(mode).second);
  }

  std::vector<std::string> notes;
  llvm::Expected<Prompts> prompts = parsePrompts(text, "prompts.json", notes);
  if (const Prompts *read = accepted(prompts))
    check(!read->byDefault || *read->byDefault < read->list.size());

  llvm::Expected<SentenceLimits> limits =
      parseSentenceLimits(text, "limits.json", notes);
  if (const SentenceLimits *read = accepted(limits))
    check(read->maxTokens != 0u);
  return 0;
}
