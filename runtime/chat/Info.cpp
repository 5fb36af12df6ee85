//===- Info.cpp - What was compiled ---------------------------------------===//

#include "runtime/chat/Commands.h"
#include "runtime/chat/Report.h"
#include "runtime/exec/CpuFeatures.h"
#include "runtime/exec/Pooling.h"
#include "runtime/exec/Topology.h"

using namespace tritc;
using namespace tritc::chat;

/// Adds a word to words.
static void append(base::Array<char> &list, std::string_view name) {
  list.append(list.empty() ? "" : " ");
  list.append(name);
}

/// Of a model that embeds.
static void reportPooling(const TritcImageHeader &image, Report &report) {
  const TritcPooling &pooling = image.pooling;
  if (!pooling.modeCount)
    return;
  base::Array<char> modes;
  for (uint32_t i = 0; i < pooling.modeCount; ++i)
    append(modes, exec::poolingModeNames[pooling.modes[i]]);
  report.text("pooling", modes.view());
  report.text("vectors", pooling.normalizes ? "normalized" : "as they are");
  base::Array<char> prompts;
  for (const TritcPrompt &prompt : exec::promptsOf(image))
    append(prompts, exec::textAt(image, prompt.name));
  report.text("prompts", prompts.view());
}

static void reportNumbers(const TritcProgram &program,
                          const TritcImageHeader &image, Report &report) {
  const struct {
    const char *key;
    uint64_t value;
  } facts[] = {
      {"vocab_size", image.vocabSize},
      {"hidden_size", image.hiddenSize},
      {"vector_size", program.vectorSize * image.pooling.modeCount},
      {"ffn_size", image.ffnSize},
      {"layers", image.layerCount},
      {"heads", image.headCount},
      {"kv_heads", image.kvHeadCount},
      {"head_dim", image.headDim},
      {"context_size", image.contextSize},
      {"block_size", program.maxTokens},
      {"ternary_parameters", program.ternaryParameters},
      {"ternary_bytes", program.ternaryBytes},
      {"head_bytes", program.headBytes},
      {"bytes_per_token", program.bytesPerToken},
      {"image_bytes", image.imageBytes},
      {"scratch_bytes", program.scratchBytes},
      {"kv_cache_bytes", program.kvCacheBytes},
      {"threads", exec::physicalCores()},
  };
  for (const auto &[key, value] : facts)
    report.integer(key, value);
}

base::Failure chat::runInfo(Context context) {
  const TritcProgram &program = context.model.program;
  const TritcImageHeader &image = context.model.image;
  Report report(context.out, context.settings.json);
  report.text("model", context.model.name());
  report.text("target", program.targetName);
  base::Array<char> targets, features;
  for (auto other = context.programs; *other; ++other)
    append(targets, (*other)->targetName);
  report.text("targets", targets.view());
  exec::forEachFeature(program.requiredFeatures,
                       [&](const char *name) { append(features, name); });
  report.text("cpu_features", features.view());
  report.text("chat_template", exec::textAt(image, image.chat.name));

  char head[8] = "exact";
  if (program.headBits)
    snprintf(head, sizeof(head), "int%u",
             static_cast<unsigned>(program.headBits));
  report.text("head", head);
  uint64_t halves = uint64_t{2} * 2 * image.layerCount * image.kvHeadCount *
                    image.headDim * tritc_kv_pages(program.contextSize) *
                    TRITC_KV_PAGE;
  report.text("kv_cache", program.kvCacheBytes == halves ? "f16" : "int8");
  reportPooling(image, report);
  reportNumbers(program, image, report);
  char hash[17];
  snprintf(hash, sizeof(hash), "%016llx",
           static_cast<unsigned long long>(image.contentHash));
  report.text("content_hash", hash);
  return {};
}
