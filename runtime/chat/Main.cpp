//===- Main.cpp - main of an emitted program ------------------------------===//
//
// In an object of its own: who enters through tritc_main (an in-process run, a
// test) links the archive without it.
//
//===----------------------------------------------------------------------===//

#include "runtime/abi/Entry.h"
#include "runtime/exec/AttachedImage.h"
#include "runtime/exec/WholeFile.h"

#include <cstdio>

extern "C" {
/// Defined by what the compiler emitted.
extern const TritcProgram *const tritc_programs[];
}

int main(int argc, char **argv) {
  tritc::exec::AttachedImage image = tritc::exec::attachedImage();
  if (!image.header) {
    fprintf(stderr, "error: image: this program was linked without one\n");
    return 3;
  }
  tritc::base::Failure failure =
      tritc::exec::checkWholeFile(image.header, image.bytes);
  failure = failure ? failure : tritc::exec::checkLength(image);
  if (failure) {
    fprintf(stderr, "error: %s\n", failure.message);
    return failure.code;
  }
  return tritc_main(argc, argv, tritc_programs, image.header);
}
