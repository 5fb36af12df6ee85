//===- Head.cpp - Logits of one token -------------------------------------===//
#include "tools/kernel-bench/Bench.h"

#include "targets/Registry.h"

#include "llvm/Support/FormatVariadic.h"

namespace tritc::bench {

namespace {
struct Kind {
  llvm::StringLiteral name; ///< value of --head=, or what exact ones read
  llvm::StringLiteral type;
};
struct Shape {
  int64_t rows, columns;
};
} // namespace

static constexpr Kind kinds[] = {
    {"int8", "!bitnet.scaled<{0}x{1}xi8>"},
    {"int6", "!bitnet.scaled<{0}x{1}xi6>"},
    {"bf16", "tensor<{0}x{1}xbf16>"},
    {"q8_0", "!bitnet.blocked<{0}x{1}xi8>"},
    {"q6_k", "!bitnet.blocked<{0}x{1}xi6>"},
};
/// The 2B-4T shape's, and one that takes no time.
static constexpr Shape shapes[] = {{128256, 2560}, {64, 256}};

void addHeads() {
  for (const Target *target : allTargets())
    for (const Kind &kind : kinds)
      for (const Shape &shape : shapes) {
        Case what;
        what.name = llvm::formatv("head/{0}/decode/{1}x{2}", kind.name,
                                  shape.rows, shape.columns);
        what.target = target;
        what.workload = tuning::head(shape.rows, shape.columns, kind.type);
        what.isDecode = true;
        what.amount = [](const tuning::KernelRunner &runner,
                         int64_t) -> Case::Amount {
          return {double(runner.headBytes()), 0, 0, 0};
        };
        add(what);
      }
}

} // namespace tritc::bench
