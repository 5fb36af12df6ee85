//===- Tokenizer.cpp - tokenizer.json of a synthetic checkpoint -----------===//

#include "tools/tritc-synth/Tokenizer.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace tritc::synth {

using llvm::json::OStream;

/// The Llama-3 pattern that cuts text into pieces before merging.
static constexpr const char *splitPattern =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

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

static void writePreTokenizer(OStream &json) {
  json.attributeObject("pre_tokenizer", [&] {
    json.attribute("type", "Sequence");
    json.attributeArray("pretokenizers", [&] {
      json.object([&] {
        json.attribute("type", "Split");
        json.attributeObject("pattern",
                             [&] { json.attribute("Regex", splitPattern); });
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

static void writeModel(OStream &json, const Vocabulary &vocabulary) {
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
    json.attribute("ignore_merges", true);
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

std::string tokenizerText(const Vocabulary &vocabulary) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OStream json(os, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("version", "1.0");
    json.attribute("truncation", nullptr);
    json.attribute("padding", nullptr);
    writeAddedTokens(json, vocabulary);
    json.attribute("normalizer", nullptr);
    writePreTokenizer(json);
    writePostProcessor(json, vocabulary);
    json.attributeObject("decoder", [&] { byteLevel(json, true, true, true); });
    writeModel(json, vocabulary);
  });
  return text + "\n";
}

} // namespace tritc::synth
