//===- CheckpointPath.h - Where a checkpoint lies, and where it does not --===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace tritc::import {

/// `directory`, or where it is a model of the Hugging Face cache
/// (models--org--name) its only snapshot. Unreadable, with their names, if
/// there are several, or if there is none.
llvm::Expected<std::string> findSnapshot(llvm::StringRef directory);

/// What there is in `directory` that somebody may have taken for a checkpoint,
/// with the way out: "pickles (pytorch_model.bin); convert them to
/// safetensors". "none" if nothing is known.
std::string describeDirectory(llvm::StringRef directory);

/// Refuses what peft writes (LoRA), alone or beside the weights that it
/// changes.
llvm::Error refuseAdapter(llvm::StringRef directory);

} // namespace tritc::import
