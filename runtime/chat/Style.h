//===- Style.h - Colours for people ---------------------------------------===//
#pragma once

#include "runtime/chat/Output.h"

namespace tritc::chat {

/// Escape sequences for what is not an answer, or nothing.
struct Style {
  std::string_view typed; ///< what the user writes
  std::string_view note;  ///< remarks and progress
  std::string_view plain; ///< ends one of them
};

/// Coloured if `out` is a terminal that has colours. NO_COLOR and CLICOLOR=0
/// turn them off, CLICOLOR_FORCE turns them on wherever the output goes.
Style styleFor(const Output &out);

/// Whether $TERM names a terminal without escape sequences.
bool isDumbTerminal();

} // namespace tritc::chat
