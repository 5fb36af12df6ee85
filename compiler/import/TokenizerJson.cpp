//===- TokenizerJson.cpp - Reading tokenizer.json -------------------------===//
//
// Vocabulary and merges are written in the byte alphabet. With "byte_fallback"
// they are text as SentencePiece has it, U+2581 for a space, and "<0x0A>" is a
// byte.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Error.h"
#include "compiler/import/Json.h"
#include "compiler/import/JsonFields.h"
#include "compiler/import/Tokenizer.h"
#include "compiler/import/TokenizerAlphabet.h"
#include "compiler/import/TokenizerNormalForm.h"
#include "compiler/import/TokenizerPipeline.h"
#include "compiler/import/TokenizerSentencePiece.h"

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

namespace {

/// An entry of "added_tokens" with its spelling.
struct AddedEntry {
  StringRef content;
  AddedToken token;
};

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
  llvm::Error place(StringRef key, StringRef text, uint32_t id,
                    std::string bytes);
  llvm::Error readMerges();
  llvm::Error addMerge(size_t index, StringRef left, StringRef right);
  llvm::Error readPipeline();
  llvm::Error checkBytes();

  std::optional<uint32_t> idOf(StringRef text) const;
  llvm::Error malformed(const Twine &what) const {
    return makeError(ExitCode::Malformed, file + ": " + what);
  }

  const Object &document;
  StringRef file;
  const TokenizerContext &context;
  const Object *options = nullptr; ///< "model"
  const Object *vocabulary = nullptr;
  bool fallsBack = false; ///< to bytes: SentencePiece
  std::vector<AddedEntry> added;
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
  // With a token for each byte, unk_token and fuse_unk have no text to act on.
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
    added.push_back({*content, token});
  }
  return llvm::Error::success();
}

std::optional<uint32_t> JsonTokenizer::idOf(StringRef text) const {
  const Value *id = vocabulary->get(text);
  return id ? std::optional<uint32_t>(*id->getAsUINT64()) : std::nullopt;
}

/// As many ids as tokens, each below their number and none twice: no holes.
llvm::Error JsonTokenizer::place(StringRef key, StringRef text, uint32_t id,
                                 std::string bytes) {
  if (id >= context.vocabSize)
    return malformed(key + ": token " + quoteToken(text) +
                     ": expected an id below the model's vocab_size " +
                     Twine(context.vocabSize) + ", found " + Twine(id));
  if (id >= model.tokens.size())
    return malformed(key + ": token " + quoteToken(text) + ": expected " +
                     Twine(model.tokens.size()) +
                     " tokens with ids from 0 without holes, found id " +
                     Twine(id));
  if (!model.tokens[id].empty())
    return malformed(key + ": id " + Twine(id) + " stands for both " +
                     quoteToken(model.tokens[id]) + " and " + quoteToken(text));
  model.tokens[id] = std::move(bytes);
  return llvm::Error::success();
}

/// The bytes that `text` of the vocabulary stands for; nullopt if a character
/// is not of the alphabet.
std::optional<std::string> JsonTokenizer::spell(StringRef text) const {
  return fallsBack ? withSpaces(text) : decodeAlphabet(text);
}

/// Gives every token of the vocabulary its place.
llvm::Error JsonTokenizer::placeTokens() {
  size_t count = vocabulary->size();
  for (const AddedEntry &entry : added)
    count += vocabulary->get(entry.content) == nullptr;
  model.tokens.resize(count);
  model.isPiece.resize(count);
  for (auto [text, value] : inOrder(*vocabulary)) {
    std::optional<uint64_t> id = value->getAsUINT64();
    if (text.empty() || !id || *id > UINT32_MAX)
      return malformed("model.vocab: token " + quoteToken(text) +
                       ": expected a text with an id, found " +
                       describe(*value));
    std::optional<std::string> bytes = spell(text);
    bool isAdded = addedByContent.contains(text);
    if (!bytes && !isAdded)
      return malformed("model.vocab: token " + quoteToken(text) +
                       ": a character is not of the byte alphabet");
    if (!fallsBack && bytes && isAdded && *bytes != text)
      return malformed("added_tokens: " + quoteToken(text) +
                       ": in model.vocab it stands for other bytes");
    std::optional<uint8_t> byte = fallsBack ? byteOfPiece(text) : std::nullopt;
    bool isSpecial =
        isAdded && added[addedByContent.lookup(text)].token.special;
    // No text has a space once they are U+2581.
    bool isReached = !byte && !isSpecial && !text.contains(' ');
    bool isPiece = bytes && (!fallsBack || isReached);
    if (byte) {
      model.byteTokens[*byte] = uint32_t(*id);
      bytes = std::string(1, char(*byte));
    }
    if (llvm::Error error = place("model.vocab", text, *id,
                                  bytes ? *std::move(bytes) : text.str()))
      return error;
    model.isPiece[*id] = isPiece;
  }
  return placeAdded();
}

/// Gives every added token its place.
llvm::Error JsonTokenizer::placeAdded() {
  for (AddedEntry &entry : added) {
    std::optional<uint32_t> known = idOf(entry.content);
    if (known && *known != entry.token.id)
      return malformed("added_tokens: " + quoteToken(entry.content) +
                       ": expected id " + Twine(*known) +
                       " of model.vocab, found " + Twine(entry.token.id));
    if (!known)
      if (llvm::Error error = place("added_tokens", entry.content,
                                    entry.token.id, entry.content.str()))
        return error;
    // Hugging Face puts the normalizer's space in front of a normalized
    // special token, too, and then finds it nowhere: meant is the token.
    if (fallsBack && entry.token.special)
      entry.token.normalized = false;
    // A token of spaces is written with U+2581, which a text has no more once
    // it is searched. Before that, a literal U+2581 becomes a space anyway.
    if (fallsBack && entry.content.contains("\u2581") &&
        !entry.token.normalized)
      continue;
    model.added.push_back(entry.token);
  }
  llvm::sort(model.added, [](const AddedToken &a, const AddedToken &b) {
    return a.id < b.id;
  });
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
  model.composes = pipeline->composes;
  for (const AddedToken &token : model.added)
    if (model.composes && token.normalized &&
        !isComposed(model.tokens[token.id]))
      return makeError(
          ExitCode::Unreadable,
          file + ": added_tokens: " + quoteToken(model.tokens[token.id]) +
              ": not supported, expected a normalized token that "
              "NFC leaves as it is");
  model.spacePrefix = pipeline->spacePrefix;
  model.spaceUnlessThere = pipeline->spaceUnlessThere;
  model.bos = pipeline->bos;
  model.addsBos = pipeline->bos.has_value();
  model.eos = pipeline->eos;
  model.addsEos = pipeline->eos.has_value();
  return llvm::Error::success();
}

llvm::Error JsonTokenizer::checkBytes() {
  if (std::optional<uint8_t> byte = byteWithoutToken(model))
    return malformed("model.vocab: no token for byte 0x" +
                     llvm::utohexstr(*byte));
  return llvm::Error::success();
}

llvm::Expected<TokenizerModel> JsonTokenizer::read() {
  for (auto step : {&JsonTokenizer::openModel, &JsonTokenizer::collectAdded,
                    &JsonTokenizer::placeTokens, &JsonTokenizer::checkBytes,
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
