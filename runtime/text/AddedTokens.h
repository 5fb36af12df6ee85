//===- AddedTokens.h - Tokens found in the text before it is cut ----------===//
//
// Added tokens ("<|eot_id|>") are searched for in the raw text, leftmost first,
// the longest of those that start at one place, and cut it. The two runs of the
// table are searched one after the other, the second in what the first left.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/text/SpecialTokens.h"
#include "runtime/text/Tables.h"

#include <string_view>

namespace tritc::text {

/// One step through a text: what stands before the next added token, and the
/// token.
struct AddedStep {
  std::string_view before; ///< text without an added token of this run
  int32_t id;              ///< -1: `before` was the rest of the text
  uint32_t flags;          ///< of the token
  const char *rest;        ///< behind the token and what it swallows
};

/// Walks through a text from added token to added token.
class AddedTokens {
public:
  enum class Run { Raw, Normalized };

  /// With SpecialTokens::AsText a protected token is left in the text, yet
  /// still consumes it: no other token is found inside.
  AddedTokens(const Tables &tables, Run run, SpecialTokens special,
              std::string_view text);

  bool done() const { return finished; }
  AddedStep next();

private:
  const TritcAddedToken *longestAt(size_t position) const;

  const Tables &tables;
  std::string_view text;
  const TritcAddedToken *first; ///< of the run
  const TritcAddedToken *last;
  const uint8_t *firstBytes;
  SpecialTokens special;
  size_t handedOut = 0; ///< text before this is dealt with
  size_t searched = 0;  ///< no further match starts before this
  bool finished = false;
};

} // namespace tritc::text
