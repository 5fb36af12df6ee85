//===- Main.cpp - main of an emitted program ------------------------------===//
//
// In an object of its own: who enters through tritc_main (an in-process run, a
// test) links the archive without it.
//
//===----------------------------------------------------------------------===//

#include "runtime/abi/Entry.h"
#include "runtime/exec/WholeFile.h"

#include <cstdio>

extern "C" {
/// Defined by what the compiler emitted.
extern const TritcProgram *const tritc_programs[];

/// Patched after linking. Volatile: the compiler of this file must not take the
/// zeros for granted.
extern volatile TritcImageLocator tritc_image_locator;
__attribute__((used,
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

/// The header by which a program finds its notes is what that of its image is
/// made of.
__attribute__((used, section(".note.tritc"))) static const Note madeByTritc = {
    sizeof("tritc"), 0, 1, "tritc"};

int main(int argc, char **argv) {
  int64_t distance = tritc_image_locator.distance;
  uint64_t bytes = tritc_image_locator.bytes;
  if (distance == 0) {
    fprintf(stderr, "error: image: this program was linked without one\n");
    return 3;
  }
  auto image = reinterpret_cast<const TritcImageHeader *>(
      reinterpret_cast<intptr_t>(&tritc_image_locator) + distance);
  tritc::base::Failure failure = tritc::exec::checkWholeFile(image, bytes);
  if (!failure && image->imageBytes != bytes)
    failure = tritc::base::fail(
        tritc::base::Malformed, "image: expected %llu bytes, found %llu",
        static_cast<unsigned long long>(bytes),
        static_cast<unsigned long long>(image->imageBytes));
  if (failure) {
    fprintf(stderr, "error: %s\n", failure.message);
    return failure.code;
  }
  return tritc_main(argc, argv, tritc_programs, image);
}
