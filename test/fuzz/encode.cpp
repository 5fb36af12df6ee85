//===- encode.cpp - Text to ids and back, in the emitted program ----------===//
//
// The first byte chooses the vocabulary and how special tokens are treated. The
// ids must be those of a slow tokenizer that is the definition written down,
// and their bytes the text, but for what is no UTF-8 or composed and for the
// spaces that SentencePiece puts in front. No text may take more memory than a
// multiple of its length, which libFuzzer's limit watches.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerAlphabet.h"
#include "compiler/import/tokenizer/TokenizerSentencePiece.h"
#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "compiler/import/tokenizer/TokenizerTables.h"
#include "runtime/text/Tokenizer.h"
#include "test/fuzz/Input.h"
#include "test/unit/text/SlowTokenizer.h"
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

static import::TokenizerModel cutLike(const llvm::StringLiteral &expression,
                                      import::NormalForm form) {
  import::TokenizerModel model = byteLevel();
  model.split = import::splitBy(expression);
  model.normalForm = form;
  model.wholePiece = false;
  return model;
}

/// With neither a token for every byte nor for what has none.
static import::TokenizerModel withGaps(import::TokenizerModel model,
                                       std::optional<uint32_t> unknown) {
  model.unknown = unknown;
  model.fusesUnknown = true;
  for (char byte : {'b', '\x03', '\xc3', '\xf0'}) {
    if (!model.byteTokens.empty())
      model.byteTokens[uint8_t(byte)] = UINT32_MAX;
    else
      model.isPiece[uint8_t(byte)] = false;
  }
  model.normalForm = import::NormalForm::AsItIs;
  return model;
}

namespace {
struct Vocabulary {
  explicit Vocabulary(import::TokenizerModel of)
      : model(std::move(of)), tables(import::buildTokenizerTables(model)) {}
  import::TokenizerModel model;
  std::vector<uint8_t> tables;
};
} // namespace

static const Vocabulary &vocabularyOf(unsigned number) {
  static const Vocabulary all[] = {
      Vocabulary(byteLevel()),
      Vocabulary(pieces()),
      Vocabulary(cutLike(import::qwen2Expression, import::NormalForm::NFC)),
      Vocabulary(cutLike(import::gpt2Expression, import::NormalForm::AsItIs)),
      Vocabulary(cutLike(import::o200kExpression, import::NormalForm::NFKC)),
      Vocabulary(withGaps(pieces(), 0)),
      Vocabulary(cutLike(import::o200kExpression, import::NormalForm::NFD)),
      Vocabulary(withGaps(byteLevel(), std::nullopt))};
  return all[number];
}

/// The bytes of the ids are those of the text, but for a space in front and for
/// what is no UTF-8, composed or U+2581.
static void checkBytes(const Vocabulary &vocabulary, llvm::StringRef text,
                       llvm::StringRef back) {
  const auto *first = reinterpret_cast<const llvm::UTF8 *>(text.data());
  if (!llvm::isLegalUTF8String(&first, first + text.size()) ||
      vocabulary.model.normalForm != import::NormalForm::AsItIs ||
      !import::hasAllBytesOfText(vocabulary.model))
    return;
  if (!vocabulary.model.byteTokens.empty()) {
    if (text.contains("\u2581"))
      return;
    if (back.size() == text.size() + 1)
      back.consume_front(" ");
  }
  if (back != text)
    std::abort();
}

/// Makes the vocabularies, which is no input's time.
extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  vocabularyOf(0);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  // Older vocabularies and how specials are treated kept their bits.
  const Vocabulary &vocabulary =
      vocabularyOf((data[0] & 1) | (data[0] >> 1 & 6));
  bool recognise = data[0] & 2;
  text::Tokenizer tokenizer(vocabulary.tables.data());
  std::string_view text(reinterpret_cast<const char *>(data + 1), size - 1);
  base::Array<int32_t> ids;
  tokenizer.encode(text,
                   recognise ? text::SpecialTokens::Recognise
                             : text::SpecialTokens::AsText,
                   ids);
  std::string back;
  for (int32_t id : ids) {
    if (id < 0 || id >= tokenizer.vocabSize())
      std::abort();
    back += tokenizer.bytesOf(id);
  }
  checkBytes(vocabulary, llvm::StringRef(text.data(), text.size()), back);
  // Merging that rescans takes time cubic in the text.
  constexpr size_t longestSlow = 256;
  if (text.size() <= longestSlow &&
      std::vector<int32_t>(ids.begin(), ids.end()) !=
          test::slowEncode(vocabulary.model, text, recognise))
    std::abort();
  return 0;
}
