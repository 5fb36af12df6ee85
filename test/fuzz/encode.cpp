//===- encode.cpp - Text to ids and back, in the emitted program ----------===//
//
// The first byte chooses the vocabulary and how special tokens are treated. The
// bytes of the ids must be the text, but for what is no UTF-8 and for the
// spaces that SentencePiece puts in front. No text may take more memory than a
// multiple of its length, which libFuzzer's limit watches.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/TokenizerSentencePiece.h"
#include "compiler/import/TokenizerTables.h"
#include "runtime/text/Tokenizer.h"
#include "test/fuzz/Input.h"
#include "test/unit/text/SmallTokenizer.h"

#include "llvm/Support/ConvertUTF.h"

using namespace tritc;

/// 256 bytes, two merges, two special tokens.
static import::TokenizerModel byteLevel() {
  std::string json;
  llvm::raw_string_ostream(json) << llvm::json::Value(test::smallTokenizer());
  return llvm::cantFail(import::parseTokenizerJson(json, "tokenizer.json", {}));
}

/// SentencePiece's: bytes as a way out, words of a few letters.
static import::TokenizerModel pieces() {
  std::vector<import::SentencePiece> list = {
      {"<unk>", 0, import::SentencePiece::Unknown},
      {"<s>", 0, import::SentencePiece::Control},
      {"</s>", 0, import::SentencePiece::Control}};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char *digits = "0123456789ABCDEF";
    list.push_back(
        {std::string("<0x") + digits[byte / 16] + digits[byte % 16] + ">", 0,
         import::SentencePiece::Byte});
  }
  float score = 0;
  for (const char *text :
       {"\u2581a", "ab", "abab", "\u2581\u2581", "\u00e9a", "\u2581abab", "ba",
        "bab", "\u2581", "a", "b", "\u00e9", "\u4e2d"})
    list.push_back({text, score--, import::SentencePiece::Normal});
  import::TokenizerModel model =
      llvm::cantFail(import::modelOfPieces(list, "tokenizer.model", {}));
  model.spacePrefix = import::SpacePrefix::AtStart;
  return model;
}

static const std::vector<uint8_t> &tablesOf(bool isPieces) {
  static const std::vector<uint8_t> tables[] = {
      import::buildTokenizerTables(byteLevel()),
      import::buildTokenizerTables(pieces())};
  return tables[isPieces];
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  bool isPieces = data[0] & 1;
  text::Tokenizer tokenizer(tablesOf(isPieces).data());
  std::string_view text(reinterpret_cast<const char *>(data + 1), size - 1);
  exec::Array<int32_t> ids;
  tokenizer.encode(text,
                   data[0] & 2 ? text::SpecialTokens::Recognise
                               : text::SpecialTokens::AsText,
                   ids);
  std::string back;
  for (int32_t id : ids) {
    if (id < 0 || id >= tokenizer.vocabSize())
      std::abort();
    back += tokenizer.bytesOf(id);
  }
  const llvm::UTF8 *first = data + 1;
  if (!llvm::isLegalUTF8String(&first, data + size))
    return 0;
  // One space in front at most, and U+2581 is a space, too.
  llvm::StringRef found = back;
  if (isPieces) {
    if (llvm::StringRef(text.data(), text.size()).contains("\u2581"))
      return 0;
    if (found.size() == text.size() + 1)
      found.consume_front(" ");
  }
  if (found != llvm::StringRef(text.data(), text.size()))
    std::abort();
  return 0;
}
