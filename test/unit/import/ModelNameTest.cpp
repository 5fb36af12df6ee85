//===- ModelNameTest.cpp --------------------------------------------------===//

#include "compiler/import/model/ModelName.h"

#include "gtest/gtest.h"

using namespace tritc::import;

TEST(ModelName, IsTheFoldersWhereNothingElseSaysOne) {
  EXPECT_EQ(modelName("", "/models/bitnet-2b"), "bitnet-2b");
  EXPECT_EQ(modelName("", "/models/bitnet-2b/"), "bitnet-2b");
  EXPECT_EQ(modelName("", "/models/bitnet-2b.gguf"), "bitnet-2b");
  EXPECT_EQ(modelName("", "/models/Falcon3.v2"), "Falcon3.v2");
}

TEST(ModelName, IsTheParentsWhereTheFolderSaysNothing) {
  for (const char *path :
       {"/a/pocket/checkpoint", "/a/pocket/checkpoint-1200", "/a/pocket/model/",
        "/a/pocket/output/final", "/a/pocket/GGUF",
        "/a/pocket/ggml-model-i2_s.gguf", "/a/pocket/model.gguf",
        "/a/pocket/model-00001-of-00003.gguf",
        "/a/pocket/snapshots/0123456789abcdef0123456789abcdef01234567"})
    EXPECT_EQ(modelName("", path), "pocket") << path;
}

TEST(ModelName, IsNeverAWordThatFitsAll) {
  EXPECT_EQ(modelName("checkpoint", "/model/checkpoint"), "model");
  EXPECT_EQ(modelName("", "/"), "model");
  EXPECT_EQ(modelName("model", "/a/pocket/model"), "pocket");
}

TEST(ModelName, IsWhatTheFilesSay) {
  EXPECT_EQ(modelName("BitNet b1.58 2B", "/models/x.gguf"), "BitNet b1.58 2B");
  EXPECT_EQ(modelName("org/name", "/a/pocket"), "org/name");
}

TEST(ModelName, IsThatOfTheCacheOfHuggingFace) {
  const char *snapshot = "/home/me/.cache/huggingface/hub/"
                         "models--microsoft--bitnet-b1.58-2B-4T/snapshots/"
                         "04c3b9ad9361b824064a1f25ea60a8be9599b127";
  EXPECT_EQ(modelName("", snapshot), "microsoft/bitnet-b1.58-2B-4T");
  EXPECT_EQ(modelName("some/base", snapshot), "microsoft/bitnet-b1.58-2B-4T");
  EXPECT_EQ(modelName("", "/hub/models--gpt2/snapshots/main"), "gpt2");
}

TEST(ModelName, OnTheHubHasAnOrganisation) {
  EXPECT_EQ(hubName("1bitLLM/bitnet_b1_58-3B"), "1bitLLM/bitnet_b1_58-3B");
  for (const char *other :
       {"", "pocket", "./output", "/home/me/model", "../x/y", "a/b/c",
        "out/checkpoint-500", "org/", "org/name with space", "~/models"})
    EXPECT_EQ(hubName(other), "") << other;
}
