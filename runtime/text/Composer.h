//===- Composer.h - Unicode's normal forms --------------------------------===//
//
// Qwen's tokenizer spells text composed: e and a combining acute are one
// character (NFC). Others decompose it, or take variants for one character
// (NFKC). Annex 15 of the Unicode standard; which form is in the tables.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/text/Tables.h"

#include <string_view>

namespace tritc::text {

/// Appends `text`, which is well-formed UTF-8, in the normal form to `out`.
/// Works in O(n log n). Only with tables that have TRITC_TOKENIZER_NORMAL_FORM.
void appendNormalForm(const Tables &tables, std::string_view text,
                      base::Array<char> &out);

} // namespace tritc::text
