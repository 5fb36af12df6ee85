//===- Config.h - Facts of a model, from config.json ----------------------===//
//
// One of the families of Family.h, with the defaults of its reference
// implementation where a key is missing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/ModelConfig.h"

namespace tritc::import {

/// Reads the text of config.json. `file` names it in errors. Every key is used,
/// or settled by KeyRules.h; of duplicate keys the last one wins.
/// ExitCode::Unreadable for another architecture or an option we lack,
/// Malformed for values no model can have.
llvm::Expected<ModelConfig> parseConfig(llvm::StringRef text,
                                        llvm::StringRef file);

/// Reads the text of generation_config.json; adds its end-of-sequence ids to
/// `config`. Greedy unless the file says do_sample, as the reference does.
llvm::Expected<GenerationDefaults> parseGenerationConfig(llvm::StringRef text,
                                                         llvm::StringRef file,
                                                         ModelConfig &config);

} // namespace tritc::import
