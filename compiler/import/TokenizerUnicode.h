//===- TokenizerUnicode.h - Letters, numbers and white space --------------===//
#pragma once

#include <cstdint>
#include <vector>

namespace tritc::import {

/// The class of every code point, in the two stages of runtime/abi/Tokenizer.h.
struct UnicodeClasses {
  uint32_t version; ///< of the Unicode data: major << 16 | minor << 8 | update
  std::vector<uint16_t> index; ///< [TRITC_CLASS_INDEX_COUNT]
  std::vector<uint8_t> blocks; ///< [][TRITC_CLASS_BLOCK_BYTES], all different
};

/// From the Unicode data of utf8proc: 15.0 with the 2.8 of Debian 12.
UnicodeClasses makeUnicodeClasses();

} // namespace tritc::import
