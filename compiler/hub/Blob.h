//===- Blob.h - One file, downloaded and checked --------------------------===//
#pragma once

#include "compiler/hub/Index.h"
#include "compiler/hub/Transfer.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace tritc::hub {

/// Where a blob comes from and where it goes.
struct BlobPlace {
  Request request;  ///< of the whole file
  std::string blob; ///< its file in the cache
  std::string lock; ///< locked while writing
};

/// Makes `place.blob` what `file` says, going on with what is in its
/// `.incomplete` file. `progress` is told how many bytes there are. Nothing
/// stands under the blob's name whose size and hash are not right.
llvm::Error fetchBlob(const File &file, const BlobPlace &place,
                      llvm::function_ref<void(uint64_t)> progress);

/// What an answer means that brought no body, in a line about `what`.
llvm::Error refusal(const Answer &answer, llvm::StringRef what,
                    llvm::StringRef page);

} // namespace tritc::hub
