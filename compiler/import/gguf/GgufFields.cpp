//===- GgufFields.cpp - Typed, bounded values of GGUF metadata ------------===//

#include "compiler/import/gguf/GgufFields.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"

namespace tritc::import {

namespace endian = llvm::support::endian;

void GgufFields::fail(ExitCode failure, const llvm::Twine &what) {
  if (failed())
    return;
  code = failure;
  problem = (file.path() + ": " + what).str();
}

llvm::Error GgufFields::takeError() const {
  if (failed())
    return makeError(code, problem);
  return llvm::Error::success();
}

void GgufFields::wrongKind(llvm::StringRef key, llvm::StringRef what,
                           const GgufValue &value) {
  fail(ExitCode::Malformed, key + ": expected " + what + ", found " +
                                (value.isArray() ? "an array of " : "") +
                                ggufKindName(value.element));
}

/// An integer of any type; nullopt if it is none. Negative ones wrap, and so
/// lie beyond every limit.
static std::optional<uint64_t> integerOf(const GgufValue &value) {
  const uint8_t *at = value.bytes.data();
  switch (value.kind) {
  case GgufKind::U8:
    return *at;
  case GgufKind::I8:
    return uint64_t(int64_t(int8_t(*at)));
  case GgufKind::U16:
    return endian::read16le(at);
  case GgufKind::I16:
    return uint64_t(int64_t(int16_t(endian::read16le(at))));
  case GgufKind::U32:
    return endian::read32le(at);
  case GgufKind::I32:
    return uint64_t(int64_t(int32_t(endian::read32le(at))));
  case GgufKind::U64:
  case GgufKind::I64:
    return endian::read64le(at);
  default:
    return std::nullopt;
  }
}

/// As JSON, of an array only whether it is empty.
static llvm::json::Value toJson(const GgufValue &value) {
  if (value.isArray())
    return value.count == 0 ? llvm::json::Array() : llvm::json::Array{nullptr};
  if (value.kind == GgufKind::F32)
    return std::bit_cast<float>(endian::read32le(value.bytes.data()));
  if (value.kind == GgufKind::F64)
    return std::bit_cast<double>(endian::read64le(value.bytes.data()));
  if (value.kind == GgufKind::Bool)
    return value.bytes[0] != 0;
  if (value.kind == GgufKind::String)
    return llvm::json::fixUTF8(GgufStrings(value).next());
  return int64_t(integerOf(value).value_or(0));
}

std::vector<UnreadKey> GgufFields::unread(llvm::StringRef prefix) const {
  std::vector<UnreadKey> keys;
  for (llvm::StringRef key : file.keys()) {
    if (asked.contains(key))
      continue;
    llvm::StringRef name = key;
    name.consume_front(prefix);
    keys.push_back({llvm::json::fixUTF8(name), toJson(*file.find(key))});
  }
  return keys;
}

std::optional<uint64_t> GgufFields::integer(llvm::StringRef key, uint64_t min,
                                            uint64_t max) {
  const GgufValue *value = find(key);
  if (!value || failed())
    return std::nullopt;
  std::optional<uint64_t> number = integerOf(*value);
  if (number && *number >= min && *number <= max)
    return number;
  std::string expected =
      llvm::formatv("an integer from {0} to {1}", min, max).str();
  if (!number)
    wrongKind(key, expected, *value);
  else
    fail(ExitCode::Malformed,
         key + ": expected " + expected + ", found " +
             (int64_t(*number) < 0 && value->kind != GgufKind::U64
                  ? llvm::Twine(int64_t(*number)).str()
                  : llvm::Twine(*number).str()));
  return std::nullopt;
}

uint64_t GgufFields::required(llvm::StringRef key, uint64_t min, uint64_t max) {
  if (!has(key))
    fail(ExitCode::Malformed, key + ": missing, expected an integer");
  return integer(key, min, max).value_or(min);
}

std::optional<double> GgufFields::number(llvm::StringRef key, double min,
                                         double max) {
  const GgufValue *value = find(key);
  if (!value || failed())
    return std::nullopt;
  double number;
  if (value->kind == GgufKind::F32)
    number = std::bit_cast<float>(endian::read32le(value->bytes.data()));
  else if (value->kind == GgufKind::F64)
    number = std::bit_cast<double>(endian::read64le(value->bytes.data()));
  else {
    wrongKind(key, "a float", *value);
    return std::nullopt;
  }
  if (number >= min && number <= max)
    return number;
  fail(ExitCode::Malformed,
       llvm::formatv("{0}: expected a number from {1} to {2}, found {3}", key,
                     min, max, number));
  return std::nullopt;
}

std::optional<bool> GgufFields::boolean(llvm::StringRef key) {
  const GgufValue *value = find(key);
  if (!value || failed())
    return std::nullopt;
  if (value->kind == GgufKind::Bool && value->bytes[0] <= 1)
    return value->bytes[0] == 1;
  wrongKind(key, "true or false", *value);
  return std::nullopt;
}

std::optional<llvm::StringRef> GgufFields::string(llvm::StringRef key) {
  const GgufValue *value = find(key);
  if (!value || failed())
    return std::nullopt;
  if (value->kind != GgufKind::String) {
    wrongKind(key, "a string", *value);
    return std::nullopt;
  }
  GgufStrings strings(*value);
  return strings.next();
}

const GgufValue *GgufFields::array(llvm::StringRef key, GgufKind element) {
  const GgufValue *value = find(key);
  if (!value || failed())
    return nullptr;
  if (value->isArray() && value->element == element)
    return value;
  wrongKind(key, ("an array of " + ggufKindName(element)).str(), *value);
  return nullptr;
}

} // namespace tritc::import
