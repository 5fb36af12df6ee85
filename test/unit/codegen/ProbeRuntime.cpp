//===- ProbeRuntime.cpp - The smallest runtime that finds its image -------===//
//
// Stands in for the runtime when the way of an image into an executable is
// tested. The program prints `<magic ok> <bytes> <last byte> <decode's mark>`.
//
//===----------------------------------------------------------------------===//

#include "runtime/abi/Image.h"
#include "runtime/abi/Program.h"

#include <stdio.h>

extern "C" {

extern const TritcProgram *const tritc_programs[];
extern volatile TritcImageLocator tritc_image_locator;
__attribute__((weak)) volatile TritcImageLocator tritc_image_locator = {
    TRITC_LOCATOR_MAGIC, 0, 0};

void tritc_barrier(void *barrier) { *static_cast<float *>(barrier) += 1; }

int tritc_main(int argc, char **argv, const TritcProgram *const *programs,
               const TritcImageHeader *image) {
  const TritcProgram *program = programs[0];
  const uint8_t *bytes = reinterpret_cast<const uint8_t *>(image);
  float logit = 0, barrierCalls = 0;
  int32_t token = 41;
  program->decode(bytes, nullptr, nullptr, &token, nullptr, &logit, nullptr, 1,
                  0, 0, 1, &barrierCalls);
  printf("%d %llu %d %s %g %g %d\n", image->magic == TRITC_IMAGE_MAGIC,
         static_cast<unsigned long long>(image->imageBytes),
         bytes[image->imageBytes - 1], program->targetName,
         static_cast<double>(logit), static_cast<double>(barrierCalls), argc);
  return argc > 1 ? argv[1][0] - '0' : 0;
}

} // extern "C"

int main(int argc, char **argv) {
  const char *here = reinterpret_cast<const char *>(
      const_cast<const TritcImageLocator *>(&tritc_image_locator));
  return tritc_main(argc, argv, tritc_programs,
                    reinterpret_cast<const TritcImageHeader *>(
                        here + tritc_image_locator.distance));
}
