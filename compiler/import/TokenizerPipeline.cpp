//===- TokenizerPipeline.cpp - The stages around BPE ----------------------===//

#include "compiler/import/TokenizerPipeline.h"

#include "compiler/import/Error.h"
#include "compiler/import/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using llvm::StringRef;
using llvm::Twine;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

namespace tritc::import {

/// The split of Llama 3, character for character.
static constexpr llvm::StringLiteral llama3Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    R"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

static llvm::Error unsupported(StringRef file, const Twine &what) {
  return makeError(ExitCode::Unreadable, file + ": " + what);
}

static llvm::Error malformed(StringRef file, const Twine &what) {
  return makeError(ExitCode::Malformed, file + ": " + what);
}

static StringRef typeOf(const Object &stage) {
  return stage.getString("type").value_or("a stage without type");
}

/// Is the flag `key` of `stage` exactly `wanted`? `missing` is what the format
/// takes for an absent one.
static bool flagIs(const Object &stage, StringRef key, bool wanted,
                   bool missing) {
  const Value *value = stage.get(key);
  if (!value || value->kind() == Value::Null)
    return missing == wanted;
  return value->getAsBoolean() == wanted;
}

/// The stages under `key` in order. A "Sequence" stands for the stages in its
/// list `listKey`; null and an absent key for none.
static llvm::Expected<llvm::SmallVector<const Object *>>
stagesOf(const Object &document, StringRef file, StringRef key,
         StringRef listKey) {
  llvm::SmallVector<const Object *> stages;
  const Value *value = document.get(key);
  if (!value || value->kind() == Value::Null)
    return stages;
  const Object *stage = value->getAsObject();
  if (!stage)
    return malformed(file, key + ": expected an object or null, found " +
                               describe(*value));
  if (typeOf(*stage) != "Sequence") {
    stages.push_back(stage);
    return stages;
  }
  const Array *list = stage->getArray(listKey);
  if (!list)
    return malformed(file, key + "." + listKey + ": expected an array");
  for (const Value &element : *list) {
    stages.push_back(element.getAsObject());
    if (!stages.back())
      return malformed(file, key + "." + listKey +
                                 ": expected objects, found " +
                                 describe(element));
  }
  return stages;
}

/// "Split, ByteLevel" or "nothing".
static std::string typesOf(llvm::ArrayRef<const Object *> stages) {
  if (stages.empty())
    return "nothing";
  return llvm::join(
      llvm::map_range(stages, [](const Object *s) { return typeOf(*s); }),
      ", ");
}

static bool isByteLevel(const Object &stage, bool usesRegex) {
  return typeOf(stage) == "ByteLevel" &&
         flagIs(stage, "add_prefix_space", false, /*missing=*/true) &&
         flagIs(stage, "use_regex", usesRegex, /*missing=*/true);
}

static bool isLlama3Split(const Object &stage) {
  const Object *pattern = stage.getObject("pattern");
  return typeOf(stage) == "Split" && pattern &&
         pattern->getString("Regex") == StringRef(llama3Pattern) &&
         stage.getString("behavior") == StringRef("Isolated") &&
         flagIs(stage, "invert", false, /*missing=*/false);
}

static llvm::Expected<SplitRule> parsePreTokenizer(const Object &document,
                                                   StringRef file) {
  auto stages = stagesOf(document, file, "pre_tokenizer", "pretokenizers");
  if (!stages)
    return stages.takeError();
  if (stages->size() == 2 && isLlama3Split(*(*stages)[0]) &&
      isByteLevel(*(*stages)[1], /*usesRegex=*/false))
    return SplitRule::Llama3;
  if (stages->size() == 1 && isByteLevel(*(*stages)[0], /*usesRegex=*/true))
    return SplitRule::Gpt2;
  return unsupported(
      file, "pre_tokenizer: not supported, expected the Split of Llama 3 and "
            "ByteLevel, or ByteLevel with use_regex and without prefix space, "
            "found other settings of " +
                typesOf(*stages));
}

/// The one id of the special token that a template names.
static llvm::Expected<uint32_t>
templateToken(StringRef file, const Object &processor, const Object &piece) {
  StringRef token = piece.getString("id").value_or("");
  const Object *specials = processor.getObject("special_tokens");
  const Object *entry = specials ? specials->getObject(token) : nullptr;
  const Array *ids = entry ? entry->getArray("ids") : nullptr;
  std::optional<int64_t> id;
  if (ids && ids->size() == 1)
    id = ids->front().getAsInteger();
  if (!id || *id < 0 || *id > UINT32_MAX)
    return malformed(file, "post_processor.special_tokens: " +
                               quoteToken(token) + ": expected one id");
  return static_cast<uint32_t>(*id);
}

/// The token that a TemplateProcessing puts in front of a single text.
static llvm::Expected<std::optional<uint32_t>>
parseTemplate(const Object &processor, StringRef file) {
  const Array *pieces = processor.getArray("single");
  if (!pieces)
    return malformed(file, "post_processor.single: expected an array");
  std::optional<uint32_t> bos;
  bool sawText = false;
  for (const Value &element : *pieces) {
    const Object *piece = element.getAsObject();
    const Object *text = piece ? piece->getObject("Sequence") : nullptr;
    const Object *token = piece ? piece->getObject("SpecialToken") : nullptr;
    if (text && !sawText && text->getString("id") == StringRef("A")) {
      sawText = true;
      continue;
    }
    if (!token)
      return malformed(file, "post_processor.single: expected a special token "
                             "or the text A, found " +
                                 describe(element));
    if (sawText || bos)
      return unsupported(file, "post_processor.single: not supported, expected "
                               "at most one special token, before the text");
    llvm::Expected<uint32_t> id = templateToken(file, processor, *token);
    if (!id)
      return id.takeError();
    bos = *id;
  }
  if (!sawText)
    return malformed(file, "post_processor.single: expected the text A");
  return bos;
}

/// ByteLevel as a post-processor only edits offsets into the text.
static llvm::Expected<std::optional<uint32_t>>
parsePostProcessor(const Object &document, StringRef file) {
  auto stages = stagesOf(document, file, "post_processor", "processors");
  if (!stages)
    return stages.takeError();
  std::optional<uint32_t> bos;
  unsigned templates = 0;
  for (const Object *stage : *stages) {
    if (typeOf(*stage) == "ByteLevel")
      continue;
    if (typeOf(*stage) != "TemplateProcessing" || ++templates > 1)
      return unsupported(file, "post_processor: not supported, expected "
                               "ByteLevel and one TemplateProcessing, found " +
                                   typesOf(*stages));
    auto parsed = parseTemplate(*stage, file);
    if (!parsed)
      return parsed.takeError();
    bos = *parsed;
  }
  return bos;
}

llvm::Expected<TokenizerPipeline> parsePipeline(const Object &document,
                                                StringRef file) {
  auto normalizers = stagesOf(document, file, "normalizer", "normalizers");
  if (!normalizers)
    return normalizers.takeError();
  if (!normalizers->empty())
    return unsupported(file,
                       "normalizer: not supported, expected null, found " +
                           typesOf(*normalizers));
  auto decoders = stagesOf(document, file, "decoder", "decoders");
  if (!decoders)
    return decoders.takeError();
  if (decoders->size() != 1 || typeOf(*decoders->front()) != "ByteLevel")
    return unsupported(file, "decoder: not supported, expected ByteLevel, "
                             "found " +
                                 typesOf(*decoders));
  auto split = parsePreTokenizer(document, file);
  if (!split)
    return split.takeError();
  auto bos = parsePostProcessor(document, file);
  if (!bos)
    return bos.takeError();
  return TokenizerPipeline{*split, *bos};
}

} // namespace tritc::import
