//===- GgufTokenizer.cpp - Tokenizer and chat template of a GGUF file -----===//

#include "compiler/import/gguf/GgufFields.h"
#include "compiler/import/gguf/GgufModel.h"
#include "compiler/import/gguf/GgufPreTokenizers.h"
#include "compiler/import/tokenizer/TokenizerAlphabet.h"
#include "compiler/import/tokenizer/TokenizerSentencePiece.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

namespace tritc::import {

static constexpr llvm::StringLiteral modelKey = "tokenizer.ggml.model";
static constexpr llvm::StringLiteral preKey = "tokenizer.ggml.pre";
static constexpr llvm::StringLiteral tokensKey = "tokenizer.ggml.tokens";
static constexpr llvm::StringLiteral typesKey = "tokenizer.ggml.token_type";
static constexpr llvm::StringLiteral scoresKey = "tokenizer.ggml.scores";
static constexpr llvm::StringLiteral mergesKey = "tokenizer.ggml.merges";
static constexpr llvm::StringLiteral templateKey = "tokenizer.chat_template";

/// The values of tokenizer.ggml.token_type.
enum class TokenType {
  Normal = 1,
  Unknown,
  Control,
  UserDefined,
  Unused,
  Byte
};

/// The way out of what the file leaves unsaid.
static constexpr llvm::StringLiteral nameTheTokenizer =
    "; name the model's own with --tokenizer=tokenizer.json";

/// Sizes of Llama 3's vocabulary.
static constexpr uint64_t llama3Tokens = 128256, llama3Merges = 280147;

/// What stands in front of a text and behind it. `model` says what the
/// tokenizer's kind does where the file says nothing.
static void settleEnds(GgufFields &fields, TokenizerModel &model) {
  auto settle = [&](llvm::StringRef name, std::optional<uint32_t> &id,
                    bool &adds) {
    std::string key = ("tokenizer.ggml." + name + "_token_id").str();
    if (auto found = fields.integer(key, 0, model.tokens.size() - 1))
      id = uint32_t(*found);
    adds = id && fields.boolean(("tokenizer.ggml.add_" + name + "_token").str())
                     .value_or(adds);
  };
  settle("bos", model.bos, model.addsBos);
  settle("eos", model.eos, model.addsEos);
}

namespace {
/// Reads a tokenizer of the model "gpt2", byte-level BPE.
class BytePairReader {
public:
  BytePairReader(const GgufFile &file, const GgufArchitecture &arch,
                 const ModelConfig &config)
      : arch(arch), config(config), fields(file) {}

  llvm::Expected<TokenizerModel> read();

private:
  void readTokens();
  void placeToken(uint32_t id, llvm::StringRef text, TokenType type);
  void readMerges();
  void readRules();
  void malformed(const llvm::Twine &what) {
    fields.fail(ExitCode::Malformed, what);
  }

  const GgufArchitecture &arch;
  const ModelConfig &config;
  GgufFields fields;
  llvm::StringMap<uint32_t> ids; ///< of pieces and added tokens, as written
  TokenizerModel model;
};
} // namespace

void BytePairReader::placeToken(uint32_t id, llvm::StringRef text,
                                TokenType type) {
  bool isAdded = type == TokenType::Control || type == TokenType::UserDefined;
  bool isPiece = type == TokenType::Normal;
  std::string bytes = text.str();
  auto where = [&] {
    return (tokensKey + "[" + llvm::Twine(id) + "]: " + quoteToken(text) + ": ")
        .str();
  };
  if ((isAdded || isPiece) && text.empty())
    return malformed(where() + "expected a text, found none");
  if (isPiece) {
    std::optional<std::string> decoded = decodeAlphabet(text);
    if (!decoded)
      return malformed(where() + "a character is not of the byte alphabet");
    bytes = std::move(*decoded);
  }
  if (isAdded || isPiece) {
    auto [place, isNew] = ids.try_emplace(text, id);
    if (!isNew)
      return malformed(where() + "expected each token once, found it as " +
                       llvm::Twine(place->second) + " too");
  }
  model.tokens.push_back(std::move(bytes));
  model.isPiece.push_back(isPiece);
  if (isAdded)
    model.add({.id = id, .special = type == TokenType::Control});
}

void BytePairReader::readTokens() {
  const GgufValue *tokens = fields.array(tokensKey, GgufKind::String);
  const GgufValue *types = fields.array(typesKey, GgufKind::I32);
  if (!tokens)
    return malformed(tokensKey + ": missing, expected an array of string");
  if (types && types->count != tokens->count)
    return malformed(typesKey + ": expected " + llvm::Twine(tokens->count) +
                     " types, found " + llvm::Twine(types->count));
  if (tokens->count > config.vocabSize)
    return malformed(
        tokensKey + ": expected at most " + llvm::Twine(config.vocabSize) +
        " (the rows of the embedding), found " + llvm::Twine(tokens->count));
  GgufStrings texts(*tokens);
  for (uint32_t id = 0; id < tokens->count && !fields.failed(); ++id) {
    uint32_t type = 1;
    if (types)
      type = llvm::support::endian::read32le(types->bytes.data() + 4 * id);
    if (type < 1 || type > 6)
      malformed(typesKey + "[" + llvm::Twine(id) +
                "]: expected 1 to 6, found " + llvm::Twine(int32_t(type)));
    placeToken(id, texts.next(), TokenType(type));
  }
  if (!fields.failed() && !hasByteToken(model))
    malformed(tokensKey + ": expected tokens of single bytes, found none");
}

void BytePairReader::readMerges() {
  const GgufValue *merges = fields.array(mergesKey, GgufKind::String);
  if (fields.failed())
    return;
  if (!merges)
    return malformed(mergesKey + ": missing, expected an array of string");
  llvm::DenseSet<std::pair<uint32_t, uint32_t>> seen;
  GgufStrings texts(*merges);
  for (uint32_t rank = 0; rank < merges->count; ++rank) {
    llvm::StringRef text = texts.next();
    auto wrong = [&](const llvm::Twine &what) {
      malformed(mergesKey + "[" + llvm::Twine(rank) + "]: " + what);
    };
    size_t space = text.find(' ', 1); // the first token may begin with one
    if (space == llvm::StringRef::npos || space + 1 == text.size())
      return wrong("expected two tokens, found " + quoteToken(text));
    std::string left = text.take_front(space).str(),
                right = text.drop_front(space + 1).str();
    const std::string parts[] = {left, right, left + right};
    uint32_t found[3];
    for (auto [i, part] : llvm::enumerate(parts)) {
      auto token = ids.find(part);
      if (token == ids.end() || !model.isPiece[token->second])
        return wrong("token " + quoteToken(part) + " is not in " + tokensKey);
      found[i] = token->second;
    }
    if (!seen.insert({found[0], found[1]}).second)
      return wrong(quoteToken(left) + " and " + quoteToken(right) +
                   " merge twice");
    model.merges.push_back({found[0], found[1], found[2], rank});
  }
}

/// What stands around BPE. The key for it is missing in the published 2B4T
/// file, for which ggml's own default is wrong.
void BytePairReader::readRules() {
  llvm::StringRef pre = fields.string(preKey).value_or("");
  bool isLlama3 =
      arch.hasLlama3Tokenizer || (model.tokens.size() == llama3Tokens &&
                                  model.merges.size() == llama3Merges);
  Failure failure = toFailure(
      applyGgufPreTokenizer(isLlama3 ? "llama-bpe" : pre, preKey, model));
  if (failure.code != ExitCode::Ok)
    fields.fail(failure.code, failure.message + nameTheTokenizer);
  settleEnds(fields, model);
}

llvm::Expected<TokenizerModel> BytePairReader::read() {
  for (auto step : {&BytePairReader::readTokens, &BytePairReader::readMerges,
                    &BytePairReader::readRules}) {
    (this->*step)();
    if (fields.failed())
      return fields.takeError();
  }
  return std::move(model);
}

/// A tokenizer of the model "llama", SentencePiece's.
static llvm::Expected<TokenizerModel> readPieces(const GgufFile &file,
                                                 const ModelConfig &config) {
  GgufFields fields(file);
  const GgufValue *tokens = fields.array(tokensKey, GgufKind::String);
  const GgufValue *scores = fields.array(scoresKey, GgufKind::F32);
  const GgufValue *types = fields.array(typesKey, GgufKind::I32);
  for (auto [key, value] :
       {std::pair(tokensKey, tokens), std::pair(scoresKey, scores),
        std::pair(typesKey, types)}) {
    if (!value)
      fields.fail(ExitCode::Malformed, key + ": missing, expected an array");
    else if (tokens && value->count != tokens->count)
      fields.fail(ExitCode::Malformed,
                  key + ": expected " + llvm::Twine(tokens->count) +
                      " elements, found " + llvm::Twine(value->count));
  }
  if (fields.failed())
    return fields.takeError();
  std::vector<SentencePiece> pieces(tokens->count);
  GgufStrings texts(*tokens);
  for (auto [id, piece] : llvm::enumerate(pieces)) {
    piece.text = texts.next().str();
    piece.score = std::bit_cast<float>(
        llvm::support::endian::read32le(scores->bytes.data() + 4 * id));
    piece.type = llvm::support::endian::read32le(types->bytes.data() + 4 * id);
  }
  llvm::Expected<TokenizerModel> model =
      modelOfPieces(pieces, file.path(), {config.vocabSize, config.bosToken});
  if (!model)
    return model.takeError();
  model->addsBos = true;
  if (fields.boolean("tokenizer.ggml.add_space_prefix").value_or(true))
    model->spacePrefix = SpacePrefix::AtStart;
  settleEnds(fields, *model);
  if (fields.failed())
    return fields.takeError();
  return model;
}

llvm::Expected<TokenizerModel> readGgufTokenizer(const GgufFile &file,
                                                 const GgufArchitecture &arch,
                                                 const ModelConfig &config) {
  GgufFields fields(file);
  llvm::StringRef kind = fields.string(modelKey).value_or("");
  if (fields.failed())
    return fields.takeError();
  if (kind == "gpt2")
    return BytePairReader(file, arch, config).read();
  if (kind == "llama")
    return readPieces(file, config);
  return makeError(ExitCode::Unreadable,
                   file.path() + ": " + modelKey +
                       ": unsupported, expected gpt2 or llama, found " +
                       (kind.empty() ? "nothing" : quoteToken(kind)) +
                       nameTheTokenizer);
}

//===----------------------------------------------------------------------===//
// Chat template
//===----------------------------------------------------------------------===//

/// The text of the token that `key` names.
static std::optional<std::string> tokenText(GgufFields &fields,
                                            llvm::StringRef key) {
  const GgufValue *tokens = fields.array(tokensKey, GgufKind::String);
  std::optional<uint64_t> id;
  if (tokens && tokens->count > 0)
    id = fields.integer(key, 0, tokens->count - 1);
  if (!id)
    return std::nullopt;
  GgufStrings texts(*tokens);
  for (uint64_t i = 0; i < *id; ++i)
    texts.next();
  return texts.next().str();
}

llvm::Expected<ChatTemplate>
readGgufChatTemplate(const GgufFile &file,
                     const std::optional<std::string> &chosen,
                     std::vector<std::string> &notes) {
  GgufFields fields(file);
  std::optional<llvm::StringRef> text = fields.string(templateKey);
  SpecialTexts special;
  for (llvm::StringRef name : {"bos", "eos", "unknown", "padding"})
    if (std::optional<std::string> spelled =
            tokenText(fields, ("tokenizer.ggml." + name + "_token_id").str()))
      special[(name.take_front(3) + "_token").str()] = *spelled;
  if (fields.failed())
    return fields.takeError();
  if (chosen)
    return chosenChatTemplate(*chosen, special);
  if (!text)
    return missingChatTemplate();
  // A prompt that the model was not trained on, and that it does not end.
  if (text->contains("BITNETAssistant")) {
    notes.push_back((file.path() + ": " + templateKey +
                     ": the template Human/BITNETAssistant is not this "
                     "model's; the template bitnet replaces it")
                        .str());
    return *chatTemplateByName("bitnet");
  }
  return recogniseChatTemplate(*text, file.path(), special);
}

} // namespace tritc::import
