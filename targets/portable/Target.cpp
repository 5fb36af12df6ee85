//===- Target.cpp - portable: the specification ---------------------------===//
//
// Plain loops over 2-bit codes; no hook, no instruction beyond the baseline.
// Every other target gives the same bits.
//
//===----------------------------------------------------------------------===//
#include "targets/Target.h"

namespace tritc::targets {

extern const Target portable;
const Target portable = {
    .name = "portable",
    .summary = "plain loops, any x86-64 processor",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features = 0,
    .packing = {lut::PackingSpec::Codes, 1},
    .prefillTokens = 16,
    .tokenTile = 1,
    .prefetchBytes = 0,
};

} // namespace tritc::targets
