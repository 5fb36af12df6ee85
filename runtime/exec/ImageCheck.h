//===- ImageCheck.h - Is this the image the code was compiled with? -------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/abi/Program.h"
#include "runtime/base/Failure.h"

#include <span>
#include <string_view>

namespace tritc::exec {

/// Malformed with the first thing that does not fit, or nothing. After success
/// every span lies inside the image and is aligned as promised. Weights are not
/// read: their hash costs seconds and the kernel maps them untouched.
base::Failure checkImage(const TritcProgram &program,
                         const TritcImageHeader &image);

/// Bytes of a span of a checked image.
inline const uint8_t *bytesAt(const TritcImageHeader &image, TritcSpan span) {
  return reinterpret_cast<const uint8_t *>(&image) + span.offset;
}
inline std::string_view textAt(const TritcImageHeader &image, TritcSpan span) {
  return {reinterpret_cast<const char *>(bytesAt(image, span)), span.bytes};
}

/// The prompts of a checked image.
inline std::span<const TritcPrompt> promptsOf(const TritcImageHeader &image) {
  return {reinterpret_cast<const TritcPrompt *>(bytesAt(image, image.prompts)),
          image.prompts.bytes / sizeof(TritcPrompt)};
}

/// Tiles of the table of embeddings.
inline uint64_t embeddingTiles(const TritcImageHeader &image) {
  return (image.vocabSize - 1) / image.embeddingTileRows + 1;
}

} // namespace tritc::exec
