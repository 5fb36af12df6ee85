//===- Safetensors.h - Where every tensor lies ----------------------------===//
#pragma once

#include "tools/tritc-synth/Tensors.h"

namespace tritc::synth {

/// A tensor's place.
struct Placement {
  uint64_t tensor; ///< index into the list of tensors
  uint64_t offset; ///< from the first byte of the file
};

/// One weight file.
struct WeightFile {
  std::string name;
  std::string head; ///< length word and JSON header, padded to 8 bytes
  std::vector<Placement> tensors;
  uint64_t bytes; ///< of the whole file
};

/// Distributes the tensors over `shards` files of about equal size, in order.
/// There are fewer files when there are fewer tensors. One file is called
/// model.safetensors, several model-0000i-of-0000n.safetensors.
std::vector<WeightFile> layOut(llvm::ArrayRef<Tensor> tensors, uint64_t shards);

/// The text of model.safetensors.index.json.
std::string shardIndex(llvm::ArrayRef<Tensor> tensors,
                       llvm::ArrayRef<WeightFile> files);

} // namespace tritc::synth
