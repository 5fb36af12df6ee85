//===- Hub.h - From a model's name to its files ---------------------------===//
#pragma once

#include "compiler/hub/Name.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>

namespace tritc::hub {

/// What somebody who waits is told.
struct Listener {
  /// Once, before anything large is downloaded.
  llvm::function_ref<void(llvm::StringRef line)> note;
  /// So many bytes of all are there.
  llvm::function_ref<void(uint64_t done, uint64_t all)> progress;
};

/// The folder or GGUF file of `name`: of the cache, if all of it is there;
/// else downloaded into it, unless `offline` or HF_HUB_OFFLINE forbids.
llvm::Expected<std::string> locate(const Name &name, bool offline,
                                   const Listener &listener);

} // namespace tritc::hub
