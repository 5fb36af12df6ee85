//===- Target.cpp - x86_avx512: byte dot products and word shuffles -------===//
#include "targets/Avx512.h"

namespace tritc::targets {

extern const Target x86_avx512;
const Target x86_avx512 = {
    .name = "x86_avx512",
    .summary = "x86-64 with AVX-512, VBMI2 and VNNI (2019 and later)",
    .triple = "x86_64-unknown-linux-gnu",
    .cpu = "x86-64",
    .features = avx512::features,
    .machine = "epyc_4",
    .kernels = avx512::kernels,
    .dot = avx512::dot,
    .prefillTokens = 96,
    .prefetchBytes = 16384,
    .lowerLookup = avx512::lowerLookup,
    .lowerDot = avx512::lowerDot,
};

} // namespace tritc::targets
