//===- GgufPreTokenizers.cpp - What tokenizer.ggml.pre names --------------===//

#include "compiler/import/gguf/GgufPreTokenizers.h"

#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "compiler/support/Error.h"

#include "llvm/ADT/STLExtras.h"

namespace tritc::import {

using llvm::StringLiteral;

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

// Characters beyond ASCII are escapes: three of DeepSeek's are others once a
// file is normalized.

static constexpr StringLiteral digit = "\\p{N}";
static constexpr StringLiteral upToThreeDigits = "\\p{N}{1,3}";

/// What Punctuation cuts; Digits that joins is `digit`.
static constexpr StringLiteral punctuation = "[!-/:-@\\[-`{-~\\p{P}]";
static constexpr StringLiteral threeDigits = "[0-9][0-9][0-9]";

static constexpr StringLiteral lineBreak = "[\r\n]";
static constexpr StringLiteral letters = "\\s?\\p{L}+";
static constexpr StringLiteral marks = "\\s?\\p{P}+";
/// Han, Hangul and, from U+0800 on, everything in front of Han.
static constexpr StringLiteral eastAsian =
    "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";
static constexpr StringLiteral hanAndKana =
    "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";

/// Letters that have a case, as Unicode 11 had them.
static constexpr StringLiteral casedLetters =
    "\\s?[A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF"
    "\u01C4-\u0293\u0295-\u02AF\u0370-\u0373\u0376\u0377\u037B-\u037D"
    "\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5"
    "\u03F7-\u0481\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5"
    "\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77"
    "\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D"
    "\u1F50-\u1F57\u1F59\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4"
    "\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3"
    "\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107"
    "\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D"
    "\u212F-\u2134\u2139\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184"
    "\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D"
    "\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E\uAB70-\uABBF"
    "\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A"
    "\U00010400-\U0001044F\U000104B0-\U000104D3\U000104D8-\U000104FB"
    "\U00010C80-\U00010CB2\U00010CC0-\U00010CF2\U000118A0-\U000118DF"
    "\U0001E900-\U0001E943]+";
static constexpr StringLiteral asciiAndWideMarks =
    "\\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+";
static constexpr StringLiteral trailingSpace = "\\s+$";

static constexpr StringLiteral deepseekV3Words =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|)"
    "[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
    " ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

static constexpr StringLiteral tekkenExpression =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
    R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

static constexpr StringLiteral qwen35Expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}|)"
    R"( ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

static constexpr StringLiteral bailingExpression =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}|)"
    R"( ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)";

static constexpr StringLiteral seedCoderExpression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}|)"
    R"( ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+)";

static constexpr StringLiteral minicpmExpression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}+|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

static constexpr StringLiteral jais2Expression =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|)"
    R"(\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|)"
    R"(\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1})";

static constexpr StringLiteral youtuScripts =
    "[\uAC00-\uD7A3\u3131-\u318E]+|"
    "[\uFF01\u2026\u201C\u201D\u2018\u2019\u2014\uFF1A\uFF1B\uFF0C"
    "\u3001-\u303F\uFE30-\uFE4F]+|[\u3105-\u312F]+|"
    "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";
static constexpr StringLiteral youtuWords =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// All but white space and marks that end a phrase, of which some are there
/// twice.
static constexpr StringLiteral bloomWords =
    " ?[^(\\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

static constexpr StageText gpt2[] = {{gpt2Expression}};
static constexpr StageText llama3[] = {{llama3Expression}};
static constexpr StageText qwen2[] = {{qwen2Expression}};
static constexpr StageText qwen35[] = {{qwen35Expression}};
static constexpr StageText o200k[] = {{o200kExpression}};
static constexpr StageText tekken[] = {{tekkenExpression}};
static constexpr StageText bailing[] = {{bailingExpression}};
static constexpr StageText seedCoder[] = {{seedCoderExpression}};
static constexpr StageText jais2[] = {{jais2Expression}};
static constexpr StageText bloom[] = {{bloomWords}};
static constexpr StageText viking[] = {{bloomWords}, {digit}};
static constexpr StageText youtu[] = {{youtuScripts}, {youtuWords}};
static constexpr StageText minicpm[] = {{upToThreeDigits}, {minicpmExpression}};
static constexpr StageText starcoder[] = {{digit}, {gpt2Expression}};
static constexpr StageText falcon[] = {
    {.expression = punctuation, .joinsMatches = true},
    {gpt2Expression},
    {.expression = digit, .joinsMatches = true, .onBytes = true},
    {.expression = threeDigits, .onBytes = true}};
static constexpr StageText deepseekCoder[] = {
    {lineBreak}, {letters}, {marks}, {eastAsian}, {digit}};
static constexpr StageText deepseekLlm[] = {
    {lineBreak},     {casedLetters}, {asciiAndWideMarks},
    {trailingSpace}, {eastAsian},    {digit}};
static constexpr StageText deepseekV3[] = {
    {upToThreeDigits}, {hanAndKana}, {deepseekV3Words}};

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

namespace {
struct PreTokenizer {
  StringLiteral names; ///< with a space in between
  llvm::ArrayRef<StageText> stages;
  NormalForm normalForm = NormalForm::AsItIs;
  bool isLlama = false; ///< whole pieces first, and a BOS
  bool wholePiece = false;
};
} // namespace

/// ggml composes nothing; the tokenizers that the models were made with do.
static constexpr PreTokenizer known[] = {
    {.names = "llama-bpe llama3 llama-v3 falcon3 falcon_e falcon-h1 lfm2 "
              "pixtral midm-2.0 jina-v5-nano",
     .stages = llama3,
     .isLlama = true},
    {.names = "llama4", .stages = o200k, .isLlama = true},
    {.names = "tekken", .stages = tekken, .isLlama = true},
    {.names = "qwen2 deepseek-r1-qwen megrez f2llmv2 stablelm2 hunyuan",
     .stages = qwen2,
     .normalForm = NormalForm::NFC},
    {.names = "qwen35", .stages = qwen35, .normalForm = NormalForm::NFC},
    {.names = "grok-2 kormo solar-open", .stages = qwen2},
    {.names = "gpt-2 phi-2 jais exaone4 trillion granite-docling mellum "
              "a.x-4.0 gigachat jina-es jina-de jina-v2-es jina-v2-de",
     .stages = gpt2},
    {.names = "gpt-neox mpt olmo modern-bert",
     .stages = gpt2,
     .normalForm = NormalForm::NFC},
    {.names = "dbrx smaug-bpe glm4 chatglm-bpe", .stages = llama3},
    {.names = "gpt-4o kanana2 minimax-m2 talkie", .stages = o200k},
    {.names = "starcoder smollm refact codeshell exaone minerva-7b mellum2",
     .stages = starcoder},
    {.names = "command-r", .stages = starcoder, .normalForm = NormalForm::NFC},
    {.names = "falcon", .stages = falcon},
    {.names = "deepseek-llm", .stages = deepseekLlm},
    {.names = "deepseek-coder", .stages = deepseekCoder},
    {.names = "deepseek-v3 hunyuan-dense joyai-llm", .stages = deepseekV3},
    {.names = "bailingmoe bailingmoe2 llada-moe", .stages = bailing},
    {.names = "seed-coder", .stages = seedCoder},
    {.names = "minicpm5", .stages = minicpm, .wholePiece = true},
    {.names = "youtu", .stages = youtu, .wholePiece = true},
    {.names = "jais-2", .stages = jais2},
    {.names = "bloom gpt3-finnish poro-chat", .stages = bloom},
    {.names = "viking", .stages = viking},
};

std::vector<llvm::StringRef> ggufPreTokenizerNames() {
  std::vector<llvm::StringRef> all;
  for (const PreTokenizer &entry : known) {
    llvm::SmallVector<llvm::StringRef> names;
    entry.names.split(names, ' ');
    llvm::append_range(all, names);
  }
  return all;
}

/// The known name with the fewest mistakes in `name`.
static llvm::StringRef nearestTo(llvm::StringRef name) {
  std::vector<llvm::StringRef> names = ggufPreTokenizerNames();
  constexpr unsigned most = 64;
  auto distance = [&](llvm::StringRef other) {
    return other.edit_distance(name.take_front(most));
  };
  return *llvm::min_element(names, [&](llvm::StringRef a, llvm::StringRef b) {
    return distance(a) < distance(b);
  });
}

llvm::Error applyGgufPreTokenizer(llvm::StringRef name, llvm::StringRef where,
                                  TokenizerModel &model) {
  const PreTokenizer *found =
      llvm::find_if(known, [&](const PreTokenizer &entry) {
        llvm::SmallVector<llvm::StringRef> names;
        entry.names.split(names, ' ');
        return llvm::is_contained(names, name);
      });
  if (found == std::end(known))
    return makeError(
        ExitCode::Unreadable,
        where + ": unsupported, expected a name such as " +
            (name.empty() ? "llama-bpe or qwen2" : nearestTo(name)) +
            ", found " + (name.empty() ? "nothing" : quoteToken(name)));
  llvm::Expected<SplitStages> split = splitInStages(found->stages, where);
  if (!split)
    return split.takeError();
  model.split = std::move(*split);
  model.normalForm = found->normalForm;
  model.wholePiece = found->isLlama || found->wholePiece;
  model.addsBos = found->isLlama;
  return llvm::Error::success();
}

} // namespace tritc::import
