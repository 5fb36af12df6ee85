//===- Sandbox.h - Rights that serving does not need ----------------------===//
//
// Who answers strangers gives up what they could misuse. What the kernel does
// not know stays as it was.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <string_view>

namespace tritc::serve {

/// Landlock: from now on, no file is written, made, removed or run by this
/// thread, and those that it starts; only what is in the folder of
/// `removable`, unless that is empty, may be removed. No TCP socket is bound or
/// connected, either, where the kernel knows how to forbid that.
/// \returns the version of the kernel's Landlock; 0 where there is none
int forbidFiles(std::string_view removable);

/// Seccomp: from now on, no thread of this process runs another program, opens
/// a file for writing, makes a socket or connects one. \returns whether that
/// holds
bool forbidCalls();

} // namespace tritc::serve
