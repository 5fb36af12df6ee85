//===- Safetensors.h - Tensors of one file or of a set of shards ----------===//
//
// The container of Hugging Face checkpoints: a length word, a JSON header, the
// data. Reading maps the file and checks every rule of the format; no rule is
// left to the user of a tensor.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/model/TensorLedger.h"
#include "compiler/support/MappedFile.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tritc::import {

/// One tensor of a header.
struct SafetensorsEntry {
  std::string name;
  llvm::StringRef storedType; ///< any type of the format: "BF16", "I64", ...
  std::optional<DType> dtype; ///< the same, if it is one that we read
  llvm::SmallVector<uint64_t, 4> shape;
  uint64_t begin = 0; ///< offset in the data, which begins at dataOffset()
  uint64_t end = 0;
};

/// One file.
class Safetensors {
public:
  /// Longest header the format allows, in bytes.
  static constexpr uint64_t maxHeaderBytes = 100'000'000;

  /// Maps and checks the file. ExitCode::Unreadable if it cannot be read,
  /// Malformed if it breaks a rule.
  static llvm::Expected<Safetensors> open(const llvm::Twine &path);
  /// Takes a mapped file and checks it.
  static llvm::Expected<Safetensors> parse(MappedFile file);

  /// Ascending by name, names unique.
  llvm::ArrayRef<SafetensorsEntry> entries() const { return tensors; }
  llvm::StringRef path() const { return file.path(); }
  uint64_t dataOffset() const { return dataStart; }
  llvm::ArrayRef<uint8_t> bytes(const SafetensorsEntry &entry) const {
    return file.bytes().slice(dataStart + entry.begin, entry.end - entry.begin);
  }

private:
  MappedFile file;
  uint64_t dataStart = 0;
  std::vector<SafetensorsEntry> tensors;
};

/// All tensors of a checkpoint directory: model.safetensors if there is one,
/// else the shards that model.safetensors.index.json names.
class TensorSet {
public:
  struct Item {
    const Safetensors *file;
    const SafetensorsEntry *entry;

    llvm::StringRef name() const { return entry->name; }
    llvm::StringRef path() const { return file->path(); }
    Leftover leftover() const;
  };

  static llvm::Expected<TensorSet> open(llvm::StringRef directory);

  /// The only way to the tensors.
  TensorLedger<Item> &ledger() { return tensors; }
  /// The file that lists the tensors, for errors about missing ones.
  llvm::StringRef path() const { return listing; }

private:
  llvm::Error openShards(llvm::StringRef directory);
  llvm::Error addFile(Safetensors file);

  std::string listing;
  std::vector<std::unique_ptr<Safetensors>> files;
  TensorLedger<Item> tensors;
};

} // namespace tritc::import
