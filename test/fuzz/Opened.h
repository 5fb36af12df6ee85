//===- Opened.h - All that an opened checkpoint has -----------------------===//
#pragma once

#include "compiler/import/Checkpoint.h"
#include "compiler/import/model/ModelTensors.h"
#include "test/fuzz/Input.h"

namespace tritc::fuzz {

/// Reads every tensor of `checkpoint` by `readTensor`, and the tokenizer; or
/// looks at its refusal.
inline void
readAll(llvm::Expected<std::unique_ptr<import::Checkpoint>> checkpoint,
        void (&readTensor)(const import::Checkpoint &,
                           const import::ModelTensor &)) {
  if (!checkpoint)
    return refuse(checkpoint.takeError());
  for (const import::ModelTensor &tensor :
       import::modelTensors((*checkpoint)->config()))
    readTensor(**checkpoint, tensor);
  auto tokenizer = (*checkpoint)->tokenizer();
  if (!tokenizer)
    refuse(tokenizer.takeError());
}

} // namespace tritc::fuzz
