//===- GgufFile.h - The container of one GGUF file ------------------------===//
//
// Versions 2 and 3, little-endian. Reading walks the file once and checks every
// rule of the container; values and tensors stay where they are, so memory is
// a small multiple of the number of keys and tensors, which the size of the
// file bounds. Source of the rules: ggml's docs/gguf.md and its reader.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/gguf/GgufTensor.h"
#include "compiler/support/MappedFile.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <vector>

namespace tritc::import {

/// Types of metadata values, as numbered in files.
enum class GgufKind : uint32_t {
  U8,
  I8,
  U16,
  I16,
  U32,
  I32,
  F32,
  Bool,
  String,
  Array,
  U64,
  I64,
  F64,
};

/// "u32", "string", ...
llvm::StringRef ggufKindName(GgufKind kind);

/// One value of the metadata; its bytes lie in the file.
struct GgufValue {
  GgufKind kind;    ///< never Array inside an array
  GgufKind element; ///< of an array; else `kind`
  uint64_t count;   ///< of an array; else 1
  /// The element(s) as stored; strings with their lengths.
  llvm::ArrayRef<uint8_t> bytes;

  bool isArray() const { return kind == GgufKind::Array; }
};

class GgufFile {
public:
  static constexpr llvm::StringLiteral magic = "GGUF";

  /// Takes a mapped file and checks it. ExitCode::Unreadable for a version or
  /// byte order we lack, Malformed for a broken rule.
  static llvm::Expected<GgufFile> parse(MappedFile file);

  llvm::StringRef path() const { return file.path(); }
  llvm::ArrayRef<uint8_t> bytes() const { return file.bytes(); }
  llvm::ArrayRef<GgufTensor> tensors() const { return entries; }
  /// Every tensor begins at a multiple of this.
  uint64_t alignment() const { return dataAlignment; }
  /// nullptr if there is none of that name.
  const GgufValue *find(llvm::StringRef key) const;
  /// All of them, ascending.
  std::vector<llvm::StringRef> keys() const;

private:
  MappedFile file;
  uint64_t dataAlignment = 1;
  llvm::StringMap<GgufValue> values;
  std::vector<GgufTensor> entries; ///< ascending by begin
};

/// The strings of an array, one after the other.
class GgufStrings {
public:
  /// `value` is an array of strings that GgufFile has checked.
  explicit GgufStrings(const GgufValue &value) : rest(value.bytes) {}
  llvm::StringRef next();

private:
  llvm::ArrayRef<uint8_t> rest;
};

} // namespace tritc::import
