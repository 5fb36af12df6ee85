//===- AttachedImage.cpp - The image in the file of this program ----------===//

#include "runtime/exec/AttachedImage.h"

using namespace tritc;
using namespace tritc::exec;

extern "C" {
/// Patched after linking, or replaced by the one of a static library. Volatile:
/// the compiler of this file must not take the zeros for granted.
extern volatile TritcImageLocator tritc_image_locator;
__attribute__((used, weak,
               section(".data.tritc_image_locator"))) volatile TritcImageLocator
    tritc_image_locator = {TRITC_LOCATOR_MAGIC, 0, 0};
}

namespace {
/// A note of the file, as its format has them: who made this.
struct Note {
  uint32_t ownerBytes, contentBytes, type;
  char owner[8];
};
} // namespace

/// The header by which a file's notes are found is what that of its image is
/// made of.
__attribute__((used, section(".note.tritc"))) static const Note madeByTritc = {
    sizeof("tritc"), 0, 1, "tritc"};

AttachedImage exec::attachedImage() {
  int64_t distance = tritc_image_locator.distance;
  if (distance == 0)
    return {};
  return {reinterpret_cast<const TritcImageHeader *>(
              reinterpret_cast<intptr_t>(&tritc_image_locator) + distance),
          tritc_image_locator.bytes};
}

base::Failure exec::checkLength(const AttachedImage &image) {
  if (image.header->imageBytes == image.bytes)
    return {};
  return base::fail(base::Malformed, "image: expected %llu bytes, found %llu",
                    static_cast<unsigned long long>(image.bytes),
                    static_cast<unsigned long long>(image.header->imageBytes));
}
