//===- Tokenizer.cpp - Text to token ids and back -------------------------===//

#include "runtime/text/Tokenizer.h"

#include "runtime/text/AddedTokens.h"
#include "runtime/text/Bpe.h"
#include "runtime/text/Normalizer.h"
#include "runtime/text/PreTokenizer.h"
#include "runtime/text/Utf8.h"

namespace tritc::text {

bool Tokenizer::accepts(const void *tables, uint64_t bytes) {
  if (bytes < sizeof(TritcTokenizerHeader))
    return false;
  const auto &header = *static_cast<const TritcTokenizerHeader *>(tables);
  return header.magic == TRITC_TOKENIZER_MAGIC &&
         header.version == TRITC_TOKENIZER_VERSION &&
         header.headerBytes == sizeof(TritcTokenizerHeader) &&
         header.tableBytes == bytes;
}

/// Encodes text that holds no added token any more.
static void encodePlain(const Tables &tables, std::string_view text, Bpe &bpe,
                        base::Array<int32_t> &ids) {
  PreTokenizer pieces(tables, text);
  while (!pieces.done())
    bpe.encode(pieces.next(), ids);
}

void Tokenizer::encode(std::string_view text, SpecialTokens special,
                       base::Array<int32_t> &ids, Place place) const {
  base::Array<char> repaired, normalized;
  if (wellFormedPrefix(text) < text.size()) {
    appendWellFormed(text, repaired);
    text = repaired.view();
  }
  Bpe bpe(tables);
  AddedTokens raw(tables, AddedTokens::Run::Raw, special, text);
  while (!raw.done()) {
    AddedStep outer = raw.next();
    bool isStart = place == Place::Start && outer.before.data() == text.data();
    AddedTokens rest(tables, AddedTokens::Run::Normalized, special,
                     normalize(tables, outer.before, isStart, normalized));
    while (!rest.done()) {
      AddedStep inner = rest.next();
      encodePlain(tables, inner.before, bpe, ids);
      if (inner.id >= 0)
        ids.push(inner.id);
    }
    if (outer.id >= 0)
      ids.push(outer.id);
  }
}

void Tokenizer::split(std::string_view piece,
                      base::Array<PieceStep> &steps) const {
  steps.clear();
  const char *begin = piece.data();
  auto take = [&](const AddedStep &step) {
    if (step.id >= 0 && !(step.flags & TRITC_ADDED_PROTECTED))
      return; // found again, where the text around it is encoded
    const char *end = step.before.data() + step.before.size();
    steps.push({std::string_view(begin, static_cast<size_t>(end - begin)),
                step.id, (step.flags & TRITC_ADDED_LEFT_STRIP) != 0,
                (step.flags & TRITC_ADDED_RIGHT_STRIP) != 0});
    begin = step.rest;
  };
  constexpr SpecialTokens all = SpecialTokens::Recognise;
  AddedTokens raw(tables, AddedTokens::Run::Raw, all, piece);
  while (!raw.done()) {
    AddedStep outer = raw.next();
    AddedTokens rest(tables, AddedTokens::Run::Normalized, all, outer.before);
    for (AddedStep inner = rest.next(); inner.id >= 0; inner = rest.next())
      take(inner);
    take(outer);
  }
}

std::string_view Tokenizer::bytesOf(int32_t id) const {
  return exists(id) ? tables.bytesOf(id) : std::string_view();
}

bool Tokenizer::isSpecial(int32_t id) const {
  return exists(id) && tables.isSpecial(id);
}

bool Tokenizer::isProtected(int32_t id) const {
  return exists(id) && tables.isProtected(id);
}

size_t Tokenizer::mostBytesPerToken() const {
  return tables.header().longestToken;
}

int32_t Tokenizer::vocabSize() const {
  return static_cast<int32_t>(tables.header().tokenCount);
}

int32_t Tokenizer::bosId() const { return tables.header().bosId; }

int32_t Tokenizer::eosId() const { return tables.header().eosId; }

bool Tokenizer::addsEos() const {
  return tables.hasFlag(TRITC_TOKENIZER_ADDS_EOS);
}

bool Tokenizer::addsBos() const {
  return tables.hasFlag(TRITC_TOKENIZER_ADDS_BOS);
}

} // namespace tritc::text
