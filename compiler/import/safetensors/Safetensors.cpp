//===- Safetensors.cpp - The rules of one safetensors file ----------------===//

#include "compiler/import/safetensors/Safetensors.h"

#include "compiler/import/model/TensorView.h"
#include "compiler/support/Error.h"
#include "compiler/support/FileKind.h"
#include "compiler/support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <tuple>

namespace tritc::import {

namespace {
struct StoredType {
  llvm::StringLiteral name;
  unsigned bits;
  std::optional<DType> dtype;
};
} // namespace

/// Every type of the format.
static constexpr StoredType storedTypes[] = {
    {"BOOL", 8, {}},           {"F4", 4, {}},        {"F6_E2M3", 6, {}},
    {"F6_E3M2", 6, {}},        {"U8", 8, DType::U8}, {"I8", 8, DType::I8},
    {"F8_E5M2", 8, {}},        {"F8_E4M3", 8, {}},   {"F8_E8M0", 8, {}},
    {"I16", 16, {}},           {"U16", 16, {}},      {"F16", 16, DType::F16},
    {"BF16", 16, DType::BF16}, {"I32", 32, {}},      {"U32", 32, {}},
    {"F32", 32, DType::F32},   {"C64", 64, {}},      {"F64", 64, {}},
    {"I64", 64, {}},           {"U64", 64, {}},
};

static const StoredType *findStoredType(llvm::StringRef name) {
  const StoredType *found = llvm::find_if(
      storedTypes, [&](const StoredType &type) { return type.name == name; });
  return found == std::end(storedTypes) ? nullptr : found;
}

static llvm::Error malformed(const llvm::Twine &what) {
  return makeError(ExitCode::Malformed, what);
}

/// Bytes of `shape` elements of `bits` each; nullopt if that overflows or is no
/// whole number of bytes.
static std::optional<uint64_t> byteCount(llvm::ArrayRef<uint64_t> shape,
                                         unsigned bits) {
  // A zero extent makes the product zero, whatever the others are, but the
  // others still must not overflow on their own: the reference multiplies all.
  bool overflow = false;
  uint64_t product = bits;
  for (uint64_t extent : shape) {
    product = llvm::SaturatingMultiply(product, extent, &overflow);
    if (overflow)
      return std::nullopt;
  }
  if (product % 8 != 0)
    return std::nullopt;
  return product / 8;
}

/// The array under `key` as unsigned integers.
static llvm::Error readUnsigned(const llvm::json::Object &info,
                                llvm::StringRef key, const llvm::Twine &where,
                                llvm::SmallVectorImpl<uint64_t> &out) {
  const llvm::json::Value *value = info.get(key);
  if (!value || !value->getAsArray())
    return malformed(where + ": " + key +
                     ": expected an array of integers, found " +
                     (value ? describe(*value) : "nothing"));
  for (const llvm::json::Value &element : *value->getAsArray()) {
    std::optional<uint64_t> number = element.getAsUINT64();
    if (!number)
      return malformed(where + ": " + key +
                       ": expected a non-negative integer, found " +
                       describe(element));
    out.push_back(*number);
  }
  return llvm::Error::success();
}

static llvm::Expected<SafetensorsEntry>
readEntry(llvm::StringRef name, const llvm::json::Value &value,
          llvm::StringRef file) {
  std::string where = (file + ": " + name).str();
  const llvm::json::Object *info = value.getAsObject();
  if (!info)
    return malformed(where + ": expected an object, found " + describe(value));
  for (llvm::StringRef key : {"dtype", "shape", "data_offsets"})
    if (!info->get(key))
      return malformed(where + ": expected the key " + key);
  if (info->size() != 3)
    return malformed(where + ": expected 3 keys, found " +
                     llvm::Twine(info->size()));

  SafetensorsEntry entry;
  entry.name = name.str();
  const StoredType *type =
      findStoredType(info->getString("dtype").value_or(""));
  if (!type)
    return malformed(where + ": dtype: unknown type " +
                     describe(*info->get("dtype")));
  entry.storedType = type->name;
  entry.dtype = type->dtype;
  if (llvm::Error error = readUnsigned(*info, "shape", where, entry.shape))
    return error;

  llvm::SmallVector<uint64_t, 2> offsets;
  if (llvm::Error error = readUnsigned(*info, "data_offsets", where, offsets))
    return error;
  if (offsets.size() != 2)
    return malformed(where + ": data_offsets: expected 2 numbers, found " +
                     llvm::Twine(offsets.size()));
  std::tie(entry.begin, entry.end) = std::tie(offsets[0], offsets[1]);
  if (entry.begin > entry.end)
    return malformed(where + ": data_offsets: expected begin <= end, found " +
                     shapeText(offsets));

  std::optional<uint64_t> bytes = byteCount(entry.shape, type->bits);
  if (!bytes)
    return malformed(where + ": shape " + shapeText(entry.shape) + " of " +
                     type->name + " is no countable number of bytes");
  if (entry.end - entry.begin != *bytes)
    return malformed(where + ": data_offsets: expected " + llvm::Twine(*bytes) +
                     " bytes for " + shapeText(entry.shape) + " of " +
                     type->name + ", found " +
                     llvm::Twine(entry.end - entry.begin));
  return entry;
}

static llvm::Error checkMetadata(const llvm::json::Value &value,
                                 llvm::StringRef file) {
  const llvm::json::Object *pairs = value.getAsObject();
  if (!pairs)
    return malformed(file + ": __metadata__: expected an object, found " +
                     describe(value));
  for (auto [key, text] : inOrder(*pairs))
    if (!text->getAsString())
      return malformed(file + ": __metadata__: expected only strings");
  return llvm::Error::success();
}

/// Tensors must cover the data area exactly, without gap or overlap.
static llvm::Error checkCover(llvm::ArrayRef<SafetensorsEntry> entries,
                              uint64_t dataStart, uint64_t fileBytes,
                              llvm::StringRef file) {
  std::vector<const SafetensorsEntry *> byOffset;
  for (const SafetensorsEntry &entry : entries)
    byOffset.push_back(&entry);
  llvm::sort(byOffset, [](const auto *a, const auto *b) {
    return std::tie(a->begin, a->end, a->name) <
           std::tie(b->begin, b->end, b->name);
  });
  uint64_t covered = 0;
  for (const SafetensorsEntry *entry : byOffset) {
    if (entry->begin != covered)
      return malformed(file + ": " + entry->name + ": " +
                       (entry->begin < covered ? "overlaps another tensor"
                                               : "leaves a gap before it") +
                       ", expected data offset " + llvm::Twine(covered) +
                       ", found " + llvm::Twine(entry->begin));
    covered = entry->end;
  }
  // No tensor can end beyond what a uint64 counts, but the sum may.
  uint64_t present = fileBytes - dataStart;
  std::string hint;
  if (covered > present)
    hint = "; partly downloaded, expected a file of " +
           std::to_string(llvm::SaturatingAdd(dataStart, covered)) + " bytes";
  if (covered != present)
    return malformed(file + ": expected " + llvm::Twine(covered) +
                     " bytes of data from byte " + llvm::Twine(dataStart) +
                     ", found " + llvm::Twine(present) + hint);
  return llvm::Error::success();
}

/// Length of the header, after the rules that need no JSON.
static llvm::Expected<uint64_t> headerLength(llvm::StringRef text,
                                             llvm::StringRef file) {
  if (!text.empty() && text.size() < 8)
    return malformed(file + ": expected at least 8 bytes, found " +
                     llvm::Twine(text.size()));
  uint64_t length =
      text.empty() ? 0 : llvm::support::endian::read64le(text.data());
  if (text.size() < 9 || text[8] != '{')
    if (llvm::Error error =
            checkFileKind(text, file, "a safetensors file", Expects::Bytes))
      return std::move(error);
  if (length > Safetensors::maxHeaderBytes)
    return malformed(file + ": header length at byte 0: expected at most " +
                     llvm::Twine(Safetensors::maxHeaderBytes) + ", found " +
                     llvm::Twine(length));
  if (length > text.size() - 8)
    return malformed(
        file + ": header length at byte 0: expected at most " +
        llvm::Twine(text.size() - 8) + " (the rest of the file), found " +
        llvm::Twine(length) +
        (text.size() > 8 && text[8] == '{' ? "; partly downloaded?" : ""));
  if (length == 0 || text[8] != '{')
    return malformed(file + ": byte 8: expected a header that begins with {");
  return length;
}

llvm::Expected<Safetensors> Safetensors::open(const llvm::Twine &path) {
  llvm::Expected<MappedFile> mapped = MappedFile::open(path);
  if (!mapped)
    return mapped.takeError();
  return parse(std::move(*mapped));
}

llvm::Expected<Safetensors> Safetensors::parse(MappedFile mapped) {
  Safetensors result;
  result.file = std::move(mapped);
  llvm::StringRef text = result.file.text();
  llvm::StringRef file = result.path();

  llvm::Expected<uint64_t> length = headerLength(text, file);
  if (!length)
    return length.takeError();
  result.dataStart = 8 + *length;

  // The deepest legal value is a shape inside a tensor inside the header.
  llvm::Expected<llvm::json::Object> header =
      parseJsonObject(text.substr(8, *length), file,
                      {.duplicates = DuplicateKeys::Reject, .maxDepth = 3});
  if (!header)
    return header.takeError();

  for (auto [name, value] : inOrder(*header)) {
    if (name == "__metadata__") {
      if (llvm::Error error = checkMetadata(*value, file))
        return error;
      continue;
    }
    llvm::Expected<SafetensorsEntry> entry = readEntry(name, *value, file);
    if (!entry)
      return entry.takeError();
    result.tensors.push_back(std::move(*entry));
  }
  if (llvm::Error error =
          checkCover(result.tensors, result.dataStart, text.size(), file))
    return error;
  return result;
}

} // namespace tritc::import
