//===- TokenizerTables.h - What the emitted program tokenizes with --------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerModel.h"

#include <cstdint>
#include <vector>

namespace tritc::import {

/// The block of runtime/abi/Tokenizer.h for `model`: position independent, to
/// be placed at a multiple of 64 bytes. Equal models give equal bytes.
std::vector<uint8_t> buildTokenizerTables(const TokenizerModel &model);

} // namespace tritc::import
