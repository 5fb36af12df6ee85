//===- Presets.cpp - Shapes that have a name ------------------------------===//

#include "tools/tritc-synth/Presets.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tritc::synth {

// hidden, ffn, layers, heads, kv heads, head dim, vocab, context, theta,
// window, period, local theta
static constexpr Preset table[] = {
    {"tiny",
     "2b4t",
     "a few hundred kilobytes, for tests",
     {64, 160, 2, 4, 2, 16, 640, 2048, 10000.0}},
    {"2b4t",
     "2b4t",
     "microsoft/bitnet-b1.58-2B-4T, 1.2 GB",
     {2560, 6912, 30, 20, 5, 128, 128256, 4096, 500000.0}},
    {"1bitllm-tiny",
     "1bitllm",
     "heads of 20, as odd as the 100 of 3B",
     {80, 208, 2, 4, 4, 20, 640, 2048, 10000.0}},
    {"1bitllm-large",
     "1bitllm",
     "1bitLLM/bitnet_b1_58-large, 1.4 GB",
     {1536, 4096, 24, 16, 16, 96, 32002, 2048, 10000.0}},
    {"1bitllm-3b",
     "1bitllm",
     "1bitLLM/bitnet_b1_58-3B, 6.6 GB",
     {3200, 8640, 26, 32, 32, 100, 32002, 2048, 10000.0}},
    {"llama3-tiny",
     "llama3",
     "an output head of its own",
     {64, 160, 2, 4, 2, 16, 640, 2048, 10000.0}},
    {"llama3-8b",
     "llama3",
     "HF1BitLLM/Llama3-8B-1.58-100B-tokens, 3.9 GB",
     {4096, 14336, 32, 32, 8, 128, 128256, 8192, 500000.0}},
    {"falcon3-tiny",
     "falcon3",
     "two heads of 64, more than their number",
     {128, 192, 2, 2, 1, 64, 640, 2048, 1000042.0}},
    {"falcon3-1b",
     "falcon3",
     "tiiuae/Falcon3-1B-Instruct-1.58bit, 1.4 GB",
     {2048, 8192, 18, 8, 4, 256, 131072, 8192, 1000042.0}},
    {"falcon3-10b",
     "falcon3",
     "tiiuae/Falcon3-10B-Base-1.58bit, 4.0 GB",
     {3072, 23040, 40, 12, 4, 256, 131072, 32768, 1000042.0}},
    {"falcon-e-tiny",
     "falcon-e",
     "eight heads that share one key",
     {64, 288, 2, 8, 1, 8, 640, 2048, 1000000.0}},
    {"falcon-e-1b",
     "falcon-e",
     "tiiuae/Falcon-E-1B-Base, 0.7 GB",
     {2048, 9216, 24, 16, 2, 128, 32768, 32768, 1000000.0}},
    {"embedding-0.6b-tiny",
     "embedding-0.6b",
     "heads twice as wide as hidden / heads",
     {64, 160, 2, 4, 2, 32, 640, 2048, 1000000.0}},
    {"embedding-0.6b",
     "embedding-0.6b",
     "microsoft/BitNet-embedding 0.6B, 1.2 GB",
     {1024, 3072, 28, 16, 8, 128, 151936, 32768, 1000000.0}},
    {"embedding-270m-tiny",
     "embedding-270m",
     "one key head of 40, three norms more, windows of 24 in two of three "
     "layers",
     {80, 208, 3, 4, 1, 40, 640, 2048, 1000000.0, 24, 2, 10000.0}},
    {"embedding-270m",
     "embedding-270m",
     "microsoft/BitNet-embedding 270M, 0.5 GB",
     {640, 2048, 18, 4, 1, 256, 262144, 32768, 10000.0, 512, 6, 10000.0}},
};

llvm::ArrayRef<Preset> presets() { return table; }

const Preset *presetCalled(llvm::StringRef name) {
  const Preset *found = llvm::find_if(
      table, [&](const Preset &preset) { return preset.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::string presetList() {
  return llvm::join(
      llvm::map_range(table, [](const Preset &p) { return p.name; }), " | ");
}

} // namespace tritc::synth
