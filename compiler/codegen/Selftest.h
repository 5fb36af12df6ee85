//===- Selftest.h - What a program must compute, computed here ------------===//
//
// A program carries prompts and hashes of what the portable target makes of
// them (TritcSelftest of runtime/abi/Image.h). The compiler runs the portable
// code in its own process, on the weights it has just written.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/codegen/WeightImage.h"

#include <optional>

namespace tritc::codegen {

/// The portable target's code, for this machine.
struct ReferenceCode {
  std::string object; ///< exports `tritc_program`
  /// The plan of the image's own programs, then what only this code reads.
  WeightPlan weights{};
  /// An archive that it may need here (libgcc.a); used where it exists.
  std::string library{};
};

/// How many prompts, and tokens of each.
struct SelftestSize {
  uint32_t prompts, tokens;
};

/// A TritcSelftest whose hashes are still zero, for a model of the shape of
/// `contents`. The tokens are the same for every model of that vocabulary.
std::vector<uint8_t> emptySelftest(const ImageContents &contents,
                                   SelftestSize size);

/// As writeImage; with a reference, the hashes of `contents.selftest` are
/// filled in. Code 5 where it cannot run in this process. While it works, the
/// file is longer by the weights that only the reference reads.
llvm::Error writeTestedImage(ImageContents contents, const WeightPlan &plan,
                             const std::optional<ReferenceCode> &reference,
                             const WeightSource &source, int fd,
                             uint64_t offset, unsigned threads,
                             llvm::StringRef path, const Progress &progress);

} // namespace tritc::codegen
