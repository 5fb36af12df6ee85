//===- KeyRules.h - What the keys mean that no reader takes ---------------===//
//
// A file of settings says more than a reader asks for. Every key that is left
// over is looked up here: it changes nothing, or it would change the result and
// must then have the value that changes nothing, or nobody knows it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/ModelConfig.h"
#include "compiler/support/JsonFields.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tritc::import {

/// Which settings a file is full of.
enum class KeyFile {
  Config,     ///< config.json
  Generation, ///< generation_config.json
  Gguf,       ///< the keys of a GGUF file, those of the architecture without it
};

/// Refuses (ExitCode::Unreadable) the first of `keys` that would change the
/// result; adds at most one line to `notes`, which names those that nobody
/// knows. What would change how texts are generated is in that line, too: it
/// is a matter of the program's options anyway.
llvm::Error settleKeys(KeyFile kind, llvm::StringRef file,
                       llvm::ArrayRef<UnreadKey> keys,
                       const ModelConfig &config,
                       std::vector<std::string> &notes);

} // namespace tritc::import
