//===- TokenizerSentencePiece.cpp - Pieces with scores --------------------===//

#include "compiler/import/tokenizer/TokenizerSentencePiece.h"

#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/ConvertUTF.h"

#include <cmath>

using llvm::StringRef;
using llvm::Twine;

namespace tritc::import {

/// Finding all cuts of a piece takes time quadratic in its length. The longest
/// of Gemma are runs of 31 spaces, 93 bytes.
static constexpr size_t longestPiece = 512;

std::optional<uint8_t> byteOfPiece(StringRef text) {
  uint8_t byte;
  if (text.size() != 6 || !text.consume_front("<0x") ||
      !text.consume_back(">") || !llvm::all_of(text, llvm::isHexDigit) ||
      text.getAsInteger(16, byte))
    return std::nullopt;
  return byte;
}

std::string withSpaces(StringRef text) {
  std::string spelled;
  while (!text.empty()) {
    auto [before, after] = text.split("\u2581");
    spelled += before;
    if (before.size() != text.size())
      spelled += ' ';
    text = after;
  }
  return spelled;
}

namespace {

class PieceReader {
public:
  PieceReader(llvm::ArrayRef<SentencePiece> pieces, StringRef file)
      : pieces(pieces), file(file) {}

  llvm::Expected<TokenizerModel> read(const TokenizerContext &context);

private:
  llvm::Error addPiece(uint32_t id);
  llvm::Error addByte(uint32_t id);
  llvm::Error checkBytes() const;
  void rankScores();
  llvm::Error addMerges(uint32_t id);

  llvm::Error malformed(uint32_t id, const Twine &what) const {
    return makeError(ExitCode::Malformed, file + ": token " + Twine(id) + " " +
                                              quoteToken(pieces[id].text) +
                                              ": " + what);
  }

  llvm::ArrayRef<SentencePiece> pieces;
  StringRef file;
  llvm::StringMap<uint32_t> ids; ///< of what BPE may make, by spelling
  std::vector<uint32_t> ranks;   ///< by id; equal scores, equal ranks
  std::array<bool, 256> hasByte = {};
  TokenizerModel model;
};

} // namespace

llvm::Error PieceReader::addByte(uint32_t id) {
  std::optional<uint8_t> byte = byteOfPiece(pieces[id].text);
  if (!byte)
    return malformed(id, "expected \"<0x00>\" to \"<0xFF>\" for a byte");
  if (hasByte[*byte])
    return malformed(id, "stands twice");
  hasByte[*byte] = true;
  model.byteTokens[*byte] = id;
  model.tokens[id] = std::string(1, char(*byte));
  return llvm::Error::success();
}

llvm::Error PieceReader::addPiece(uint32_t id) {
  const SentencePiece &piece = pieces[id];
  const auto *text = reinterpret_cast<const llvm::UTF8 *>(piece.text.data());
  if (piece.text.empty() || piece.text.size() > longestPiece ||
      !llvm::isLegalUTF8String(&text, text + piece.text.size()))
    return malformed(id, "expected 1 to " + Twine(longestPiece) +
                             " bytes of UTF-8");
  if (std::isnan(piece.score))
    return malformed(id, "expected a score, found NaN");
  if (piece.type == SentencePiece::Byte)
    return addByte(id);
  std::string &spelled = model.tokens[id] = withSpaces(piece.text);
  AddedToken added;
  added.id = id;
  switch (piece.type) {
  case SentencePiece::UserDefined:
    // Searched for in the text that has its spaces already.
    added.normalized = true;
    model.add(added);
    [[fallthrough]];
  case SentencePiece::Normal:
  case SentencePiece::Unused:
    // No text has a space once they are U+2581.
    if (StringRef(piece.text).contains(' '))
      return llvm::Error::success();
    model.isPiece[id] = true;
    if (!ids.try_emplace(spelled, id).second)
      return malformed(id, "stands twice");
    return llvm::Error::success();
  case SentencePiece::Unknown:
  case SentencePiece::Control:
    added.special = true;
    model.add(added);
    return llvm::Error::success();
  default:
    return malformed(id,
                     "expected a type from 1 to 6, found " + Twine(piece.type));
  }
}

llvm::Error PieceReader::checkBytes() const {
  for (unsigned byte = 0; byte < hasByte.size(); ++byte)
    if (!hasByte[byte])
      return makeError(ExitCode::Unreadable,
                       file + ": no token for byte 0x" + llvm::utohexstr(byte) +
                           ": a vocabulary without byte fallback is not "
                           "supported");
  return llvm::Error::success();
}

/// The highest score has rank 0.
void PieceReader::rankScores() {
  std::vector<float> scores;
  for (const SentencePiece &piece : pieces)
    scores.push_back(piece.score);
  llvm::sort(scores, std::greater<>());
  scores.erase(llvm::unique(scores), scores.end());
  for (const SentencePiece &piece : pieces)
    ranks.push_back(
        uint32_t(llvm::lower_bound(scores, piece.score, std::greater<>()) -
                 scores.begin()));
}

/// Every way to cut a piece into two pieces is a merge. (A cut whose part is a
/// character without a piece is none, as in Hugging Face's conversion: no
/// published vocabulary has one.)
llvm::Error PieceReader::addMerges(uint32_t id) {
  StringRef piece = model.tokens[id];
  if (!model.isPiece[id])
    return llvm::Error::success();
  for (size_t cut = 1; cut < piece.size(); ++cut) {
    auto left = ids.find(piece.take_front(cut));
    if (left == ids.end())
      continue;
    auto right = ids.find(piece.drop_front(cut));
    if (right == ids.end())
      continue;
    if (pieces[id].type == SentencePiece::Unused)
      return makeError(ExitCode::Unreadable,
                       file + ": token " + Twine(id) + " " +
                           quoteToken(pieces[id].text) +
                           ": not supported, expected no unused token that "
                           "others merge into");
    model.merges.push_back({left->second, right->second, id, ranks[id]});
  }
  return llvm::Error::success();
}

llvm::Expected<TokenizerModel>
PieceReader::read(const TokenizerContext &context) {
  if (pieces.size() > context.vocabSize)
    return makeError(ExitCode::Malformed,
                     file + ": expected at most the model's vocab_size " +
                         Twine(context.vocabSize) + " tokens, found " +
                         Twine(pieces.size()));
  model.tokens.resize(pieces.size());
  model.isPiece.resize(pieces.size());
  model.byteTokens.resize(256);
  for (uint32_t id = 0; id < pieces.size(); ++id)
    if (llvm::Error error = addPiece(id))
      return std::move(error);
  if (llvm::Error error = checkBytes())
    return std::move(error);
  rankScores();
  for (uint32_t id = 0; id < pieces.size(); ++id)
    if (llvm::Error error = addMerges(id))
      return std::move(error);
  return std::move(model);
}

llvm::Expected<TokenizerModel>
modelOfPieces(llvm::ArrayRef<SentencePiece> pieces, StringRef file,
              const TokenizerContext &context) {
  return PieceReader(pieces, file).read(context);
}

} // namespace tritc::import
