//===- TokenizerCodePoints.h - Sets of characters -------------------------===//
//
// What a class in a regular expression stands for. Categories are those of
// Unicode 16, as Hugging Face's tokenizers know them: utf8proc's (15.0 with the
// 2.8 of Debian 12) and what UnicodeChanges.def says.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tritc::import {

/// A set of code points up to U+10FFFF.
class CodePointSet {
public:
  /// First and last of a run.
  using Range = std::pair<uint32_t, uint32_t>;

  CodePointSet() = default;
  CodePointSet(std::initializer_list<Range> ranges) : runs(ranges) { tidy(); }
  explicit CodePointSet(std::vector<Range> ranges) : runs(std::move(ranges)) {
    tidy();
  }
  static CodePointSet of(uint32_t codePoint) {
    return {{codePoint, codePoint}};
  }

  /// In order, none touching the next.
  const std::vector<Range> &ranges() const { return runs; }
  bool empty() const { return runs.empty(); }

  void add(const CodePointSet &other);
  CodePointSet complement() const;
  bool contains(uint32_t codePoint) const;
  bool meets(const CodePointSet &other) const;
  bool operator==(const CodePointSet &) const = default;

  /// With every character that differs from one of these in case alone. Only
  /// characters that fold to one character, as in Unicode's simple folding.
  CodePointSet ignoringCase() const;

private:
  /// Orders the runs and joins those that touch.
  void tidy();

  std::vector<Range> runs;
};

/// The characters of a general category: "L" or "Lu"; nullopt if there is none
/// of that name.
std::optional<CodePointSet> generalCategory(llvm::StringRef name);

/// The property White_Space.
const CodePointSet &whiteSpace();

/// Of the categories: major << 16 | minor << 8 | update.
uint32_t unicodeVersion();

} // namespace tritc::import
