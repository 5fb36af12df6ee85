//===- OpenOptions.h - What a user says of a checkpoint -------------------===//
#pragma once

#include "compiler/import/gguf/GgufOptions.h"

#include <optional>
#include <string>

namespace tritc::import {

struct OpenOptions {
  /// Use this template (see chosenChatTemplate) and do not look at the
  /// one of the checkpoint.
  std::optional<std::string> chatTemplate;
  GgufOptions gguf = {};
};

} // namespace tritc::import
