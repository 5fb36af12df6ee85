//===- Tokenizer.cpp - tokenizer.json of a synthetic checkpoint -----------===//

#include "tools/tritc-synth/Tokenizer.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::synth {

using llvm::json::OStream;

namespace {
/// What tokenizers of the same tokens differ in.
struct Pipeline {
  /// Cuts text into pieces before merging.
  const char *expression;
  bool composes;    ///< text is put into NFC first
  bool wholePieces; ///< a piece that is a token is not merged
  bool addsBegin;
};
} // namespace

static constexpr Pipeline
    llama3 = {"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
              "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|"
              "\\s+(?!\\S)|\\s+",
              false, true, true},
    qwen = {"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
            "\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|"
            "\\s+(?!\\S)|\\s+",
            true, false, false};

static std::string inAlphabet(const std::string &token) {
  std::string text;
  for (char byte : token)
    text += alphabetCharacter(uint8_t(byte));
  return text;
}

static void byteLevel(OStream &json, bool prefixSpace, bool trimOffsets,
                      bool useRegex) {
  json.attribute("type", "ByteLevel");
  json.attribute("add_prefix_space", prefixSpace);
  json.attribute("trim_offsets", trimOffsets);
  json.attribute("use_regex", useRegex);
}

static void writeAddedTokens(OStream &json, const Vocabulary &vocabulary) {
  json.attributeArray("added_tokens", [&] {
    uint64_t id = vocabulary.tokens.size();
    for (const std::string &special : vocabulary.specials)
      json.object([&] {
        json.attribute("id", id++);
        json.attribute("content", special);
        json.attribute("single_word", false);
        json.attribute("lstrip", false);
        json.attribute("rstrip", false);
        json.attribute("normalized", false);
        json.attribute("special", true);
      });
  });
}

static void writePreTokenizer(OStream &json, const char *expression) {
  json.attributeObject("pre_tokenizer", [&] {
    json.attribute("type", "Sequence");
    json.attributeArray("pretokenizers", [&] {
      json.object([&] {
        json.attribute("type", "Split");
        json.attributeObject("pattern",
                             [&] { json.attribute("Regex", expression); });
        json.attribute("behavior", "Isolated");
        json.attribute("invert", false);
      });
      json.object([&] { byteLevel(json, false, true, false); });
    });
  });
}

/// One text begins with <|begin_of_text|>, and so does each of a pair.
static void writePostProcessor(OStream &json, const Vocabulary &vocabulary) {
  const std::string &begin = vocabulary.specials.front();
  auto special = [&](unsigned type) {
    json.object([&] {
      json.attributeObject("SpecialToken", [&] {
        json.attribute("id", begin);
        json.attribute("type_id", type);
      });
    });
  };
  auto sequence = [&](const char *name, unsigned type) {
    json.object([&] {
      json.attributeObject("Sequence", [&] {
        json.attribute("id", name);
        json.attribute("type_id", type);
      });
    });
  };
  auto templateProcessing = [&] {
    json.attribute("type", "TemplateProcessing");
    json.attributeArray("single", [&] {
      special(0);
      sequence("A", 0);
    });
    json.attributeArray("pair", [&] {
      special(0);
      sequence("A", 0);
      special(1);
      sequence("B", 1);
    });
    json.attributeObject("special_tokens", [&] {
      json.attributeObject(begin, [&] {
        json.attribute("id", begin);
        json.attributeArray("ids",
                            [&] { json.value(vocabulary.tokens.size()); });
        json.attributeArray("tokens", [&] { json.value(begin); });
      });
    });
  };
  json.attributeObject("post_processor", [&] {
    json.attribute("type", "Sequence");
    json.attributeArray("processors", [&] {
      json.object([&] { byteLevel(json, true, false, true); });
      json.object(templateProcessing);
    });
  });
}

static void writeModel(OStream &json, const Vocabulary &vocabulary,
                       bool wholePieces) {
  std::vector<std::string> names;
  for (const std::string &token : vocabulary.tokens)
    names.push_back(inAlphabet(token));
  json.attributeObject("model", [&] {
    json.attribute("type", "BPE");
    for (const char *absent :
         {"dropout", "unk_token", "continuing_subword_prefix",
          "end_of_word_suffix"})
      json.attribute(absent, nullptr);
    json.attribute("fuse_unk", false);
    json.attribute("byte_fallback", false);
    json.attribute("ignore_merges", wholePieces);
    json.attributeObject("vocab", [&] {
      for (auto [id, name] : llvm::enumerate(names))
        json.attribute(name, id);
    });
    json.attributeArray("merges", [&] {
      for (auto [left, right] : vocabulary.merges)
        json.value(names[left] + " " + names[right]);
    });
  });
}

static void writeNormalizer(OStream &json, bool composes) {
  if (!composes)
    return json.attribute("normalizer", nullptr);
  json.attributeObject("normalizer", [&] { json.attribute("type", "NFC"); });
}

std::string tokenizerText(const Vocabulary &vocabulary, TokenizerKind kind) {
  const Pipeline &pipeline = kind == TokenizerKind::Qwen ? qwen : llama3;
  std::string text;
  llvm::raw_string_ostream os(text);
  OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("version", "1.0");
    json.attribute("truncation", nullptr);
    json.attribute("padding", nullptr);
    writeAddedTokens(json, vocabulary);
    writeNormalizer(json, pipeline.composes);
    writePreTokenizer(json, pipeline.expression);
    if (pipeline.addsBegin)
      writePostProcessor(json, vocabulary);
    else
      json.attributeObject("post_processor",
                           [&] { byteLevel(json, false, false, false); });
    json.attributeObject("decoder", [&] { byteLevel(json, true, true, true); });
    writeModel(json, vocabulary, pipeline.wholePieces);
  });
  return text + "\n";
}

} // namespace tritc::synth
