//===- SmallTokenizer.h - A tokenizer.json of 260 tokens ------------------===//
#pragma once

#include "test/unit/text/ByteAlphabet.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace tritc::test {

inline constexpr char llama3Pattern[] =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

inline llvm::json::Object addedToken(int64_t id, llvm::StringRef content,
                                     bool special = true) {
  return llvm::json::Object{{"id", id},           {"content", content},
                            {"special", special}, {"single_word", false},
                            {"lstrip", false},    {"rstrip", false},
                            {"normalized", false}};
}

/// 256 bytes, " a" (256), "ab" (257), and the special tokens <s> (258) and
/// <e> (259), with the pipeline of Llama 3.
inline llvm::json::Object smallTokenizer() {
  llvm::json::Object vocab;
  for (int byte = 0; byte < 256; ++byte)
    vocab[alphabetOf(static_cast<uint8_t>(byte))] = byte;
  vocab["\u0120a"] = 256;
  vocab["ab"] = 257;
  llvm::json::Object split{
      {"type", "Split"},
      {"pattern", llvm::json::Object{{"Regex", llama3Pattern}}},
      {"behavior", "Isolated"},
      {"invert", false}};
  llvm::json::Object byteLevel{{"type", "ByteLevel"},
                               {"add_prefix_space", false},
                               {"trim_offsets", true},
                               {"use_regex", false}};
  llvm::json::Object bos{{"id", "<s>"},
                         {"ids", llvm::json::Array{258}},
                         {"tokens", llvm::json::Array{"<s>"}}};
  llvm::json::Object bosTemplate{
      {"type", "TemplateProcessing"},
      {"single",
       llvm::json::Array{
           llvm::json::Object{
               {"SpecialToken",
                llvm::json::Object{{"id", "<s>"}, {"type_id", 0}}}},
           llvm::json::Object{
               {"Sequence", llvm::json::Object{{"id", "A"}, {"type_id", 0}}}}}},
      {"special_tokens", llvm::json::Object{{"<s>", std::move(bos)}}}};
  return llvm::json::Object{
      {"version", "1.0"},
      {"truncation", nullptr},
      {"padding", nullptr},
      {"added_tokens",
       llvm::json::Array{addedToken(258, "<s>"), addedToken(259, "<e>")}},
      {"normalizer", nullptr},
      {"pre_tokenizer",
       llvm::json::Object{
           {"type", "Sequence"},
           {"pretokenizers",
            llvm::json::Array{std::move(split), std::move(byteLevel)}}}},
      {"post_processor", std::move(bosTemplate)},
      {"decoder",
       llvm::json::Object{{"type", "ByteLevel"}, {"use_regex", true}}},
      {"model",
       llvm::json::Object{{"type", "BPE"},
                          {"dropout", nullptr},
                          {"unk_token", nullptr},
                          {"continuing_subword_prefix", nullptr},
                          {"end_of_word_suffix", nullptr},
                          {"fuse_unk", false},
                          {"byte_fallback", false},
                          {"ignore_merges", true},
                          {"vocab", std::move(vocab)},
                          {"merges", llvm::json::Array{"\u0120 a", "a b"}}}}};
}

inline std::string textOf(llvm::json::Object document) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(document));
  return text;
}

} // namespace tritc::test
