//===- Family.cpp - What the checkpoints of a family have in common -------===//

#include "tools/tritc-synth/Family.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::synth {

static constexpr Family table[] = {
    {.name = "2b4t",
     .architecture = "BitNetForCausalLM",
     .modelType = "bitnet",
     .activation = "relu2",
     .normEps = 1e-5,
     .attentionNorm = "self_attn.attn_sub_norm",
     .ffnNorm = "mlp.ffn_sub_norm",
     .tied = true,
     .scales = Scales::Multiply,
     .element = Element::BF16,
     .ggufArchitecture = "bitnet-b1.58"},
    {.name = "1bitllm",
     .architecture = "BitnetForCausalLM",
     .modelType = "llama",
     .activation = "silu",
     .normEps = 1e-5,
     .attentionNorm = "self_attn.inner_attn_ln",
     .ffnNorm = "mlp.ffn_layernorm",
     .tied = true,
     .scales = Scales::Masters,
     .element = Element::F16,
     .ggufArchitecture = "bitnet",
     .tokenizer = TokenizerKind::SentencePiece},
    {.name = "llama3",
     .architecture = "LlamaForCausalLM",
     .modelType = "llama",
     .activation = "silu",
     .normEps = 1e-5,
     .attentionNorm = "",
     .ffnNorm = "",
     .tied = false,
     .scales = Scales::Divide,
     .element = Element::BF16,
     .ggufArchitecture = "llama"},
    {.name = "falcon3",
     .architecture = "LlamaForCausalLM",
     .modelType = "llama",
     .activation = "silu",
     .normEps = 1e-6,
     .attentionNorm = "",
     .ffnNorm = "",
     .tied = false,
     .scales = Scales::Divide,
     .element = Element::BF16,
     .ggufArchitecture = "llama"},
    {.name = "falcon-e",
     .architecture = "LlamaForCausalLM",
     .modelType = "llama",
     .activation = "silu",
     .normEps = 1e-6,
     .attentionNorm = "",
     .ffnNorm = "",
     .tied = false,
     .scales = Scales::Divide,
     .element = Element::BF16,
     .ggufArchitecture = "llama"},
};

llvm::ArrayRef<Family> families() { return table; }

const Family &familyCalled(llvm::StringRef name) {
  return *llvm::find_if(
      table, [&](const Family &family) { return family.name == name; });
}

} // namespace tritc::synth
