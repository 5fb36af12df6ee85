//===- CodePointTable.h - A value for every code point --------------------===//
//
// In two stages, as the emitted program looks it up: blocks of values, each
// once, and which block every TRITC_CODE_POINT_BLOCK code points have.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/abi/Tokenizer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tritc::import {

template <typename T>
class CodePointTable {
public:
  /// The next `count` code points have `value`; those of all calls together are
  /// all that there are.
  void append(size_t count, T value) {
    while (count > 0) {
      size_t some = std::min(count, blockSize - open.size());
      open.insert(open.end(), some, value);
      count -= some;
      if (open.size() < blockSize)
        return;
      // A long run is one block, many times.
      uint16_t place = placeOfOpen();
      size_t whole = some == blockSize ? count / blockSize : 0;
      blockOf.insert(blockOf.end(), 1 + whole, place);
      count -= whole * blockSize;
      open.clear();
    }
  }

  T operator[](uint32_t codePoint) const {
    size_t first = blockOf[codePoint / blockSize] * blockSize;
    return values[first + codePoint % blockSize];
  }

  /// Of each run of code points, its block.
  const std::vector<uint16_t> &index() const { return blockOf; }
  /// One behind the other.
  const std::vector<T> &blocks() const { return values; }

private:
  static constexpr size_t blockSize = TRITC_CODE_POINT_BLOCK;

  uint16_t placeOfOpen() {
    llvm::StringRef bytes(reinterpret_cast<const char *>(open.data()),
                          open.size() * sizeof(T));
    auto [place, isNew] = known.try_emplace(bytes, uint16_t(known.size()));
    if (isNew)
      llvm::append_range(values, open);
    return place->second;
  }

  std::vector<T> open; ///< the block that is not full yet
  llvm::StringMap<uint16_t> known;
  std::vector<uint16_t> blockOf;
  std::vector<T> values;
};

} // namespace tritc::import
