//===- TestCheckpoint.h - Checkpoint directories for tests ----------------===//
#pragma once

#include "compiler/import/Checkpoint.h"
#include "test/unit/import/TestFiles.h"

namespace tritc::import::test {

/// Writes models and opens them.
class CheckpointTest : public testing::Test {
protected:
  llvm::Expected<std::unique_ptr<Checkpoint>>
  open(const TestModel &model, const OpenOptions &options = {}) {
    model.write(directory);
    return Checkpoint::open(directory.path(), options);
  }
  std::unique_ptr<Checkpoint> opened(const TestModel &model) {
    llvm::Expected<std::unique_ptr<Checkpoint>> checkpoint = open(model);
    if (checkpoint)
      return std::move(*checkpoint);
    ADD_FAILURE() << toFailure(checkpoint.takeError()).message;
    return nullptr;
  }
  TempDirectory directory;
};

} // namespace tritc::import::test
