//===- NameTest.cpp - What is a name, and what a path ---------------------===//

#include "compiler/hub/Name.h"

#include "compiler/support/Error.h"

#include "gtest/gtest.h"

using namespace tritc;
using namespace tritc::hub;

static std::string read(llvm::StringRef text) {
  llvm::Expected<std::optional<Name>> name = readName(text);
  if (!name) {
    EXPECT_EQ(toFailure(name.takeError()).code, ExitCode::Usage);
    return "refused";
  }
  if (!*name)
    return "path";
  return (*name)->repository + " " + (*name)->revision + " " + (*name)->file;
}

TEST(Name, AllSpellingsOfAModelAreOne) {
  for (llvm::StringRef text :
       {"acme/b1.58", "hf:acme/b1.58", "hf://acme/b1.58", "hf.co/acme/b1.58",
        "https://huggingface.co/acme/b1.58",
        "https://huggingface.co/acme/b1.58/",
        "https://huggingface.co/acme/b1.58?library=x#top",
        "https://huggingface.co/acme/b1.58/tree/main",
        "https://huggingface.co/acme/b1.58/blob/main/config.json"})
    EXPECT_EQ(read(text), "acme/b1.58 main ") << text.str();
}

TEST(Name, RevisionsAndFilesAreTaken) {
  EXPECT_EQ(read("acme/b@v2"), "acme/b v2 ");
  EXPECT_EQ(read("acme/b:i2_s"), "acme/b main i2_s");
  EXPECT_EQ(read("acme/b@v2:x.gguf"), "acme/b v2 x.gguf");
  EXPECT_EQ(read("acme/b:sub/x.gguf"), "acme/b main sub/x.gguf");
  EXPECT_EQ(read("hf:acme/b/sub/x.gguf"), "acme/b main sub/x.gguf");
  EXPECT_EQ(read("https://huggingface.co/acme/b/resolve/v2/x.gguf?download=1"),
            "acme/b v2 x.gguf");
  EXPECT_EQ(read("https://huggingface.co/acme/b/tree/refs%2Fpr%2F1"),
            "acme/b refs/pr/1 ");
}

TEST(Name, PathsStayPaths) {
  for (llvm::StringRef text :
       {"model", "./acme/b", "../b", "/acme/b", "acme/b/", "a/b/c",
        "acme/b.gguf", "acme/..", "acme/a--b", "acme/", "/", "", "acme/b c",
        "~/b"})
    EXPECT_EQ(read(text), "path") << text.str();
}

TEST(Name, WhatBeginsAsANameMustBeOne) {
  for (llvm::StringRef text :
       {"hf:", "hf:acme", "hf:../b", "hf:acme/..", "hf:acme/b@../../x",
        "hf:acme/b@", "hf:acme/b:../x.gguf",
        "hf:acme/b:", "hf:acme/b/config.json", "https://huggingface.co/acme",
        "https://example.com/acme/b", "file:///acme/b"})
    EXPECT_EQ(read(text), "refused") << text.str();
}

TEST(Name, APathIsInsideOnlyWithoutWaysOut) {
  EXPECT_TRUE(isInside("a/b.json"));
  for (llvm::StringRef path :
       {"", "/a", "a/", "../a", "a/../b", "a//b", ".", "a\\b", "a\nb"})
    EXPECT_FALSE(isInside(path)) << path.str();
  EXPECT_FALSE(isInside(llvm::StringRef("a\0b", 3)));
}
