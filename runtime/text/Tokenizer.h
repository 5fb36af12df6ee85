//===- Tokenizer.h - Text to token ids and back ---------------------------===//
//
// A BPE tokenizer, byte-level or SentencePiece, executed from the tables that
// the compiler built (runtime/abi/Tokenizer.h). It parses nothing and prepares
// nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Array.h"
#include "runtime/text/SpecialTokens.h"
#include "runtime/text/Tables.h"

#include <cstdint>
#include <string_view>

namespace tritc::text {

/// Whether something stands before a text.
enum class Place { Start, Later };

/// Text of a template up to a token that only a template writes.
struct PieceStep {
  std::string_view text;
  int32_t id;       ///< -1: the text was the rest
  bool stripsLeft;  ///< white space in front of the token goes
  bool stripsRight; ///< and behind it
};

class Tokenizer {
public:
  /// True if `tables` is a complete block of this version.
  static bool accepts(const void *tables, uint64_t bytes);

  /// `tables` is 8-byte aligned, was accepted, and outlives the tokenizer.
  explicit Tokenizer(const void *tables) : tables(tables) {}

  /// Appends the ids of `text` to `ids`, without a BOS. Ill-formed UTF-8 counts
  /// as U+FFFD (Utf8.h). Works in O(n log n), with memory proportional to
  /// `text`. A BOS is nothing that stands before a text.
  void encode(std::string_view text, SpecialTokens special,
              base::Array<int32_t> &ids, Place place = Place::Start) const;

  /// Replaces `steps` by what `piece` consists of. Encoded with AsText, their
  /// texts give none of these tokens. They are views of `piece`.
  void split(std::string_view piece, base::Array<PieceStep> &steps) const;

  /// True for white space, as tokens that strip it understand it.
  bool isSpace(uint32_t codePoint) const { return tables.isSpace(codePoint); }

  /// The bytes a token stands for, not always whole characters; a special
  /// token's spelling; empty for an id out of range.
  std::string_view bytesOf(int32_t id) const;

  /// False for an id out of range.
  bool isSpecial(int32_t id) const;

  /// Special, or written by the chat template: with SpecialTokens::AsText no
  /// text has it. False for an id out of range.
  bool isProtected(int32_t id) const;

  /// No text of more than `n` times this many bytes becomes `n` ids or fewer,
  /// but for white space that an added token beside it swallows, and for
  /// characters without a token, which are one unknown or vanish.
  size_t mostBytesPerToken() const;

  /// Ids are [0, vocabSize()); a model may have more, which stand for nothing.
  int32_t vocabSize() const;

  /// -1 for none.
  int32_t bosId() const;

  /// True if the tokenizer's own template puts bosId() in front of a text.
  bool addsBos() const;

  /// -1 for none.
  int32_t eosId() const;

  /// True if that template puts eosId() behind a text. Only for texts that are
  /// whole, never for a prompt that goes on.
  bool addsEos() const;

private:
  bool exists(int32_t id) const { return id >= 0 && id < vocabSize(); }

  Tables tables;
};

} // namespace tritc::text
