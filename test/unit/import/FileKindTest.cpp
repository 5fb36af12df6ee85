//===- FileKindTest.cpp - Files are called by their names -----------------===//

#include "compiler/support/FileKind.h"
#include "compiler/import/Checkpoint.h"
#include "compiler/import/safetensors/Safetensors.h"
#include "compiler/import/tokenizer/Tokenizer.h"
#include "test/unit/import/TestFiles.h"

#include <unistd.h>

namespace tritc::import {
namespace {

using namespace std::string_literals;
using test::TempDirectory;
using test::TestModel;

const std::string pointer = "version https://git-lfs.github.com/spec/v1\n"
                            "oid sha256:" +
                            std::string(64, '0') + "\nsize 1182837\n";

std::string kindOf(const std::string &bytes) {
  return fileKind(bytes, Expects::Bytes);
}

TEST(FileKind, names_what_stands_where_a_file_was_expected) {
  const std::pair<std::string, const char *> cases[] = {
      {pointer, "a Git LFS pointer; run git lfs pull"},
      {"", "an empty file"},
      {"\xef\xbb\xbf\n <!DOCTYPE html><html>", "a web page (HTML)"},
      {"<HTML><body>401</body>", "a web page (HTML)"},
      {"<?xml version=\"1.0\"?><Error>", "an XML text"},
      {"{\"error\":\"Repository not found\"}", "an error message, '{\"error\""},
      {"Entry not found", "an error message, 'Entry not found'"},
      {"Invalid username or password.", "an error message"},
      {"Some notes\nof mine", "a text, 'Some notes'"},
      {"PK\x03\x04 archive/data.pkl"s, "a pickle"},
      {"PK\x03\x04 weights.txt"s, "a zip archive; unpack it"},
      {"\x80\x02}q"s, "a pickle"},
      {"\x1f\x8b\x08\0"s, "a gzip archive"},
      {"\xfd"
       "7zXZ\0"s,
       "an xz archive"},
      {"\x28\xb5\x2f\xfd"s, "a zstd archive"},
      {"7z\xbc\xaf\x27\x1c"s, "a 7z archive"},
      {std::string(257, 'a') + "ustar", "a tar archive"},
      {"GGUF\3\0\0\0"s, "a GGUF file"},
      {"tjgg\3\0\0\0"s, "a GGML file, older than GGUF"},
      {"\x08\x08\x12\x07pytorch"s, "an ONNX file"},
      {"\x02\0\0\0\0\0\0\0{}"s, "a safetensors file"},
      {"\xff\xfe{\0\"\0"s, "a text in UTF-16"},
      {"{\0\"\0a\0"s, "a text in UTF-16"},
      {std::string(5000, '\0'), "zeros"},
  };
  for (const auto &[bytes, kind] : cases)
    EXPECT_EQ(kindOf(bytes).substr(0, std::string(kind).size()), kind) << bytes;
}

TEST(FileKind, is_silent_about_what_it_does_not_know) {
  for (const std::string &bytes :
       {"\1\2\3"s, "\n\x0e\n\x05<unk>"s, "8\0\0\0\0\0\0\0"s})
    EXPECT_EQ(kindOf(bytes), "");
  // Where a text is expected one is nothing to speak of.
  for (const std::string &bytes : {"IQ== 0\nIg== 1\n"s, "{\"a\":1}"s,
                                   "{% set error = 1 %}"s, "{{ error }}"s})
    EXPECT_EQ(fileKind(bytes, Expects::Text), "");
}

/// A model whose file `name` holds `bytes`.
Failure openWith(const char *name, const std::string &bytes) {
  TempDirectory directory;
  TestModel model = TestModel::packed();
  model.write(directory);
  directory.write(name, bytes);
  return toFailure(Checkpoint::open(directory.path()).takeError());
}

TEST(FileKind, is_told_of_every_file_of_a_checkpoint) {
  for (const char *name :
       {"model.safetensors", "config.json", "generation_config.json",
        "tokenizer_config.json", "chat_template.jinja"})
    for (const auto &[bytes, kind] :
         {std::pair(pointer, "a Git LFS pointer; run git lfs pull"),
          std::pair("<!DOCTYPE html>"s, "a web page"),
          std::pair(""s, "an empty file")}) {
      Failure failure = openWith(name, bytes);
      EXPECT_EQ(failure.code, ExitCode::Unreadable) << failure.message;
      EXPECT_NE(failure.message.find(name), std::string::npos)
          << failure.message;
      EXPECT_NE(failure.message.find(kind), std::string::npos)
          << failure.message;
    }
}

TEST(FileKind, is_told_of_an_index_and_of_parts) {
  TempDirectory directory;
  TestModel::packed().write(directory);
  ::unlink(directory.path("model.safetensors").c_str());
  directory.write("model.safetensors.index.json", pointer);
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                 "index.json: expected JSON, found a Git LFS pointer");
  directory.write("model.safetensors.index.json",
                  "{\"weight_map\":{\"a\":\"part.safetensors\"}}");
  directory.write("part.safetensors", pointer);
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                 "part.safetensors: expected a safetensors file, found a Git");
}

TEST(FileKind, is_told_of_tokenizers) {
  for (const char *name : {"tokenizer.json", "tokenizer.model"}) {
    TempDirectory directory;
    directory.write(name, pointer);
    EXPECT_FAILURE(readTokenizer(directory.path(), {300, std::nullopt}),
                   ExitCode::Unreadable, "a Git LFS pointer");
    directory.write(name, "\xff\xfe{\0}\0"s);
    EXPECT_FAILURE(readTokenizer(directory.path(), {300, std::nullopt}),
                   ExitCode::Unreadable, "a text in UTF-16");
  }
}

TEST(FileKind, is_told_of_a_path_that_is_no_checkpoint) {
  TempDirectory directory;
  for (const char *name : {"m.gguf", "m.safetensors", "m.bin"}) {
    EXPECT_FAILURE(Checkpoint::open(directory.write(name, pointer)),
                   ExitCode::Unreadable, "a Git LFS pointer");
    EXPECT_FAILURE(Checkpoint::open(directory.write(
                       name, test::safetensors({{"a", {"U8", {1}, "x"}}}))),
                   ExitCode::Unreadable,
                   "a safetensors file; give the directory");
  }
}

TEST(FileKind, is_told_where_an_error_is_valid_json) {
  Failure failure = openWith("config.json", "{\"error\":\"gated\"}");
  EXPECT_NE(failure.message.find("an error message"), std::string::npos)
      << failure.message;
}

TEST(Download, is_known_to_be_cut) {
  TempDirectory directory;
  std::string whole = test::safetensors({{"a", {"U8", {3}, "abc"}}});
  EXPECT_FAILURE(Safetensors::open(
                     directory.write("t", whole.substr(0, whole.size() - 1))),
                 ExitCode::Malformed,
                 "partly downloaded, expected a file of " +
                     std::to_string(whole.size()) + " bytes");
  EXPECT_FAILURE(Safetensors::open(directory.write("t", whole.substr(0, 20))),
                 ExitCode::Malformed, "; partly downloaded?");
}

} // namespace
} // namespace tritc::import
