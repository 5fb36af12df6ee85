//===- Model.h - The parts that were compiled -----------------------------===//
#pragma once

#include "runtime/abi/Image.h"
#include "runtime/abi/Program.h"
#include "runtime/exec/ImageCheck.h"
#include "runtime/text/Tokenizer.h"

#include <algorithm>

namespace tritc::chat {

/// A checked program with its checked image. Read only.
struct Model {
  const TritcProgram &program; ///< the one that runs
  const TritcImageHeader &image;
  text::Tokenizer tokenizer;

  Model(const TritcProgram &program, const TritcImageHeader &image)
      : program(program), image(image),
        tokenizer(exec::bytesAt(image, image.tokenizer)) {}

  /// Whether it makes vectors of texts; else it writes text.
  bool embeds() const { return program.vectorSize > 0; }
  std::string_view name() const { return exec::textAt(image, image.modelName); }
  /// In order.
  std::span<const uint32_t> stopTokens() const {
    return {reinterpret_cast<const uint32_t *>(
                exec::bytesAt(image, image.stopTokens)),
            image.stopTokens.bytes / sizeof(uint32_t)};
  }
  bool isStop(int32_t id) const {
    auto all = stopTokens();
    return std::binary_search(all.begin(), all.end(),
                              static_cast<uint32_t>(id));
  }
};

} // namespace tritc::chat
