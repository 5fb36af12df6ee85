//===- ExternalEditor.h - Writing in the user's editor --------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/base/Failure.h"
#include "runtime/terminal/Terminal.h"

namespace tritc::terminal {

/// Has `text` changed in $VISUAL, $EDITOR or vi, in a file that nobody else can
/// read. The text stays as it was when that fails.
base::Failure editExternally(Terminal &terminal, base::Array<char> &text);

} // namespace tritc::terminal
