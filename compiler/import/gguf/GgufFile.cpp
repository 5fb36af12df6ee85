//===- GgufFile.cpp - The container of one GGUF file ----------------------===//

#include "compiler/import/gguf/GgufFile.h"

#include "compiler/import/gguf/GgufTypes.h"
#include "compiler/support/Error.h"
#include "compiler/support/FileKind.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

namespace tritc::import {

using llvm::support::endian::read32le;
using llvm::support::endian::read64le;

// ggml's own limits.
static constexpr uint64_t longestKey = 65535;
static constexpr uint64_t longestName = 63;
static constexpr uint64_t longestString = 1 << 30;
static constexpr uint64_t longestArray = 1 << 30;
static constexpr uint32_t mostDimensions = 4;

namespace {
struct KindInfo {
  llvm::StringLiteral name;
  unsigned bytes; ///< of one element; 0: not fixed
};
} // namespace

static constexpr KindInfo kinds[] = {
    {"u8", 1},  {"i8", 1},  {"u16", 2},  {"i16", 2},    {"u32", 4},
    {"i32", 4}, {"f32", 4}, {"bool", 1}, {"string", 0}, {"array", 0},
    {"u64", 8}, {"i64", 8}, {"f64", 8},
};

llvm::StringRef ggufKindName(GgufKind kind) {
  return kinds[unsigned(kind)].name;
}

std::vector<llvm::StringRef> GgufFile::keys() const {
  auto names = llvm::to_vector(values.keys());
  llvm::sort(names);
  return {names.begin(), names.end()};
}

const GgufValue *GgufFile::find(llvm::StringRef key) const {
  auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

llvm::StringRef GgufStrings::next() {
  uint64_t length = read64le(rest.data());
  llvm::StringRef text(reinterpret_cast<const char *>(rest.data() + 8), length);
  rest = rest.drop_front(8 + length);
  return text;
}

namespace {

/// Walks over the bytes. The first thing that is wrong is remembered; after it
/// everything reads as zero.
class Walk {
public:
  Walk(llvm::ArrayRef<uint8_t> bytes, llvm::StringRef file)
      : bytes(bytes), file(file) {}

  uint64_t position() const { return at; }
  uint64_t left() const { return bytes.size() - at; }
  bool failed() const { return !problem.empty(); }
  llvm::Error takeError() const { return makeError(code, problem); }

  void fail(const llvm::Twine &what, ExitCode failure = ExitCode::Malformed) {
    if (failed())
      return;
    code = failure;
    problem = (file + ": byte " + llvm::Twine(at) + ": " + what).str();
  }

  llvm::ArrayRef<uint8_t> take(uint64_t count, const llvm::Twine &what) {
    if (count > left())
      fail(what + ": expected " + llvm::Twine(count) + " bytes, found the " +
           llvm::Twine(left()) + " to the end of the file; partly downloaded?");
    if (failed())
      return {};
    llvm::ArrayRef<uint8_t> taken = bytes.slice(at, count);
    at += count;
    return taken;
  }
  void skip(uint64_t count, const llvm::Twine &what) {
    (void)take(count, what);
  }
  uint32_t word32(const llvm::Twine &what) {
    llvm::ArrayRef<uint8_t> taken = take(4, what);
    return taken.empty() ? 0 : read32le(taken.data());
  }
  uint64_t word64(const llvm::Twine &what) {
    llvm::ArrayRef<uint8_t> taken = take(8, what);
    return taken.empty() ? 0 : read64le(taken.data());
  }
  llvm::StringRef string(const llvm::Twine &what, uint64_t longest) {
    uint64_t length = word64(what + ": length");
    if (length > longest)
      fail(what + ": expected at most " + llvm::Twine(longest) +
           " bytes, found a length of " + llvm::Twine(length));
    return llvm::toStringRef(take(length, what));
  }

private:
  llvm::ArrayRef<uint8_t> bytes;
  llvm::StringRef file;
  uint64_t at = 0;
  ExitCode code = ExitCode::Ok;
  std::string problem;
};

} // namespace

static std::optional<GgufKind> readKind(Walk &walk, const llvm::Twine &what) {
  uint32_t number = walk.word32(what);
  if (number < std::size(kinds))
    return GgufKind(number);
  walk.fail(what + ": expected 0 to " + llvm::Twine(std::size(kinds) - 1) +
            ", found " + llvm::Twine(number));
  return std::nullopt;
}

static GgufValue readValue(Walk &walk, llvm::StringRef key,
                           llvm::ArrayRef<uint8_t> bytes) {
  std::optional<GgufKind> kind = readKind(walk, key + ": value type");
  GgufValue value = {kind.value_or(GgufKind::U8), GgufKind::U8, 1, {}};
  value.element = value.kind;
  if (value.isArray()) {
    value.element =
        readKind(walk, key + ": element type").value_or(GgufKind::U8);
    value.count = walk.word64(key + ": number of elements");
    if (value.element == GgufKind::Array)
      walk.fail(key + ": expected no array of arrays", ExitCode::Unreadable);
    if (value.count > longestArray)
      walk.fail(key + ": expected at most " + llvm::Twine(longestArray) +
                " elements, found " + llvm::Twine(value.count));
  }
  uint64_t begin = walk.position();
  if (unsigned size = kinds[unsigned(value.element)].bytes)
    walk.skip(value.count * size, key);
  else
    for (uint64_t i = 0; i < value.count && !walk.failed(); ++i)
      walk.string(key, longestString);
  if (!walk.failed())
    value.bytes = bytes.slice(begin, walk.position() - begin);
  return value;
}

/// Name, shape, type and offset in the data section.
static GgufTensor readTensor(Walk &walk) {
  GgufTensor tensor = {};
  tensor.name = walk.string("tensor name", longestName);
  uint32_t rank = walk.word32(tensor.name + ": number of dimensions");
  if (rank == 0 || rank > mostDimensions)
    walk.fail(tensor.name + ": expected 1 to " + llvm::Twine(mostDimensions) +
              " dimensions, found " + llvm::Twine(rank));
  bool overflow = false;
  uint64_t elements = 1;
  for (uint32_t i = 0; i < rank && !walk.failed(); ++i) {
    uint64_t extent = walk.word64(tensor.name + ": dimension");
    if (extent == 0)
      walk.fail(tensor.name + ": dimension " + llvm::Twine(i) +
                ": expected at least 1, found 0");
    elements = llvm::SaturatingMultiply(elements, extent, &overflow);
    if (overflow || elements > INT64_MAX / 8)
      walk.fail(tensor.name + ": dimension " + llvm::Twine(i) +
                ": expected fewer than 2^60 elements, found more");
    tensor.shape.insert(tensor.shape.begin(), extent);
  }
  tensor.type = walk.word32(tensor.name + ": type");
  tensor.begin = walk.word64(tensor.name + ": offset");
  return tensor;
}

/// general.alignment, a power of two; 32 where the key is missing.
static uint64_t readAlignment(const GgufValue *value, Walk &walk) {
  if (!value)
    return 32;
  if (value->kind != GgufKind::U32) {
    walk.fail("general.alignment: expected u32, found " +
              ggufKindName(value->kind));
    return 1;
  }
  uint32_t alignment = read32le(value->bytes.data());
  if (llvm::isPowerOf2_32(alignment))
    return alignment;
  walk.fail("general.alignment: expected a power of two, found " +
            llvm::Twine(alignment));
  return 1;
}

/// The least size of a file in which these tensors, by their offsets, have
/// their place; 0 if there is none.
static uint64_t leastFileBytes(llvm::ArrayRef<GgufTensor> tensors,
                               uint64_t dataStart) {
  constexpr uint64_t most = uint64_t(1) << 48;
  uint64_t least = 0;
  for (const GgufTensor &tensor : tensors) {
    const GgufType *type = ggufType(tensor.type);
    uint64_t end =
        llvm::SaturatingAdd(llvm::SaturatingAdd(dataStart, tensor.begin),
                            type ? type->leastBytes(tensor) : uint64_t(1));
    least = std::max(least, end);
  }
  return least < most ? least : 0;
}

/// Turns offsets into places of the file and checks that each tensor ends where
/// the next one begins, or before.
static llvm::Error placeTensors(std::vector<GgufTensor> &tensors,
                                uint64_t dataStart, uint64_t fileBytes,
                                uint64_t alignment, llvm::StringRef file) {
  auto wrong = [&](const GgufTensor &tensor, const llvm::Twine &what) {
    return makeError(ExitCode::Malformed,
                     file + ": " + tensor.name + ": " + what);
  };
  uint64_t dataBytes = fileBytes - dataStart;
  std::string cut;
  if (uint64_t whole = leastFileBytes(tensors, dataStart); whole > fileBytes)
    cut = "; partly downloaded, expected at least " + std::to_string(whole) +
          " bytes";
  for (GgufTensor &tensor : tensors) {
    if (tensor.begin % alignment != 0)
      return wrong(tensor, "expected an offset that is a multiple of " +
                               llvm::Twine(alignment) + ", found " +
                               llvm::Twine(tensor.begin));
    if (tensor.begin >= dataBytes)
      return wrong(tensor, "expected an offset below " +
                               llvm::Twine(dataBytes) +
                               " (the bytes of data), found " +
                               llvm::Twine(tensor.begin) + cut);
    tensor.begin += dataStart;
  }
  llvm::sort(tensors, [](const GgufTensor &a, const GgufTensor &b) {
    return std::tie(a.begin, a.name) < std::tie(b.begin, b.name);
  });
  for (size_t i = 0; i < tensors.size(); ++i) {
    GgufTensor &tensor = tensors[i];
    bool isLast = i + 1 == tensors.size();
    tensor.limit = isLast ? fileBytes : tensors[i + 1].begin;
    uint64_t room = tensor.limit - tensor.begin;
    const GgufType *type = ggufType(tensor.type);
    if (type && tensor.shape.back() % type->blockElements != 0)
      return wrong(tensor, "expected rows of a multiple of " +
                               llvm::Twine(type->blockElements) +
                               " elements for " + type->name + ", found " +
                               llvm::Twine(tensor.shape.back()));
    uint64_t needed = type ? type->leastBytes(tensor) : 1;
    if (needed > room)
      return wrong(tensor,
                   "expected " + llvm::Twine(needed) + " bytes from byte " +
                       llvm::Twine(tensor.begin) + ", found " +
                       llvm::Twine(room) + " to " +
                       (isLast ? "the end of the file" + cut
                               : "the beginning of " + tensors[i + 1].name));
  }
  return llvm::Error::success();
}

static void readVersion(Walk &walk) {
  walk.skip(4, "magic");
  uint32_t version = walk.word32("version");
  if (!walk.failed() && (version & 0xffff) == 0)
    walk.fail("version: expected little-endian 2 or 3, found the other byte "
              "order",
              ExitCode::Unreadable);
  if (!walk.failed() && version != 2 && version != 3)
    walk.fail("version: expected 2 or 3, found " + llvm::Twine(version),
              ExitCode::Unreadable);
}

llvm::Expected<GgufFile> GgufFile::parse(MappedFile mapped) {
  GgufFile result;
  result.file = std::move(mapped);
  if (!result.file.text().starts_with(magic)) {
    if (llvm::Error error = checkFileKind(result.file.text(), result.path(),
                                          "a GGUF file", Expects::Bytes))
      return std::move(error);
    return makeError(ExitCode::Malformed,
                     result.path() + ": expected a GGUF file, found another");
  }
  Walk walk(result.bytes(), result.path());
  readVersion(walk);
  uint64_t tensorCount = walk.word64("number of tensors");
  uint64_t keyCount = walk.word64("number of keys");
  // Every key and every tensor takes more bytes than one: that bounds both.
  for (uint64_t i = 0; i < keyCount && !walk.failed(); ++i) {
    llvm::StringRef key = walk.string("key", longestKey);
    if (key.empty())
      walk.fail("expected a key, found an empty one");
    GgufValue value = readValue(walk, key, result.bytes());
    if (!walk.failed() && !result.values.try_emplace(key, value).second)
      walk.fail(key + ": expected each key once, found it twice");
  }
  llvm::StringSet<> names;
  for (uint64_t i = 0; i < tensorCount && !walk.failed(); ++i) {
    GgufTensor tensor = readTensor(walk);
    if (!walk.failed() && !names.insert(tensor.name).second)
      walk.fail(tensor.name + ": expected each tensor once, found it twice");
    result.entries.push_back(std::move(tensor));
  }
  uint64_t alignment = readAlignment(result.find("general.alignment"), walk);
  result.dataAlignment = alignment;
  if (walk.failed())
    return walk.takeError();
  uint64_t dataStart = llvm::alignTo(walk.position(), alignment);
  if (!result.entries.empty() && dataStart > result.bytes().size())
    walk.fail("expected data from byte " + llvm::Twine(dataStart) +
              ", found the end of the file at byte " +
              llvm::Twine(result.bytes().size()));
  if (walk.failed())
    return walk.takeError();
  if (llvm::Error error =
          placeTensors(result.entries, dataStart, result.bytes().size(),
                       alignment, result.path()))
    return error;
  return result;
}

} // namespace tritc::import
