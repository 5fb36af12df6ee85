//===- ExternalEditor.h - Writing in the user's editor --------------------===//
#pragma once

#include "runtime/exec/Array.h"
#include "runtime/exec/Failure.h"
#include "runtime/terminal/Terminal.h"

namespace tritc::terminal {

/// Has `text` changed in $VISUAL, $EDITOR or vi, in a file that nobody else can
/// read. The text stays as it was when that fails.
exec::Failure editExternally(Terminal &terminal, exec::Array<char> &text);

} // namespace tritc::terminal
