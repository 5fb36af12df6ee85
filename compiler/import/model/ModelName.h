//===- ModelName.h - What people call a model -----------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tritc::import {

/// The name of the checkpoint at `path`: `organisation/model` where the path is
/// that of a snapshot in the cache of Hugging Face, else `ownName`, the one in
/// its files, else the last part of the real path that says more than
/// "checkpoint", "model-q4.gguf" or a hash do. Never empty.
std::string modelName(llvm::StringRef ownName, llvm::StringRef path);

/// `name` where it looks like one on Hugging Face, `organisation/model`; empty
/// for "./output", "/home/me/model" and other places of somebody's disk.
llvm::StringRef hubName(llvm::StringRef name);

} // namespace tritc::import
