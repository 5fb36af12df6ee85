//===- Checkpoint.h - A checkpoint, mapped and checked --------------------===//
//
// A Hugging Face directory, packed (two bits a weight, U8) or master (float
// weights that we quantize), or a GGUF file. Opening reads the configuration
// and the headers and proves that every tensor of the model is there with the
// right type and shape; the weights themselves stay in the mapped files until
// somebody asks for rows.
//
// Tensors have the names of the Hugging Face directory, whatever the container.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/OpenOptions.h"
#include "compiler/import/model/ModelConfig.h"
#include "compiler/import/model/TensorView.h"
#include "compiler/import/template/ChatTemplate.h"
#include "compiler/import/tokenizer/TokenizerModel.h"
#include "compiler/support/MappedFile.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

struct CheckpointStorage;
class Accounted;

class Checkpoint {
public:
  /// Maps the files of `path`, a Hugging Face directory, a GGUF file (any of
  /// them, if the model is split) or a directory with one such model. Reads the
  /// configuration and all headers, checks presence, type and shape of every
  /// tensor of the model, that norms and scales are finite numbers, and that
  /// the files hold nothing else that matters.
  static llvm::Expected<std::unique_ptr<Checkpoint>>
  open(llvm::StringRef path, const OpenOptions &options = {});
  /// The same of a GGUF file that is mapped.
  static llvm::Expected<std::unique_ptr<Checkpoint>>
  open(MappedFile file, const OpenOptions &options = {});

  ~Checkpoint();

  const ModelConfig &config() const;
  const GenerationDefaults &generation() const;
  const ChatTemplate &chatTemplate() const;

  /// The tokenizer that comes with the weights; read when it is asked for.
  llvm::Expected<TokenizerModel> tokenizer() const;

  /// What was read otherwise than the files say, one line each, for people.
  llvm::ArrayRef<std::string> notes() const;

  /// The tensor called `name`, for example
  /// "model.layers.3.mlp.up_proj.weight"; nullptr if the model has none.
  const TensorView *find(llvm::StringRef name) const;

  /// Logical shape of a ternary matrix; nullopt if `name` is none.
  std::optional<MatrixShape> ternaryShape(llvm::StringRef name) const;

  /// Rows [firstRow, firstRow + rowCount) of the ternary matrix `name`,
  /// N x K: out[r * K + k] in {-1, 0, 1}, out.size() = rowCount * K. Thread
  /// safe. Fails on the code 3 and names its byte.
  llvm::Error ternaryRows(llvm::StringRef name, uint64_t firstRow,
                          uint64_t rowCount,
                          llvm::MutableArrayRef<int8_t> out) const;

  /// The f32 factor to multiply the integer product of matrix `name` with,
  /// whatever the scale rule: weight_scale, its reciprocal, the mean magnitude
  /// of a master matrix rounded to bf16, or what an encoding of GGUF holds.
  /// Positive and finite. Thread safe.
  llvm::Expected<float> weightScale(llvm::StringRef name) const;

  /// Elements [firstElement, firstElement + out.size()) of a float tensor,
  /// widened exactly to f32. Thread safe. Fails on NaN and infinity and names
  /// the byte.
  llvm::Error floats(llvm::StringRef name, uint64_t firstElement,
                     llvm::MutableArrayRef<float> out) const;

  /// Elements [firstElement, firstElement + out.integers.size()) of a table in
  /// blocks, whole ones, as they are stored. Thread safe. Fails on a step that
  /// is NaN or infinite and names its first element.
  llvm::Error blocks(llvm::StringRef name, uint64_t firstElement,
                     const BlockedNumbers &out) const;

private:
  using Reader =
      llvm::function_ref<llvm::Expected<Accounted>(CheckpointStorage &)>;
  static llvm::Expected<std::unique_ptr<Checkpoint>>
  readWith(Reader read, const OpenOptions &options);
  llvm::Error checkNumbers() const;
  Checkpoint(std::unique_ptr<CheckpointStorage> storage,
             const Accounted &tensors);
  std::unique_ptr<CheckpointStorage> storage;
};

} // namespace tritc::import
