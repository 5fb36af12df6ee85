//===- LinearLayer.h - One linear layer, compiled and called --------------===//
//
// The smallest program with a ternary product in it: a table of inputs, one
// linear layer, and the identity as a head, so that logits are the layer's
// outputs. It takes the way of every model: text, phases, object file.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/codegen/LoadedObject.h"
#include "runtime/abi/Program.h"
#include "targets/Target.h"
#include "test/unit/targets/Emulated.h"

#include "llvm/ADT/ArrayRef.h"

#include <memory>
#include <optional>
#include <vector>

namespace tritc::targets::test {

/// Sizes of a layer. Rows of several sources are stacked.
struct Shape {
  int64_t columns;
  std::vector<int64_t> sourceRows;
  int64_t inputs; ///< rows of the table of inputs

  int64_t rows() const;
};

class LinearLayer {
public:
  /// Computed by `kernel`, one of the target's; in an emulator where this
  /// machine cannot execute its instructions, and by what they mean where it
  /// has no emulator either.
  /// \param withoutBlocks by what its fallback has in place of blocks
  LinearLayer(const Target &target, const Kernel &kernel, Shape shape,
              bool withoutBlocks = false);

  const Shape shape;

  /// Stores one input, `columns` values.
  void setInput(int64_t id, llvm::ArrayRef<float> values);
  /// \param weights [rows x columns], each -1, 0 or 1
  /// \param scales  one per source
  void setWeights(llvm::ArrayRef<int8_t> weights, llvm::ArrayRef<float> scales);

  /// Outputs of one input, `rows` values.
  std::vector<float> decode(int32_t id, int64_t threads = 1);
  /// Outputs of consecutive inputs [ids x rows], in calls of at most
  /// `maxTokens`.
  std::vector<float> prefill(llvm::ArrayRef<int32_t> ids, int64_t threads = 1);

  /// Tables that the last decode built. Only where the kernel looks up.
  llvm::ArrayRef<int8_t> tables() const;

private:
  struct Offsets {
    int64_t inputs = 0, weights = 0, identity = 0, image = 0;
    int64_t tables = -1; ///< in the scratch area; -1 for none
  };

  std::string text() const;
  std::string compile();
  void load(const std::string &object);
  void call(bool isDecode, llvm::ArrayRef<int32_t> ids, int64_t threads,
            float *outputs);

  const Target &target;
  const Kernel &kernel;
  const bool withoutBlocks;
  Offsets offsets;
  /// One of them is there.
  std::optional<codegen::LoadedObject> loaded;
  std::unique_ptr<Emulated> emulated;
  TritcProgram program{}; ///< without functions where emulated
  bool imageIsSent = false;
  std::vector<uint8_t> imageBytes, scratchBytes;
};

/// What the layer must give, straight from its meaning: y = f32(sum) *
/// (scale * step).
std::vector<float> expectedOutputs(const Shape &shape,
                                   llvm::ArrayRef<float> input,
                                   llvm::ArrayRef<int8_t> weights,
                                   llvm::ArrayRef<float> scales);

} // namespace tritc::targets::test
