//===- GgufSet.h - One GGUF file, or all parts of a split one -------------===//
#pragma once

#include "compiler/import/gguf/GgufFile.h"
#include "compiler/import/model/TensorLedger.h"

namespace tritc::import {

class GgufSet {
public:
  struct Item {
    const GgufFile *file;
    const GgufTensor *tensor;

    llvm::StringRef name() const { return tensor->name; }
    llvm::StringRef path() const { return file->path(); }
    Leftover leftover() const;
  };

  /// `first` is the file that was named. If its metadata say that it is a part
  /// (split.count), the others are opened beside it: NAME-00001-of-00003.gguf.
  static llvm::Expected<GgufSet> open(MappedFile first);

  /// The file whose metadata describe the model: the first part.
  const GgufFile &main() const { return *files.front(); }
  /// The only way to the tensors.
  TensorLedger<Item> &ledger() { return tensors; }
  const TensorLedger<Item> &ledger() const { return tensors; }

private:
  llvm::Error add(GgufFile file);
  llvm::Error openParts(GgufFile named, uint64_t count);

  std::vector<std::unique_ptr<GgufFile>> files;
  TensorLedger<Item> tensors;
};

/// The model's GGUF file in a directory that has no config.json; nullopt if
/// there is a config.json or no GGUF file. ExitCode::Unreadable if there are
/// several models.
llvm::Expected<std::optional<std::string>> findGguf(llvm::StringRef directory);

} // namespace tritc::import
