//===- GgufPreTokenizers.cpp - What tokenizer.ggml.pre names --------------===//

#include "compiler/import/GgufPreTokenizers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tritc::import {

namespace {
struct PreTokenizer {
  llvm::StringLiteral name;
  /// One stage with this expression or, where there are more, a "pre_tokenizer"
  /// of tokenizer.json, whose stages stand in an array.
  const llvm::StringLiteral &stages;
  NormalForm normalForm = NormalForm::AsItIs;
  bool isLlama = false; ///< whole pieces first, and a BOS
};
} // namespace

static constexpr llvm::StringLiteral starcoder = R"json([
  {"type": "Digits", "individual_digits": true},
  {"type": "ByteLevel", "add_prefix_space": false}])json";

static constexpr llvm::StringLiteral falcon = R"json([
  {"type": "Punctuation", "behavior": "Contiguous"},
  {"type": "ByteLevel", "add_prefix_space": false},
  {"type": "Digits", "individual_digits": false},
  {"type": "Split", "behavior": "Isolated",
   "pattern": {"Regex": "[0-9][0-9][0-9]"}}])json";

static constexpr llvm::StringLiteral deepseekCoder = R"json([
  {"type": "Split", "behavior": "Isolated", "pattern": {"Regex": "[\r\n]"}},
  {"type": "Split", "behavior": "Isolated",
   "pattern": {"Regex": "\\s?\\p{L}+"}},
  {"type": "Split", "behavior": "Isolated",
   "pattern": {"Regex": "\\s?\\p{P}+"}},
  {"type": "Split", "behavior": "Isolated",
   "pattern": {"Regex": "[一-龥ࠀ-一가-퟿]+"}},
  {"type": "Digits", "individual_digits": true},
  {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}])json";

static constexpr llvm::StringLiteral deepseekV3 = R"json([
  {"type": "Split", "behavior": "Isolated",
   "pattern": {"Regex": "\\p{N}{1,3}"}},
  {"type": "Split", "behavior": "Isolated",
   "pattern": {"Regex": "[一-龥぀-ゟ゠-ヿ]+"}},
  {"type": "Split", "behavior": "Isolated", "pattern": {"Regex":
   "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"}},
  {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}])json";

static constexpr llvm::StringLiteral tekken =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+)"
    R"([\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
    R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// ggml composes nothing; the tokenizers that the models were made with do.
static constexpr PreTokenizer known[] = {
    {.name = "llama-bpe", .stages = llama3Expression, .isLlama = true},
    {.name = "llama3", .stages = llama3Expression, .isLlama = true},
    {.name = "llama-v3", .stages = llama3Expression, .isLlama = true},
    {.name = "falcon3", .stages = llama3Expression, .isLlama = true},
    {.name = "falcon_e", .stages = llama3Expression, .isLlama = true},
    {.name = "llama4", .stages = o200kExpression, .isLlama = true},
    {.name = "qwen2", .stages = qwen2Expression, .normalForm = NormalForm::NFC},
    {.name = "gpt-2", .stages = gpt2Expression},
    {.name = "gpt-4o", .stages = o200kExpression},
    {.name = "tekken", .stages = tekken},
    {.name = "starcoder", .stages = starcoder},
    {.name = "smollm", .stages = starcoder},
    {.name = "falcon", .stages = falcon},
    {.name = "gpt-neox",
     .stages = gpt2Expression,
     .normalForm = NormalForm::NFC},
    {.name = "deepseek-coder", .stages = deepseekCoder},
    {.name = "deepseek-v3", .stages = deepseekV3},
};

static SplitStages stagesOf(llvm::StringRef text) {
  if (!text.starts_with("[\n"))
    return splitBy(text);
  llvm::json::Value list = llvm::cantFail(llvm::json::parse(text));
  std::vector<const llvm::json::Object *> stages;
  for (const llvm::json::Value &stage : *list.getAsArray())
    stages.push_back(stage.getAsObject());
  return llvm::cantFail(parseSplitStages(stages, "tokenizer.ggml.pre"));
}

bool applyGgufPreTokenizer(llvm::StringRef name, TokenizerModel &model) {
  const PreTokenizer *found = llvm::find_if(
      known, [&](const PreTokenizer &entry) { return entry.name == name; });
  if (found == std::end(known))
    return false;
  model.split = stagesOf(found->stages);
  model.normalForm = found->normalForm;
  model.wholePiece = model.addsBos = found->isLlama;
  return true;
}

std::string ggufPreTokenizerNames() {
  return llvm::join(llvm::map_range(known,
                                    [](const PreTokenizer &entry) {
                                      return llvm::StringRef(entry.name);
                                    }),
                    ", ");
}

} // namespace tritc::import
