//===- Find.h - A model's name to its files -------------------------------===//
#pragma once

#include "compiler/driver/Options.h"
#include "compiler/driver/Progress.h"

namespace tritc::driver {

/// Where `options` name a model of a hub, makes its checkpoint the path of its
/// files, which are downloaded if they are not in the cache.
llvm::Error findModel(Options &options, Progress &progress);

} // namespace tritc::driver
