//===- LayerTypes.cpp - Which layers see a window, from config.json -------===//

#include "compiler/import/safetensors/LayerTypes.h"

namespace tritc::import {

/// Where config.json says nothing, as in Gemma 3.
static constexpr uint32_t standardPeriod = 6;
/// Of the reference's classes.
static constexpr uint32_t standardWindow = 4096, standardFirstLocal = 28;

/// The names of all layers, each of which is one of two.
static void readTypes(JsonFields &fields, const llvm::json::Value &types,
                      uint32_t layerCount, LocalLayers &local) {
  const llvm::json::Array *names = types.getAsArray();
  if (!names || names->size() != layerCount)
    return fields.fail(ExitCode::Malformed,
                       "layer_types: expected a list of num_hidden_layers = " +
                           llvm::Twine(layerCount) + " names, found " +
                           (names ? llvm::Twine(names->size()) : "no list"));
  for (const llvm::json::Value &name : *names)
    if (name.getAsString() != llvm::StringRef("full_attention") &&
        name.getAsString() != llvm::StringRef("sliding_attention"))
      return fields.unsupported("layer_types",
                                "unsupported, expected full_attention or "
                                "sliding_attention",
                                name);
  local.assign(layerCount, [&](uint32_t layer) {
    return (*names)[layer].getAsString() ==
           llvm::StringRef("sliding_attention");
  });
}

/// By the rule of the family's classes.
static void applyRule(JsonFields &fields, const Family &family,
                      uint32_t layerCount, LocalLayers &local) {
  if (family.facts.windows == Windows::Alternating)
    return local.assignPeriod(
        layerCount,
        fields.integer("sliding_window_pattern", standardPeriod, 1, maxLayers));
  if (family.facts.windows == Windows::None ||
      !fields.boolean("use_sliding_window", false) ||
      fields.isNull("sliding_window"))
    return;
  uint32_t first =
      fields.integer("max_window_layers", standardFirstLocal, 0, maxContext);
  local.assign(layerCount, [&](uint32_t layer) { return layer >= first; });
}

/// The reference's class ignores such keys; whoever wrote them did not.
static void refuseWindow(JsonFields &fields, uint32_t contextSize,
                         const LocalLayers &local) {
  const llvm::json::Value *window = fields.get("sliding_window");
  bool isUsed = fields.boolean("use_sliding_window", window != nullptr);
  bool matters =
      !window || !window->getAsUINT64() || *window->getAsUINT64() < contextSize;
  if (local.any() || (isUsed && matters))
    fields.fail(ExitCode::Unreadable,
                "sliding_window: unsupported, expected none, or at least "
                "max_position_embeddings = " +
                    llvm::Twine(contextSize) +
                    ": this family's layers see all tokens");
}

void readLocalLayers(JsonFields &fields, const Family &family,
                     uint32_t layerCount, uint32_t contextSize,
                     LocalLayers &local) {
  if (const llvm::json::Value *types = fields.get("layer_types"))
    readTypes(fields, *types, layerCount, local);
  else
    applyRule(fields, family, layerCount, local);
  if (family.facts.windows == Windows::None)
    return refuseWindow(fields, contextSize, local);
  if (!local.any())
    return;
  bool isOff = family.facts.windows == Windows::Last &&
               !fields.boolean("use_sliding_window", false);
  if (isOff || fields.isNull("sliding_window"))
    return fields.fail(ExitCode::Malformed,
                       "layer_types: expected no sliding_attention without a "
                       "sliding_window in use, found some");
  local.window =
      fields.integer("sliding_window", standardWindow, 1, maxContext);
}

} // namespace tritc::import
