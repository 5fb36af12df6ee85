//===- TokenizerJson.cpp - Reading tokenizer.json -------------------------===//
//
// Vocabulary and merges are written in the byte alphabet. With "byte_fallback"
// they are text as SentencePiece has it, U+2581 for a space, and "<0x0A>" is a
// byte. Ids may have holes and bytes may lack tokens: as in Hugging Face's
// tokenizers, what has no token is the unknown one, or vanishes.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/tokenizer/Tokenizer.h"
#include "compiler/import/tokenizer/TokenizerAlphabet.h"
#include "compiler/import/tokenizer/TokenizerNormalForm.h"
#include "compiler/import/tokenizer/TokenizerPipeline.h"
#include "compiler/import/tokenizer/TokenizerSentencePiece.h"
#include "compiler/support/Error.h"
#include "compiler/support/Json.h"
#include "compiler/support/JsonFields.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

#include <array>

using llvm::StringRef;
using llvm::Twine;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

namespace tritc::import {

/// Bounds the memory that a file can ask for by one high id.
static constexpr uint32_t mostTokens = 1u << 24;

namespace {

class JsonTokenizer {
public:
  JsonTokenizer(const Object &document, StringRef file,
                const TokenizerContext &context)
      : document(document), file(file), context(context) {}

  llvm::Expected<TokenizerModel> read();

private:
  llvm::Error openModel();
  llvm::Error collectAdded();
  std::optional<std::string> spell(StringRef text) const;
  llvm::Error placeTokens();
  llvm::Error placeAdded();
  llvm::Error makePlaces();
  llvm::Error readUnknown();
  llvm::Error place(StringRef key, StringRef text, uint32_t id,
                    std::string bytes);
  llvm::Error readMerges();
  llvm::Error addMerge(size_t index, StringRef left, StringRef right);
  llvm::Error readPipeline();

  std::optional<uint32_t> idOf(StringRef text) const;
  llvm::Error malformed(const Twine &what) const {
    return makeError(ExitCode::Malformed, file + ": " + what);
  }

  const Object &document;
  StringRef file;
  const TokenizerContext &context;
  const Object *options = nullptr; ///< "model"
  const Object *vocabulary = nullptr;
  bool fallsBack = false;                 ///< to bytes: SentencePiece
  std::vector<AddedToken> added;          ///< spelled as written
  llvm::StringMap<size_t> addedByContent; ///< index into `added`
  llvm::DenseSet<std::pair<uint32_t, uint32_t>> seenMerges;
  TokenizerModel model;
};

} // namespace

/// Finds the vocabulary and checks the options of the algorithm.
llvm::Error JsonTokenizer::openModel() {
  options = document.getObject("model");
  if (!options)
    return malformed("model: missing, expected an object");
  StringRef type = options->getString("type").value_or("no type");
  if (type != "BPE")
    return makeError(
        ExitCode::Unreadable,
        file + ": model.type: not supported, expected BPE, found " + type);
  JsonFields fields(*options, (file + ": model").str());
  if (fields.number("dropout", 0, 0, 1) != 0)
    fields.fail(ExitCode::Unreadable, "dropout: not supported, expected null");
  for (StringRef key : {"continuing_subword_prefix", "end_of_word_suffix"})
    if (!fields.string(key, "").empty())
      fields.fail(ExitCode::Unreadable, key + ": not supported, expected null");
  model.wholePiece = fields.boolean("ignore_merges", false);
  fallsBack = fields.boolean("byte_fallback", false);
  if (fallsBack)
    model.byteTokens.assign(256, UINT32_MAX);
  if (fields.failed())
    return fields.takeError();
  vocabulary = options->getObject("vocab");
  if (!vocabulary)
    return malformed("model.vocab: missing, expected an object of ids");
  if (vocabulary->empty())
    return malformed("model.vocab: empty");
  return llvm::Error::success();
}

llvm::Error JsonTokenizer::collectAdded() {
  const Value *list = document.get("added_tokens");
  if (!list || list->kind() == Value::Null)
    return llvm::Error::success();
  if (!list->getAsArray())
    return malformed("added_tokens: expected an array, found " +
                     describe(*list));
  for (const Value &element : *list->getAsArray()) {
    std::string where = "added_tokens[" +
                        std::to_string(&element - list->getAsArray()->data()) +
                        "]";
    const Object *entry = element.getAsObject();
    if (!entry)
      return malformed(where + ": expected an object, found " +
                       describe(element));
    std::optional<StringRef> content = entry->getString("content");
    if (!content || content->empty())
      return malformed(where + ": content: expected a text that is not empty");
    JsonFields fields(*entry, (file + ": " + where).str());
    AddedToken token;
    token.id = fields.integer("id", UINT64_MAX, 0, UINT32_MAX);
    token.special = fields.boolean("special", false);
    token.leftStrip = fields.boolean("lstrip", false);
    token.rightStrip = fields.boolean("rstrip", false);
    token.normalized = fields.boolean("normalized", false);
    if (fields.boolean("single_word", false))
      fields.fail(ExitCode::Unreadable,
                  "single_word: not supported, expected false");
    if (fields.failed())
      return fields.takeError();
    // Gemma 3 adds a token for images, for which a model of text has no row.
    if (token.id >= context.vocabSize && !vocabulary->get(*content))
      continue;
    if (!addedByContent.try_emplace(*content, added.size()).second)
      return malformed("added_tokens: " + quoteToken(*content) +
                       " stands twice");
    token.spelling = content->str();
    added.push_back(std::move(token));
  }
  return llvm::Error::success();
}

std::optional<uint32_t> JsonTokenizer::idOf(StringRef text) const {
  const Value *id = vocabulary->get(text);
  return id ? std::optional<uint32_t>(*id->getAsUINT64()) : std::nullopt;
}

llvm::Error JsonTokenizer::place(StringRef key, StringRef text, uint32_t id,
                                 std::string bytes) {
  if (!model.tokens[id].empty())
    return malformed(key + ": id " + Twine(id) + " stands for both " +
                     quoteToken(model.tokens[id]) + " and " + quoteToken(text));
  model.tokens[id] = std::move(bytes);
  return llvm::Error::success();
}

/// One for each id up to the highest.
llvm::Error JsonTokenizer::makePlaces() {
  uint32_t limit = std::min(context.vocabSize, mostTokens);
  uint32_t count = 0;
  auto take = [&](StringRef key, StringRef text, uint64_t id) -> llvm::Error {
    if (id >= limit)
      return malformed(key + ": token " + quoteToken(text) +
                       ": expected an id below the model's vocab_size " +
                       Twine(limit) + ", found " + Twine(id));
    count = std::max(count, uint32_t(id) + 1);
    return llvm::Error::success();
  };
  for (auto [text, value] : inOrder(*vocabulary)) {
    std::optional<uint64_t> id = value->getAsUINT64();
    if (text.empty() || !id)
      return malformed("model.vocab: token " + quoteToken(text) +
                       ": expected a text with an id, found " +
                       describe(*value));
    if (llvm::Error error = take("model.vocab", text, *id))
      return error;
  }
  for (const AddedToken &token : added)
    if (llvm::Error error = take("added_tokens", token.spelling, token.id))
      return error;
  model.tokens.resize(count);
  model.isPiece.resize(count);
  return llvm::Error::success();
}

/// The bytes that `text` of the vocabulary stands for; nullopt if a character
/// is not of the alphabet.
std::optional<std::string> JsonTokenizer::spell(StringRef text) const {
  return fallsBack ? withSpaces(text) : decodeAlphabet(text);
}

/// Gives every token of the vocabulary its place.
llvm::Error JsonTokenizer::placeTokens() {
  if (llvm::Error error = makePlaces())
    return error;
  for (auto [text, value] : inOrder(*vocabulary)) {
    uint32_t id = uint32_t(*value->getAsUINT64());
    std::optional<std::string> bytes = spell(text);
    bool isAdded = addedByContent.contains(text);
    if (!bytes && !isAdded)
      return malformed("model.vocab: token " + quoteToken(text) +
                       ": a character is not of the byte alphabet");
    std::optional<uint8_t> byte = fallsBack ? byteOfPiece(text) : std::nullopt;
    bool isSpecial = isAdded && added[addedByContent.lookup(text)].special;
    // No text has a space once they are U+2581.
    bool isReached = !byte && !isSpecial && !text.contains(' ');
    bool isPiece = bytes && (!fallsBack || isReached);
    if (byte) {
      model.byteTokens[*byte] = id;
      bytes = std::string(1, char(*byte));
    }
    if (llvm::Error error = place("model.vocab", text, id,
                                  bytes ? *std::move(bytes) : text.str()))
      return error;
    model.isPiece[id] = isPiece;
  }
  return placeAdded();
}

/// Gives every added token its place. It is searched for as it is written,
/// whatever bytes it stands for: Falcon 3 adds the token of a line break under
/// the name that the alphabet gives it.
llvm::Error JsonTokenizer::placeAdded() {
  for (AddedToken &token : added) {
    std::optional<uint32_t> known = idOf(token.spelling);
    if (known && *known != token.id)
      return malformed("added_tokens: " + quoteToken(token.spelling) +
                       ": expected id " + Twine(*known) +
                       " of model.vocab, found " + Twine(token.id));
    if (!known)
      if (llvm::Error error =
              place("added_tokens", token.spelling, token.id,
                    spell(token.spelling).value_or(token.spelling)))
        return error;
    // Hugging Face puts the normalizer's space in front of a normalized
    // special token, too, and then finds it nowhere: meant is the token.
    if (fallsBack && token.special)
      token.normalized = false;
    // Once the text is normalized its spaces are U+2581, here the other way
    // round. Before that, a token with U+2581 is only where a text has one.
    if (fallsBack && token.normalized)
      token.spelling = withSpaces(token.spelling);
    model.add(std::move(token));
  }
  llvm::sort(model.added, [](const AddedToken &a, const AddedToken &b) {
    return a.id < b.id;
  });
  return llvm::Error::success();
}

/// What stands for text without a token.
llvm::Error JsonTokenizer::readUnknown() {
  if (!fallsBack && !hasByteToken(model))
    return malformed("model.vocab: expected tokens of single bytes, found "
                     "none");
  JsonFields fields(*options, (file + ": model").str());
  std::string unknown = fields.string("unk_token", "");
  model.fusesUnknown = fields.boolean("fuse_unk", false);
  if (fields.failed())
    return fields.takeError();
  if (unknown.empty() || hasAllBytesOfText(model))
    return llvm::Error::success();
  model.unknown = idOf(unknown);
  if (!model.unknown)
    return malformed("model.unk_token: " + quoteToken(unknown) +
                     " is not in model.vocab");
  return llvm::Error::success();
}

/// Two spellings: "left right" and, newer, ["left", "right"].
llvm::Error JsonTokenizer::readMerges() {
  const Array *merges = options->getArray("merges");
  if (!merges)
    return malformed("model.merges: missing, expected an array");
  model.merges.reserve(merges->size());
  for (const auto &[index, element] : llvm::enumerate(*merges)) {
    StringRef left, right;
    if (auto text = element.getAsString()) {
      std::tie(left, right) = text->split(' ');
    } else if (const Array *pair = element.getAsArray();
               pair && pair->size() == 2) {
      left = (*pair)[0].getAsString().value_or("");
      right = (*pair)[1].getAsString().value_or("");
    }
    if (left.empty() || right.empty() || left.contains(' ') ||
        right.contains(' '))
      return malformed("model.merges[" + Twine(index) +
                       "]: expected two tokens, found " + describe(element));
    if (llvm::Error error = addMerge(index, left, right))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error JsonTokenizer::addMerge(size_t index, StringRef left,
                                    StringRef right) {
  std::string whole = (left + right).str();
  std::array<StringRef, 3> texts = {left, right, whole};
  std::array<uint32_t, 3> ids;
  for (size_t i = 0; i < texts.size(); ++i) {
    std::optional<uint32_t> id = idOf(texts[i]);
    if (!id)
      return malformed("model.merges[" + Twine(index) + "]: token " +
                       quoteToken(texts[i]) + " is not in model.vocab");
    ids[i] = *id;
  }
  if (!seenMerges.insert({ids[0], ids[1]}).second)
    return malformed("model.merges[" + Twine(index) + "]: " + quoteToken(left) +
                     " and " + quoteToken(right) + " merge twice");
  model.merges.push_back(
      {ids[0], ids[1], ids[2], static_cast<uint32_t>(index)});
  return llvm::Error::success();
}

llvm::Error JsonTokenizer::readPipeline() {
  llvm::Expected<TokenizerPipeline> pipeline = parsePipeline(document, file);
  if (!pipeline)
    return pipeline.takeError();
  if (pipeline->bos && *pipeline->bos >= model.tokens.size())
    return malformed("post_processor: expected a special token among the " +
                     Twine(model.tokens.size()) + " tokens, found id " +
                     Twine(*pipeline->bos));
  if (pipeline->isSentencePiece != fallsBack)
    return makeError(ExitCode::Unreadable,
                     file + ": model.byte_fallback: not supported, expected " +
                         (pipeline->isSentencePiece ? "true" : "false") +
                         " with this decoder");
  if (pipeline->eos && *pipeline->eos >= model.tokens.size())
    return malformed("post_processor: expected a special token among the " +
                     Twine(model.tokens.size()) + " tokens, found id " +
                     Twine(*pipeline->eos));
  model.split = std::move(pipeline->split);
  model.normalForm = pipeline->normalForm;
  for (const AddedToken &token : model.added)
    if (token.normalized && !isNormal(token.spelling, model.normalForm))
      return makeError(ExitCode::Unreadable,
                       file + ": added_tokens: " + quoteToken(token.spelling) +
                           ": not supported, expected a normalized token that "
                           "the normalizer leaves as it is");
  model.spacePrefix = pipeline->spacePrefix;
  model.spaceUnlessThere = pipeline->spaceUnlessThere;
  model.bos = pipeline->bos;
  model.addsBos = pipeline->bos.has_value();
  model.eos = pipeline->eos;
  model.addsEos = pipeline->eos.has_value();
  return llvm::Error::success();
}

llvm::Expected<TokenizerModel> JsonTokenizer::read() {
  for (auto step : {&JsonTokenizer::openModel, &JsonTokenizer::collectAdded,
                    &JsonTokenizer::placeTokens, &JsonTokenizer::readUnknown,
                    &JsonTokenizer::readMerges, &JsonTokenizer::readPipeline})
    if (llvm::Error error = (this->*step)())
      return std::move(error);
  return std::move(model);
}

llvm::Expected<TokenizerModel>
parseTokenizerJson(StringRef text, StringRef file,
                   const TokenizerContext &context) {
  JsonRules rules;
  rules.duplicates = DuplicateKeys::Reject;
  llvm::Expected<Object> document = parseJsonObject(text, file, rules);
  if (!document)
    return document.takeError();
  return JsonTokenizer(*document, file, context).read();
}

} // namespace tritc::import
