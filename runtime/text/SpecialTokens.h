//===- SpecialTokens.h - Who may write a special token --------------------===//
#pragma once

namespace tritc::text {

/// What becomes of a protected token's spelling in a text: that of a special
/// one, or of one that the chat template writes.
enum class SpecialTokens {
  AsText,    ///< ordinary characters; for what a user typed
  Recognise, ///< the token; for what a template wrote
};

} // namespace tritc::text
