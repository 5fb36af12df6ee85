//===- Roofline.h - Speed against what a byte is good for -----------------===//
#pragma once

#include "compiler/report/Report.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace tritc::report {

/// `text` with the characters that HTML means otherwise as entities.
std::string escaped(llvm::StringRef text);

/// Every kernel of the target's matrices, once, in their order.
std::vector<std::string> kernelsOf(const TargetReport &target);

/// A colour for each of `kernels`, as CSS has it.
llvm::StringRef colourOf(llvm::StringRef kernel,
                         llvm::ArrayRef<std::string> kernels);

/// An SVG element: products a second over products per byte of weights, one
/// mark per matrix, kernel and phase, below what the machine can do; behind it
/// its legend, which is HTML so that it wraps. Disturbed measurements are left
/// out. Empty without a mark.
std::string roofline(const TargetReport &target,
                     llvm::ArrayRef<std::string> kernels);

} // namespace tritc::report
