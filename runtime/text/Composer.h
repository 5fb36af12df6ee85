//===- Composer.h - Unicode's normal form NFC -----------------------------===//
//
// Qwen's tokenizer spells text composed: e and a combining acute are one
// character. Annex 15 of the Unicode standard, from tables of the compiler.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/exec/Array.h"
#include "runtime/text/Tables.h"

#include <string_view>

namespace tritc::text {

/// Appends `text`, which is well-formed UTF-8, composed to `out`. Works in
/// O(n log n). Only with tables that have TRITC_TOKENIZER_NFC.
void appendComposed(const Tables &tables, std::string_view text,
                    exec::Array<char> &out);

} // namespace tritc::text
