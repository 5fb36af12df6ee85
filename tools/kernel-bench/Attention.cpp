//===- Attention.cpp - Attention over a long context ----------------------===//
#include "tools/kernel-bench/Bench.h"

#include "targets/Registry.h"

#include "llvm/Support/FormatVariadic.h"

namespace tritc::bench {

namespace {
struct Kind {
  llvm::StringLiteral name; ///< value of --kv=
  bool bytes;
};
struct Size {
  llvm::StringLiteral name;
  tuning::AttentionShape shape;
};
} // namespace

static constexpr Kind kinds[] = {{"f16", false}, {"int8", true}};

/// The 2B-4T shape: one token after 4,000, and the last of a prompt of 512;
/// then one that takes no time.
static constexpr int64_t longContext = 4000, prompt = 512;
static constexpr Size decodes[] = {
    {"at4000", {20, 5, 128, 30, longContext, 1, false}},
    {"at40", {4, 2, 16, 2, 40, 1, false}}};
static constexpr Size prefills[] = {
    {"to512", {20, 5, 128, 8, prompt, 1, false}},
    {"to40", {4, 2, 16, 2, 40, 1, false}}};

/// Products of queries with keys and of weights with values.
static double products(const tuning::AttentionShape &shape, int64_t tokens) {
  double keys = 0;
  for (int64_t token = 0; token < tokens; ++token)
    keys += double(shape.positions + token + 1);
  return 2 * keys * double(shape.heads * shape.headDim * shape.layers);
}

static void addOne(const Target &target, const Kind &kind, const Size &size,
                   bool isDecode) {
  tuning::AttentionShape shape = size.shape;
  shape.bytes = kind.bytes;
  if (!isDecode) {
    // The last call of the prompt.
    shape.tokens = std::min(target.prefillTokens, shape.positions);
    shape.positions -= shape.tokens;
  }
  Case what;
  what.name = llvm::formatv("attention/{0}/{1}/{2}", kind.name,
                            isDecode ? "decode" : "prefill", size.name);
  what.target = &target;
  what.workload = tuning::attention(shape);
  what.isDecode = isDecode;
  what.amount = [=](const tuning::KernelRunner &,
                    int64_t tokens) -> Case::Amount {
    if (isDecode)
      return {double(shape.tokenBytes() * (shape.positions + 1)), 0, 0, 0};
    return {0, 0, 0, products(shape, tokens)};
  };
  add(what);
}

void addAttention() {
  for (const Target *target : allTargets())
    for (const Kind &kind : kinds) {
      for (const Size &size : decodes)
        addOne(*target, kind, size, /*isDecode=*/true);
      for (const Size &size : prefills)
        addOne(*target, kind, size, /*isDecode=*/false);
    }
}

} // namespace tritc::bench
