//===- SentencePiece.cpp - Files of a synthetic SentencePiece model -------===//

#include "tools/tritc-synth/SentencePiece.h"

#include "tools/tritc-synth/Vocabulary.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

namespace tritc::synth {

using llvm::json::OStream;

static constexpr llvm::StringLiteral space = "\u2581";
enum : uint32_t { normal = 1, unknown = 2, control = 3, byteType = 6 };
static constexpr uint64_t firstPiece = 3 + 256;

std::vector<std::string> addedNames() { return {"<pad>", "</line>"}; }

/// Pieces that Gemma finds before it merges.
static const std::vector<std::string> &runsOfGemma() {
  static const std::vector<std::string> runs = {
      (space + space).str(), (space + space + space).str(), "\n\n"};
  return runs;
}

/// Printable ASCII and the space are always pieces.
static std::set<std::string> plainCharacters() {
  std::set<std::string> characters = {space.str()};
  for (char c = '!'; c <= '~'; ++c)
    characters.insert(std::string(1, c));
  return characters;
}

uint64_t smallestPieceVocab() {
  return firstPiece + plainCharacters().size() + 1 + runsOfGemma().size() +
         addedNames().size();
}

/// The characters of `token`, spaces as U+2581; none if it is not UTF-8 or has
/// a control character, which SentencePiece leaves to the byte tokens.
static std::vector<std::string> charactersOf(llvm::StringRef token) {
  const auto *text = reinterpret_cast<const llvm::UTF8 *>(token.data());
  if (!llvm::isLegalUTF8String(&text, text + token.size()))
    return {};
  std::vector<std::string> characters;
  for (size_t i = 0; i < token.size();) {
    size_t length = llvm::getNumBytesForUTF8(uint8_t(token[i]));
    if (uint8_t(token[i]) < 0x20)
      return {};
    characters.push_back(token[i] == ' ' ? space.str()
                                         : token.substr(i, length).str());
    i += length;
  }
  return characters;
}

std::vector<Piece> buildPieces(uint64_t count, TokenizerKind kind) {
  std::vector<Piece> pieces = {
      {"<unk>", 0, unknown}, {"<s>", 0, control}, {"</s>", 0, control}};
  for (unsigned byte = 0; byte < 256; ++byte)
    pieces.push_back({llvm::formatv("<0x{0:X-2}>", byte), 0, byteType});

  std::set<std::string> characters = plainCharacters();
  std::vector<std::string> words;
  if (kind == TokenizerKind::Gemma) {
    words = runsOfGemma();
    characters.insert("\n");
  }
  std::set<std::string> known(words.begin(), words.end());
  for (const std::string &token : learnTokens(count)) {
    std::vector<std::string> parts = charactersOf(token);
    if (parts.size() < 2)
      continue;
    std::set<std::string> wanted = characters;
    wanted.insert(parts.begin(), parts.end());
    if (firstPiece + words.size() + 1 + wanted.size() > count)
      continue;
    std::string word = llvm::join(parts, "");
    if (!known.insert(word).second)
      continue;
    characters = std::move(wanted);
    words.push_back(std::move(word));
  }
  // What is left goes to letters that no word has.
  for (unsigned letter = 0x3b1;
       firstPiece + words.size() + characters.size() < count; ++letter) {
    char utf8[4], *end = utf8;
    llvm::ConvertCodePointToUTF8(letter, end);
    characters.insert(std::string(utf8, end));
  }
  for (const auto &list :
       {words, std::vector<std::string>(characters.begin(), characters.end())})
    for (const std::string &text : list)
      pieces.push_back({text, -float(pieces.size() - firstPiece), normal});
  return pieces;
}

//===----------------------------------------------------------------------===//
// tokenizer.model
//===----------------------------------------------------------------------===//

static void varint(std::string &out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(char(value | 0x80));
  out.push_back(char(value));
}

static void number(std::string &out, unsigned field, uint64_t value) {
  varint(out, field << 3);
  varint(out, value);
}

static void bytes(std::string &out, unsigned field, llvm::StringRef value) {
  varint(out, field << 3 | 2);
  varint(out, value.size());
  out += value;
}

std::string pieceModelText(const std::vector<Piece> &pieces,
                           TokenizerKind kind) {
  std::string out;
  for (const Piece &piece : pieces) {
    std::string message;
    bytes(message, 1, piece.text);
    varint(message, 2 << 3 | 5);
    char score[4];
    llvm::support::endian::write32le(score,
                                     llvm::bit_cast<uint32_t>(piece.score));
    message.append(score, 4);
    if (piece.type != normal)
      number(message, 3, piece.type);
    bytes(out, 1, message);
  }
  std::string trainer;
  number(trainer, 3, 2); // BPE
  number(trainer, 4, pieces.size());
  number(trainer, 35, 1); // byte fallback
  number(trainer, 40, 0);
  number(trainer, 41, 1);
  number(trainer, 42, 2);
  number(trainer, 43, uint64_t(-1));
  bytes(out, 2, trainer);
  std::string normalizer;
  bytes(normalizer, 1, "identity");
  bytes(normalizer, 2, "");
  number(normalizer, 3, kind != TokenizerKind::Gemma); // dummy prefix
  number(normalizer, 4, 0);                            // spaces stay
  number(normalizer, 5, 1);                            // as U+2581
  bytes(out, 3, normalizer);
  return out;
}

//===----------------------------------------------------------------------===//
// tokenizer.json
//===----------------------------------------------------------------------===//

static void writeAdded(OStream &json, uint64_t id, llvm::StringRef content,
                       bool special) {
  json.object([&] {
    json.attribute("id", id);
    json.attribute("content", content);
    for (const char *flag : {"single_word", "lstrip", "rstrip", "normalized"})
      json.attribute(flag, false);
    json.attribute("special", special);
  });
}

static void writeReplace(OStream &json, llvm::StringRef from,
                         llvm::StringRef to) {
  json.object([&] {
    json.attribute("type", "Replace");
    json.attributeObject("pattern", [&] { json.attribute("String", from); });
    json.attribute("content", to);
  });
}

/// Spaces become U+2581. Gemma puts none in front, and cuts at spaces, of which
/// none is left.
static void writeSpaces(OStream &json, TokenizerKind kind) {
  if (kind == TokenizerKind::Gemma) {
    json.attributeBegin("normalizer");
    writeReplace(json, " ", space);
    json.attributeEnd();
    return json.attributeObject("pre_tokenizer", [&] {
      json.attribute("type", "Split");
      json.attributeObject("pattern", [&] { json.attribute("String", " "); });
      json.attribute("behavior", "MergedWithPrevious");
      json.attribute("invert", false);
    });
  }
  json.attributeObject("normalizer", [&] {
    json.attribute("type", "Sequence");
    json.attributeArray("normalizers", [&] {
      json.object([&] {
        json.attribute("type", "Prepend");
        json.attribute("prepend", space);
      });
      writeReplace(json, " ", space);
    });
  });
  json.attribute("pre_tokenizer", nullptr);
}

static void writePipeline(OStream &json, TokenizerKind kind) {
  writeSpaces(json, kind);
  json.attributeObject("post_processor", [&] {
    json.attribute("type", "TemplateProcessing");
    json.attributeArray("single", [&] {
      json.object([&] {
        json.attributeObject("SpecialToken", [&] {
          json.attribute("id", "<s>");
          json.attribute("type_id", 0);
        });
      });
      json.object([&] {
        json.attributeObject("Sequence", [&] {
          json.attribute("id", "A");
          json.attribute("type_id", 0);
        });
      });
    });
    json.attributeObject("special_tokens", [&] {
      json.attributeObject("<s>", [&] {
        json.attribute("id", "<s>");
        json.attributeArray("ids", [&] { json.value(1); });
        json.attributeArray("tokens", [&] { json.value("<s>"); });
      });
    });
  });
  json.attributeObject("decoder", [&] {
    json.attribute("type", "Sequence");
    json.attributeArray("decoders", [&] {
      writeReplace(json, space, " ");
      json.object([&] { json.attribute("type", "ByteFallback"); });
      json.object([&] { json.attribute("type", "Fuse"); });
      if (kind == TokenizerKind::Gemma)
        return;
      json.object([&] {
        json.attribute("type", "Strip");
        json.attribute("content", " ");
        json.attribute("start", 1);
        json.attribute("stop", 0);
      });
    });
  });
}

/// Scores fall with the ids, so this is the order of Hugging Face's merges.
static void writeMerges(OStream &json, const std::vector<Piece> &pieces) {
  llvm::StringMap<bool> known;
  for (const Piece &piece : pieces)
    if (piece.type == normal)
      known[piece.text] = true;
  json.attributeArray("merges", [&] {
    for (const Piece &piece : pieces) {
      llvm::StringRef text = piece.text;
      if (piece.type != normal)
        continue;
      for (size_t cut = 1; cut < text.size(); ++cut)
        if (known.contains(text.take_front(cut)) &&
            known.contains(text.drop_front(cut)))
          json.value((text.take_front(cut) + " " + text.drop_front(cut)).str());
    }
  });
}

std::string pieceTokenizerText(const std::vector<Piece> &pieces,
                               TokenizerKind kind) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("version", "1.0");
    json.attribute("truncation", nullptr);
    json.attribute("padding", nullptr);
    json.attributeArray("added_tokens", [&] {
      for (uint64_t id = 0; id < 3; ++id)
        writeAdded(json, id, pieces[id].text, true);
      if (kind == TokenizerKind::Gemma)
        for (auto [id, run] : llvm::enumerate(runsOfGemma()))
          writeAdded(json, firstPiece + id, run, false);
      uint64_t id = pieces.size();
      for (const std::string &name : addedNames())
        writeAdded(json, id++, name, false);
    });
    writePipeline(json, kind);
    json.attributeObject("model", [&] {
      json.attribute("type", "BPE");
      json.attribute("dropout", nullptr);
      json.attribute("unk_token", "<unk>");
      json.attribute("continuing_subword_prefix", nullptr);
      json.attribute("end_of_word_suffix", nullptr);
      json.attribute("fuse_unk", true);
      json.attribute("byte_fallback", true);
      json.attributeObject("vocab", [&] {
        for (uint64_t id = 0; id < pieces.size(); ++id)
          json.attribute(pieces[id].text, id);
      });
      writeMerges(json, pieces);
    });
  });
  return text + "\n";
}

std::string addedTokensText(const std::vector<Piece> &pieces) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    uint64_t id = pieces.size();
    for (const std::string &name : addedNames())
      json.attribute(name, id++);
  });
  return text + "\n";
}

} // namespace tritc::synth
