//===- Model.h - A checkpoint, read and understood ------------------------===//
#pragma once

#include "compiler/codegen/WeightImage.h"
#include "compiler/driver/Options.h"
#include "compiler/import/Checkpoint.h"

#include <memory>

namespace tritc::driver {

struct Model {
  std::unique_ptr<import::Checkpoint> checkpoint;
  uint32_t contextSize; ///< tokens: the option's, or the checkpoint's
  /// Complete only if the output holds an image.
  codegen::ImageContents contents;
};

/// Opens the checkpoint that `options` name and, where an image will be
/// written, its tokenizer. Errors as import reports them.
llvm::Expected<Model> importModel(const Options &options);

} // namespace tritc::driver
