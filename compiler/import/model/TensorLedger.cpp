//===- TensorLedger.cpp - Which tensors may stay unread -------------------===//
//
// Names of what the writers of checkpoints leave in them beside the model. A
// name that is in no table is refused as well: it means something to somebody.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/model/TensorLedger.h"

#include "compiler/import/model/ModelConfig.h"
#include "compiler/import/model/TensorView.h"

#include "llvm/ADT/StringExtras.h"

#include <map>

namespace tritc::import {

using llvm::StringLiteral;

/// Endings of buffers that a model computes for itself: rotations, positions.
static constexpr StringLiteral recomputed[] = {
    "rotary_emb.inv_freq",   "rotary_emb.cos_cached", "rotary_emb.sin_cached",
    ".attn_rot_embd.weight", "position_ids",
};

/// Endings of causal masks that were stored, and of what stands in for minus
/// infinity in them. One of rank 1 could be the bias of a projection.
static constexpr StringLiteral masks[] = {
    ".attn.bias",        "attention.bias",        "self_attn.bias",
    ".attn.masked_bias", "attention.masked_bias", "self_attn.masked_bias",
    "self_attn.mask",
};

static constexpr StringLiteral heads[] = {"lm_head.weight", "output.weight"};

namespace {
struct Refusal {
  StringLiteral part; ///< somewhere in ".name"
  StringLiteral reason;
};
} // namespace

static constexpr StringLiteral adapter =
    "part of an adapter (LoRA): merge it into the weights first, with peft's "
    "merge_and_unload";
static constexpr StringLiteral otherInput =
    "for images or sound: only text models can be compiled";
static constexpr StringLiteral prediction =
    "for the prediction of several tokens at once, which is not supported";
static constexpr StringLiteral experts =
    "of a mixture of experts, which is not supported";
static constexpr StringLiteral quantization =
    "left from another quantization, or from one that is not supported";

static constexpr Refusal refusals[] = {
    {".lora_", adapter},
    {".base_layer.", adapter},
    {".base_model.", adapter},
    {".modules_to_save.", adapter},
    {".vision_", otherInput},
    {".visual.", otherInput},
    {".multi_modal_projector.", otherInput},
    {".mm_projector.", otherInput},
    {".audio_", otherInput},
    {".v.blk.", otherInput},
    {".mm.", otherInput},
    {".mtp", prediction},
    {".nextn.", prediction},
    {".eh_proj.", prediction},
    {".medusa", prediction},
    {".experts.", experts},
    {".block_sparse_moe.", experts},
    {"_exps.", experts},
    {".ffn_gate_inp.", experts},
    {".qweight", quantization},
    {".qzeros", quantization},
    {".scales", quantization},
    {".g_idx", quantization},
    {".SCB", quantization},
    {".absmax", quantization},
    {".quant_map", quantization},
    {".quant_state", quantization},
    {".weight_scale", quantization},
    {".weight_packed", quantization},
    {".weight_zero_point", quantization},
    {".weight_shape", quantization},
    {".input_scale", quantization},
    {".weight.", quantization},
    {".scale", quantization},
    {".rms_norm.", "the weights of a norm in front of a projection, which "
                   "config.json must ask for: \"use_rms_norm\": true in "
                   "quantization_config"},
    {".bias", "a bias that this model has no place for"},
    {"norm", "the weights of a norm that this model has no place for"},
    {"_ln.", "the weights of a norm that this model has no place for"},
};

/// The layer that `name` belongs to, by its number.
static std::optional<uint64_t> layerOf(llvm::StringRef name,
                                       llvm::StringRef prefix) {
  uint64_t layer;
  if (!name.consume_front(prefix) || name.consumeInteger(10, layer) ||
      !name.starts_with("."))
    return std::nullopt;
  return layer;
}

/// All elements of `tensor`, a buffer at a time, until `test` fails.
static bool
allFloats(DType type, llvm::ArrayRef<uint8_t> bytes,
          llvm::function_ref<bool(uint64_t, llvm::ArrayRef<float>)> test) {
  constexpr uint64_t step = 4096;
  uint64_t size = dtypeBytes(type), count = bytes.size() / size;
  std::vector<float> values;
  for (uint64_t first = 0; first < count; first += step) {
    values.resize(std::min(step, count - first));
    widen(type, bytes.data() + first * size, values);
    if (!test(first, values))
      return false;
  }
  return true;
}

/// The same numbers, whatever their types.
static bool isCopy(const Leftover &copy, const TensorView &original) {
  if (llvm::ArrayRef<uint64_t>(copy.shape) !=
      llvm::ArrayRef<uint64_t>(original.shape))
    return false;
  if (copy.bytes == original.bytes)
    return true;
  if (!copy.dtype || !isFloat(*copy.dtype) || original.blocked)
    return false;
  uint64_t size = dtypeBytes(original.dtype);
  std::vector<float> own;
  return allFloats(*copy.dtype, copy.bytes,
                   [&](uint64_t first, llvm::ArrayRef<float> values) {
                     own.resize(values.size());
                     widen(original.dtype, original.bytes.data() + first * size,
                           own);
                     return llvm::ArrayRef(own) == values;
                   });
}

static bool isOnes(const Leftover &tensor) {
  return tensor.dtype && isFloat(*tensor.dtype) &&
         allFloats(*tensor.dtype, tensor.bytes,
                   [](uint64_t, llvm::ArrayRef<float> values) {
                     return llvm::all_of(values,
                                         [](float x) { return x == 1.0f; });
                   });
}

/// Why `tensor` must not stay unread; empty if it may.
static std::string objection(const Leftover &tensor,
                             const LeftoverRules &rules) {
  llvm::StringRef name = tensor.name;
  auto ends = [&](llvm::StringRef end) { return name.ends_with(end); };
  if (llvm::any_of(recomputed, ends))
    return "";
  if (llvm::any_of(masks, ends) &&
      (tensor.shape.size() != 1 || name.ends_with("masked_bias")))
    return "";
  if (name == "rope_freqs.weight")
    return isOnes(tensor) ? "" : "of scaled rotations, which are not supported";
  if (llvm::is_contained(heads, name)) {
    if (rules.config.embeds ||
        (rules.embedding && isCopy(tensor, *rules.embedding)))
      return "";
    return (rules.embeddingName +
            " serves as head in this model, but its numbers are others; if "
            "they are not meant to be one, tie_word_embeddings is false")
        .str();
  }
  if (auto layer = layerOf(name, rules.layerPrefix);
      layer && *layer >= rules.config.layerCount)
    return ("of a layer that the model has not: " + rules.layerCountKey +
            " is " + llvm::Twine(rules.config.layerCount))
        .str();
  std::string dotted = ("." + name).str();
  const Refusal *known = llvm::find_if(refusals, [&](const Refusal &refusal) {
    return llvm::StringRef(dotted).contains(refusal.part);
  });
  return known == std::end(refusals) ? "which nothing in this model reads"
                                     : known->reason.str();
}

/// "model.layers.*.x" for "model.layers.3.x".
static std::string withoutNumbers(llvm::StringRef name) {
  llvm::SmallVector<llvm::StringRef> parts;
  name.split(parts, '.');
  for (llvm::StringRef &part : parts)
    if (llvm::all_of(part, llvm::isDigit) && !part.empty())
      part = "*";
  return llvm::join(parts, ".");
}

static std::string excuse(llvm::ArrayRef<Leftover> excused) {
  if (excused.empty())
    return "";
  std::map<std::string, unsigned> kinds;
  for (const Leftover &tensor : excused)
    ++kinds[withoutNumbers(tensor.name)];
  std::string line =
      (excused.front().file + ": not needed, and not read: ").str();
  llvm::ListSeparator separator;
  for (const auto &[kind, count] : kinds) {
    line += std::string(llvm::StringRef(separator)) + kind;
    if (count > 1)
      line += " (" + std::to_string(count) + ")";
  }
  return line;
}

llvm::Expected<Accounted> LedgerBase::settle(llvm::ArrayRef<Leftover> leftovers,
                                             const LeftoverRules &rules) {
  std::vector<Leftover> excused;
  const Leftover *first = nullptr;
  std::string reason;
  uint64_t others = 0;
  for (const Leftover &tensor : leftovers) {
    std::string own = objection(tensor, rules);
    if (own.empty()) {
      excused.push_back(tensor);
    } else if (first) {
      ++others;
    } else {
      first = &tensor;
      reason = std::move(own);
    }
  }
  if (!first)
    return Accounted(excuse(excused));
  std::string more =
      others ? "; " + std::to_string(others) + " more are not read" : "";
  return makeError(ExitCode::Unreadable,
                   first->file + ": " + first->name +
                       ": expected no tensor that changes the model unread, "
                       "found " +
                       first->type + " " + shapeText(first->shape) + ", " +
                       reason + more);
}

llvm::Error LedgerBase::foundTwice(llvm::StringRef name, llvm::StringRef file,
                                   llvm::StringRef other) {
  return makeError(ExitCode::Malformed,
                   file + ": " + name +
                       ": expected each tensor once, found it in " + other +
                       " too");
}

} // namespace tritc::import
