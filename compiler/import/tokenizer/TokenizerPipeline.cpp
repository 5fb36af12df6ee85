//===- TokenizerPipeline.cpp - The stages around BPE ----------------------===//

#include "compiler/import/tokenizer/TokenizerPipeline.h"

#include "compiler/import/tokenizer/TokenizerSplit.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using llvm::StringRef;
using llvm::Twine;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

namespace tritc::import {

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

/// The tokens that a TemplateProcessing puts around a single text.
static llvm::Error parseTemplate(const Object &processor, StringRef file,
                                 TokenizerPipeline &pipeline) {
  const Array *pieces = processor.getArray("single");
  if (!pieces)
    return malformed(file, "post_processor.single: expected an array");
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
    std::optional<uint32_t> &place = sawText ? pipeline.eos : pipeline.bos;
    if (place)
      return unsupported(file, "post_processor.single: not supported, expected "
                               "at most one special token before the text and "
                               "one behind it");
    llvm::Expected<uint32_t> id = templateToken(file, processor, *token);
    if (!id)
      return id.takeError();
    place = *id;
  }
  if (!sawText)
    return malformed(file, "post_processor.single: expected the text A");
  return llvm::Error::success();
}

/// ByteLevel as a post-processor only edits offsets into the text.
static llvm::Error parsePostProcessor(const Object &document, StringRef file,
                                      TokenizerPipeline &pipeline) {
  auto stages = stagesOf(document, file, "post_processor", "processors");
  if (!stages)
    return stages.takeError();
  unsigned templates = 0;
  for (const Object *stage : *stages) {
    if (typeOf(*stage) == "ByteLevel")
      continue;
    if (typeOf(*stage) != "TemplateProcessing" || ++templates > 1)
      return unsupported(file, "post_processor: not supported, expected "
                               "ByteLevel and one TemplateProcessing, found " +
                                   typesOf(*stages));
    if (llvm::Error error = parseTemplate(*stage, file, pipeline))
      return error;
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// SentencePiece, converted
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral sentenceSpace = "\u2581";

static bool isReplace(const Object &stage, StringRef from, StringRef to) {
  const Object *pattern = stage.getObject("pattern");
  return typeOf(stage) == "Replace" && pattern &&
         pattern->getString("String") == from &&
         stage.getString("content") == to;
}

/// U+2581 becomes a space, byte tokens bytes; at most one space at the start
/// goes. (That one is text of the prompt in what a program writes.)
static bool isSentencePieceDecoder(llvm::ArrayRef<const Object *> stages) {
  bool replaces = false, fallsBack = false;
  for (const Object *stage : stages) {
    StringRef type = typeOf(*stage);
    bool isMetaspace =
        type == "Metaspace" && stage->getString("replacement") == sentenceSpace;
    replaces |= isMetaspace || isReplace(*stage, sentenceSpace, " ");
    fallsBack |= type == "ByteFallback";
    if (!isMetaspace && !isReplace(*stage, sentenceSpace, " ") &&
        type != "ByteFallback" && type != "Fuse" &&
        !(type == "Strip" && stage->getString("content") == StringRef(" ")))
      return false;
  }
  return replaces && fallsBack;
}

/// Metaspace: "prepend_scheme" or, older, "add_prefix_space".
static std::optional<SpacePrefix> metaspacePrefix(const Object &stage) {
  if (typeOf(stage) != "Metaspace" ||
      stage.getString("replacement") != sentenceSpace ||
      !flagIs(stage, "split", false, /*missing=*/true))
    return std::nullopt;
  StringRef scheme = stage.getString("prepend_scheme")
                         .value_or(flagIs(stage, "add_prefix_space", true,
                                          /*missing=*/true)
                                       ? "always"
                                       : "never");
  if (scheme == "always")
    return SpacePrefix::Everywhere;
  if (scheme == "first")
    return SpacePrefix::AtStart;
  return scheme == "never" ? std::optional(SpacePrefix::Nowhere) : std::nullopt;
}

/// A Split at spaces cuts nothing once they are U+2581 (Gemma has one).
static bool cutsNothing(const Object &stage) {
  const Object *pattern = stage.getObject("pattern");
  return typeOf(stage) == "Split" && pattern &&
         pattern->getString("String") == StringRef(" ");
}

static llvm::Error parseSpaces(const Object &document,
                               llvm::ArrayRef<const Object *> normalizers,
                               StringRef file, TokenizerPipeline &pipeline) {
  bool escapes = false;
  for (const Object *stage : normalizers) {
    bool prepends = typeOf(*stage) == "Prepend" &&
                    stage->getString("prepend") == sentenceSpace && !escapes;
    bool replaces = isReplace(*stage, " ", sentenceSpace);
    if (!prepends && !replaces)
      return unsupported(file, "normalizer: not supported, expected Prepend "
                               "and Replace of SentencePiece, found other "
                               "settings of " +
                                   typesOf(normalizers));
    if (prepends)
      pipeline.spacePrefix = SpacePrefix::Everywhere;
    escapes |= replaces;
  }
  auto cuts = stagesOf(document, file, "pre_tokenizer", "pretokenizers");
  if (!cuts)
    return cuts.takeError();
  for (const Object *stage : *cuts) {
    std::optional<SpacePrefix> prefix = metaspacePrefix(*stage);
    if (prefix && normalizers.empty() && !escapes) {
      pipeline.spacePrefix = *prefix;
      pipeline.spaceUnlessThere = true;
      escapes = true;
    } else if (!cutsNothing(*stage) || !escapes) {
      return unsupported(file, "pre_tokenizer: not supported, expected "
                               "Metaspace without split or nothing, found "
                               "other settings of " +
                                   typesOf(*cuts));
    }
  }
  if (!escapes)
    return unsupported(file, "normalizer: not supported, expected one that "
                             "turns spaces into U+2581, found " +
                                 typesOf(normalizers));
  return llvm::Error::success();
}

static std::optional<NormalForm>
normalFormOf(llvm::ArrayRef<const Object *> normalizers) {
  if (normalizers.empty())
    return NormalForm::AsItIs;
  if (normalizers.size() > 1)
    return std::nullopt;
  return llvm::StringSwitch<std::optional<NormalForm>>(
             typeOf(*normalizers.front()))
      .Case("NFC", NormalForm::NFC)
      .Case("NFD", NormalForm::NFD)
      .Case("NFKC", NormalForm::NFKC)
      .Case("NFKD", NormalForm::NFKD)
      .Default(std::nullopt);
}

llvm::Expected<TokenizerPipeline> parsePipeline(const Object &document,
                                                StringRef file) {
  TokenizerPipeline pipeline;
  auto normalizers = stagesOf(document, file, "normalizer", "normalizers");
  if (!normalizers)
    return normalizers.takeError();
  auto decoders = stagesOf(document, file, "decoder", "decoders");
  if (!decoders)
    return decoders.takeError();
  pipeline.isSentencePiece = isSentencePieceDecoder(*decoders);
  if (llvm::Error error = parsePostProcessor(document, file, pipeline))
    return std::move(error);
  if (pipeline.isSentencePiece) {
    if (llvm::Error error = parseSpaces(document, *normalizers, file, pipeline))
      return std::move(error);
    return pipeline;
  }
  std::optional<NormalForm> form = normalFormOf(*normalizers);
  if (!form)
    return unsupported(file, "normalizer: not supported, expected NFC, NFD, "
                             "NFKC, NFKD or null, found " +
                                 typesOf(*normalizers));
  pipeline.normalForm = *form;
  if (decoders->size() != 1 || typeOf(*decoders->front()) != "ByteLevel")
    return unsupported(file, "decoder: not supported, expected ByteLevel or "
                             "that of SentencePiece, found " +
                                 typesOf(*decoders));
  auto cuts = stagesOf(document, file, "pre_tokenizer", "pretokenizers");
  if (!cuts)
    return cuts.takeError();
  auto split = parseSplitStages(*cuts, file);
  if (!split)
    return split.takeError();
  pipeline.split = std::move(*split);
  return pipeline;
}

} // namespace tritc::import
