//===- Cache.h - Hugging Face's cache of this machine ---------------------===//
//
// The layout of Python's huggingface_hub:
//   models--ORG--NAME/refs/REVISION             the commit, 40 digits
//   models--ORG--NAME/blobs/HASH[.incomplete]   contents
//   models--ORG--NAME/snapshots/COMMIT/PATH     links to them
//   .locks/models--ORG--NAME/HASH.lock          held with flock while writing
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/hub/Index.h"

#include <optional>

namespace tritc::hub {

/// HF_HUB_CACHE, or `hub` in HF_HOME, or in huggingface of the user's cache.
std::string cacheRoot();

/// The folder of HF_HOME, where a token may lie.
std::string homeFolder();

/// The folder of `repository` in the cache.
std::string folderOf(llvm::StringRef root, llvm::StringRef repository);

/// What to compile, where all that `name` needs is in the cache.
std::optional<std::string> findCached(llvm::StringRef root, const Name &name);

/// Writes `text` to `file` as a whole or not at all.
llvm::Error writeWhole(const std::string &file, llvm::StringRef text);

/// Makes `snapshot`/`path` a link to the blob `hash`.
llvm::Error linkBlob(llvm::StringRef snapshot, llvm::StringRef path,
                     llvm::StringRef hash);

} // namespace tritc::hub
