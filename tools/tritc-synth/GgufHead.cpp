//===- GgufHead.cpp - The part of a GGUF file before the data -------------===//

#include "tools/tritc-synth/GgufHead.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace tritc::synth {

template <typename T>
static void put(std::string &bytes, T value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
}

static void put(std::string &bytes, llvm::StringRef text) {
  put(bytes, uint64_t(text.size()));
  bytes += text;
}

/// Numbers of the value types.
enum : uint32_t {
  typeU16 = 2,
  typeU32 = 4,
  typeI32 = 5,
  typeF32 = 6,
  typeBool = 7,
  typeString = 8,
  typeArray = 9,
};

template <typename T>
static void putKey(std::string &bytes, uint64_t &count, llvm::StringRef key,
                   uint32_t type, T value) {
  put(bytes, key);
  put(bytes, type);
  put(bytes, value);
  ++count;
}

template <typename T>
static void putArray(std::string &bytes, uint64_t &count, llvm::StringRef key,
                     uint32_t type, llvm::ArrayRef<T> values) {
  putKey(bytes, count, key, typeArray, type);
  put(bytes, uint64_t(values.size()));
  for (const T &value : values)
    if constexpr (std::is_same_v<T, std::string>)
      put(bytes, llvm::StringRef(value));
    else
      put(bytes, value);
}

void GgufHead::add(llvm::StringRef key, uint32_t value) {
  putKey(keys, keyCount, key, typeU32, value);
}
void GgufHead::add(llvm::StringRef key, float value) {
  putKey(keys, keyCount, key, typeF32, value);
}
void GgufHead::add(llvm::StringRef key, bool value) {
  putKey(keys, keyCount, key, typeBool, uint8_t(value));
}
void GgufHead::add(llvm::StringRef key, llvm::StringRef value) {
  putKey(keys, keyCount, key, typeString, value);
}
void GgufHead::add16(llvm::StringRef key, uint16_t value) {
  putKey(keys, keyCount, key, typeU16, value);
}
void GgufHead::add(llvm::StringRef key, llvm::ArrayRef<std::string> values) {
  putArray(keys, keyCount, key, typeString, values);
}
void GgufHead::add(llvm::StringRef key, llvm::ArrayRef<float> values) {
  putArray(keys, keyCount, key, typeF32, values);
}
void GgufHead::add(llvm::StringRef key, llvm::ArrayRef<int32_t> values) {
  putArray(keys, keyCount, key, typeI32, values);
}

void GgufHead::addTensor(llvm::StringRef name, llvm::ArrayRef<uint64_t> shape,
                         uint32_t type, uint64_t bytes) {
  put(tensors, name);
  put(tensors, uint32_t(shape.size()));
  for (uint64_t extent : llvm::reverse(shape))
    put(tensors, extent);
  put(tensors, type);
  put(tensors, nextOffset);
  nextOffset = llvm::alignTo(nextOffset + bytes, alignment);
  ++tensorCount;
}

std::string GgufHead::finish() const {
  std::string bytes = "GGUF";
  put(bytes, uint32_t(3));
  put(bytes, tensorCount);
  put(bytes, keyCount);
  bytes += keys + tensors;
  bytes.resize(llvm::alignTo(bytes.size(), alignment));
  return bytes;
}

} // namespace tritc::synth
