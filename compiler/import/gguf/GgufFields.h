//===- GgufFields.h - Typed, bounded values of GGUF metadata --------------===//
#pragma once

#include "compiler/import/gguf/GgufFile.h"
#include "compiler/import/model/KeyRules.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/StringSet.h"

#include <optional>

namespace tritc::import {

/// Reads values one after another and remembers the first thing that is wrong;
/// after that every value is what stands for a missing one. Integers may have
/// any integer type, floats any float type: writers differ.
class GgufFields {
public:
  explicit GgufFields(const GgufFile &file) : file(file) {}

  bool has(llvm::StringRef key) const { return find(key) != nullptr; }

  bool isArray(llvm::StringRef key) const {
    const GgufValue *value = find(key);
    return value && value->isArray();
  }

  /// What nobody has asked for, ascending; names without `prefix`.
  std::vector<UnreadKey> unread(llvm::StringRef prefix) const;

  /// nullopt if the key is missing.
  std::optional<uint64_t> integer(llvm::StringRef key, uint64_t min,
                                  uint64_t max);
  /// The key must be there.
  uint64_t required(llvm::StringRef key, uint64_t min, uint64_t max);
  std::optional<double> number(llvm::StringRef key, double min, double max);
  std::optional<bool> boolean(llvm::StringRef key);
  std::optional<llvm::StringRef> string(llvm::StringRef key);
  /// An array of this element type; nullptr if the key is missing.
  const GgufValue *array(llvm::StringRef key, GgufKind element);

  void fail(ExitCode code, const llvm::Twine &what);
  /// Fails with "<key>: expected <what>, found <the value's kind>".
  void wrongKind(llvm::StringRef key, llvm::StringRef what,
                 const GgufValue &value);
  bool failed() const { return code != ExitCode::Ok; }
  llvm::Error takeError() const;

private:
  const GgufValue *find(llvm::StringRef key) const {
    asked.insert(key);
    return file.find(key);
  }

  const GgufFile &file;
  mutable llvm::StringSet<> asked;
  ExitCode code = ExitCode::Ok;
  std::string problem;
};

} // namespace tritc::import
