//===- LimitLoops.h - Loops that do nothing but their best ----------------===//
//
// Functions of the type of a forward pass, as phase `loops` leaves them. Each
// thread goes %count rounds, or reads %count bytes from %from on.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "targets/Target.h"

#include <string>

namespace tritc::tuning {

/// Products of bytes that stay in registers: of lut.dot, or of
/// lut.dot_registers where the shape is of blocks. \param name decode or
/// prefill
std::string dotFunction(llvm::StringRef name, const DotShape &dot);
/// Products in a round of it.
int64_t dotsOfRound(const DotShape &dot);

/// Fused multiply-adds of f32 in vectors of `lanes`.
std::string fmaFunction(llvm::StringRef name, int64_t lanes);
/// Of a round of it.
int64_t fmasOfRound(int64_t lanes);

/// Reads in `streams` parts at once, and fetches %distance bytes ahead if told.
std::string readFunction(llvm::StringRef name, int64_t streams,
                         bool prefetches);

} // namespace tritc::tuning
