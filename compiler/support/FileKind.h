//===- FileKind.h - What a file is, if not what its name says -------------===//
//
// Downloads end early, git hands out pointers, servers answer with pages: what
// stands where a file was expected is often one of a few well-known things.
// Every reader asks here when a file does not begin as its own do.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace tritc {

/// Whether text could be what was expected.
enum class Expects { Text, Bytes };

/// What `bytes`, the whole of a file, are: "a Git LFS pointer; run git lfs
/// pull", with the way out where there is one. Empty where they say nothing. A
/// plain text is only said to be one where bytes are expected.
std::string fileKind(llvm::StringRef bytes, Expects expects);

/// Unreadable, `<file>: expected <wanted>, found <kind>`, if the kind is known;
/// success otherwise.
llvm::Error checkFileKind(llvm::StringRef bytes, const llvm::Twine &file,
                          llvm::StringRef wanted, Expects expects);

} // namespace tritc
