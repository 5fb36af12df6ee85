//===- Statistics.h - The packaged LLVM's statistics, with assertions -----===//
//
// Included first by every compiler-side file of a build with assertions.
//
// llvm::Statistic, and with it mlir::Pass::Statistic, has another layout with
// assertions than without. LLVM's packages are built without, and the
// constructor lives in libMLIR: a pass of ours would then own statistics of
// which half stay uninitialised. So this one header is read as the packages
// read it; assertions are on again behind it.
//
//===----------------------------------------------------------------------===//
#pragma once

#ifndef NDEBUG
#define NDEBUG
#include "llvm/ADT/Statistic.h"
#undef NDEBUG
#include <cassert>
#endif
