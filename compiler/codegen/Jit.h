//===- Jit.h - A compiled model in this process ---------------------------===//
#pragma once

#include "compiler/codegen/Selftest.h"

#include "llvm/Support/FileSystem.h"

namespace tritc::codegen {

/// An image in a temporary file that has no name any more, mapped read only.
class MappedImage {
public:
  /// Parameters as in writeTestedImage.
  static llvm::Expected<MappedImage>
  create(const ImageContents &contents, const WeightPlan &plan,
         const std::optional<ReferenceCode> &reference,
         const WeightSource &source, unsigned threads,
         const Progress &progress);

  const TritcImageHeader *header() const {
    return reinterpret_cast<const TritcImageHeader *>(region.const_data());
  }

private:
  explicit MappedImage(llvm::sys::fs::mapped_file_region region)
      : region(std::move(region)) {}
  llvm::sys::fs::mapped_file_region region;
};

/// Loads `objects` and the runtime of a resource folder into this process and
/// calls tritc_main. Returns its exit code; code 6 where they do not fit
/// together.
/// \param arguments argv of the program, its name first
llvm::Expected<int> runInProcess(llvm::ArrayRef<std::string> objects,
                                 llvm::StringRef resources,
                                 const MappedImage &image,
                                 llvm::ArrayRef<std::string> arguments);

} // namespace tritc::codegen
