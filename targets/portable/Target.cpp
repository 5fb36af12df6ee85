//===- Target.cpp - portable: the specification ---------------------------===//
//
// Plain loops over 2-bit codes; no hook, no instruction beyond the baseline.
// Every other target gives the same bits.
//
//===----------------------------------------------------------------------===//
#include "targets/Target.h"

namespace tritc::targets {

/// There is no choice, so the cost is of no importance.
static constexpr Kernel::Cost costs[] = {{"x86-64", 1000}};
static constexpr Kernel kernels[] = {{{lut::PackingSpec::Codes, 1}, costs}};

extern const Target portable;
const Target portable = {
    .name = "portable",
    .summary = "plain loops, any x86-64 processor",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features = 0,
    .machine = "epyc_4",
    .kernels = kernels,
    .dot = {.sumBits = 32,
            .rows = 1,
            .tokens = 1,
            .columns = 1,
            .rowTile = 1,
            .tokenTile = 1,
            .loadColumns = 1},
    .prefillTokens = 16,
    .prefetchBytes = 0,
};

} // namespace tritc::targets
