//===- AttachedImage.h - The image in the file of this program ------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/base/Failure.h"

namespace tritc::exec {

/// The image that the compiler attached to what this is linked into. Who calls
/// this has the locator by which it is found, and a note of the file.
struct AttachedImage {
  const TritcImageHeader *header = nullptr; ///< null: linked without one
  uint64_t bytes = 0;                       ///< as attached
};
AttachedImage attachedImage();

/// Malformed unless the image is as long as it says.
base::Failure checkLength(const AttachedImage &image);

} // namespace tritc::exec
