//===- GgufSet.h - One GGUF file, or all parts of a split one -------------===//
#pragma once

#include "compiler/import/GgufFile.h"

namespace tritc::import {

class GgufSet {
public:
  struct Item {
    const GgufFile *file;
    const GgufTensor *tensor;
  };

  /// `first` is the file that was named. If its metadata say that it is a part
  /// (split.count), the others are opened beside it: NAME-00001-of-00003.gguf.
  static llvm::Expected<GgufSet> open(MappedFile first);

  /// The file whose metadata describe the model: the first part.
  const GgufFile &main() const { return *files.front(); }
  std::optional<Item> find(llvm::StringRef name) const;
  /// All of them, ascending by name.
  std::vector<Item> items() const;

private:
  llvm::Error add(GgufFile file);
  llvm::Error openParts(GgufFile named, uint64_t count);

  std::vector<std::unique_ptr<GgufFile>> files;
  llvm::StringMap<Item> byName;
};

/// The model's GGUF file in a directory that has no config.json; nullopt if
/// there is a config.json or no GGUF file. ExitCode::Unreadable if there are
/// several models.
llvm::Expected<std::optional<std::string>> findGguf(llvm::StringRef directory);

} // namespace tritc::import
