//===- TokenizerPatternText.h - Reading a regular expression --------------===//
//
// For TokenizerPattern.cpp alone: where a parser stands, and the classes of
// characters, which have a syntax of their own.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/import/tokenizer/TokenizerCodePoints.h"

#include "llvm/ADT/Twine.h"

#include <string>
#include <vector>

namespace tritc::import {

/// The code points of `text`, which is UTF-8.
std::vector<uint32_t> codePointsOf(llvm::StringRef text);

/// `codePoint` as UTF-8.
std::string spell(uint32_t codePoint);

/// An expression and a place in it. Refuses once; from then on it is at its
/// end.
class PatternText {
public:
  explicit PatternText(llvm::StringRef regex) : text(codePointsOf(regex)) {}

  /// The part that is not supported; "" if there is none.
  const std::string &refused() const { return problem; }
  void refuse(const llvm::Twine &what) {
    if (problem.empty())
      problem = what.str();
  }

  bool atEnd() const { return !problem.empty() || at == text.size(); }
  /// 0 at the end, or `distance` behind the next one.
  uint32_t peek(size_t distance = 0) const {
    return atEnd() || text.size() - at <= distance ? 0 : text[at + distance];
  }
  bool peekIs(llvm::StringRef oneOf) const {
    return peek() != 0 && peek() < 0x80 && oneOf.contains(char(peek()));
  }
  uint32_t next() { return atEnd() ? 0 : text[at++]; }
  /// Goes on if `expected`, which is ASCII, comes next.
  bool take(llvm::StringRef expected);

private:
  std::vector<uint32_t> text;
  size_t at = 0;
  std::string problem;
};

/// Behind "[": characters, ranges, classes.
CodePointSet readBracket(PatternText &text);

/// Behind "\\".
CodePointSet readEscape(PatternText &text);

} // namespace tritc::import
