//===- TokenizerUnicode.cpp - Letters, numbers and white space ------------===//

#include "compiler/import/TokenizerUnicode.h"

#include "runtime/abi/Tokenizer.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <utf8proc.h>

#include <array>
#include <map>

namespace tritc::import {

using Block = std::array<uint8_t, TRITC_CLASS_BLOCK_BYTES>;
static constexpr uint32_t blockCodePoints = 256;

/// The property White_Space; utf8proc has no table of it. It has not changed
/// since Unicode 6.3.
static bool isWhiteSpace(uint32_t codePoint) {
  switch (codePoint) {
  case 0x20:
  case 0x85:
  case 0xa0:
  case 0x1680:
  case 0x2028:
  case 0x2029:
  case 0x202f:
  case 0x205f:
  case 0x3000:
    return true;
  default:
    return (codePoint >= 0x09 && codePoint <= 0x0d) ||
           (codePoint >= 0x2000 && codePoint <= 0x200a);
  }
}

static uint32_t classOf(uint32_t codePoint) {
  if (isWhiteSpace(codePoint))
    return TRITC_CLASS_SPACE;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(codePoint))) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_LO:
    return TRITC_CLASS_LETTER;
  case UTF8PROC_CATEGORY_ND:
  case UTF8PROC_CATEGORY_NL:
  case UTF8PROC_CATEGORY_NO:
    return TRITC_CLASS_NUMBER;
  default:
    return TRITC_CLASS_OTHER;
  }
}

static Block makeBlock(uint32_t firstCodePoint) {
  Block block = {};
  for (uint32_t i = 0; i < blockCodePoints; ++i)
    block[i / 4] |= classOf(firstCodePoint + i) << (i % 4 * 2);
  return block;
}

/// "15.0.0" as one number.
static uint32_t unicodeVersion() {
  llvm::SmallVector<llvm::StringRef> parts;
  llvm::StringRef(utf8proc_unicode_version()).split(parts, '.');
  uint32_t version = 0;
  for (size_t i = 0; i < 3; ++i) {
    uint32_t part = 0;
    if (i < parts.size() && parts[i].getAsInteger(10, part))
      part = 0;
    version = version << 8 | (part & 0xff);
  }
  return version;
}

UnicodeClasses makeUnicodeClasses() {
  UnicodeClasses classes;
  classes.version = unicodeVersion();
  std::map<Block, uint16_t> known;
  for (uint32_t i = 0; i < TRITC_CLASS_INDEX_COUNT; ++i) {
    Block block = makeBlock(i * blockCodePoints);
    auto [place, isNew] =
        known.try_emplace(block, static_cast<uint16_t>(known.size()));
    if (isNew)
      classes.blocks.insert(classes.blocks.end(), block.begin(), block.end());
    classes.index.push_back(place->second);
  }
  return classes;
}

} // namespace tritc::import
