//===- ShardsTest.cpp - One file, or shards and their index ---------------===//

#include "compiler/import/safetensors/Safetensors.h"
#include "test/unit/import/TestFiles.h"

#include "llvm/ADT/StringExtras.h"

#include <unistd.h>

namespace tritc::import {
namespace {

using test::safetensors;

class Shards : public testing::Test {
protected:
  void SetUp() override {
    directory.write("one.safetensors", safetensors({{"a", {"U8", {1}, "x"}}}));
    directory.write("two.safetensors", safetensors({{"b", {"U8", {1}, "y"}},
                                                    {"c", {"U8", {1}, "z"}}}));
  }
  void writeIndex(const std::string &map) {
    directory.write("model.safetensors.index.json",
                    "{\"metadata\":{\"total_size\":7},\"weight_map\":" + map +
                        "}");
  }
  llvm::Expected<TensorSet> open() { return TensorSet::open(directory.path()); }
  test::TempDirectory directory;
};

TEST_F(Shards, tensors_come_from_their_shards) {
  writeIndex(R"({"a":"one.safetensors","b":"two.safetensors",
                 "c":"two.safetensors"})");
  llvm::Expected<TensorSet> set = open();
  ASSERT_TRUE(bool(set)) << toFailure(set.takeError()).message;
  EXPECT_EQ(set->ledger().size(), 3u);
  std::optional<TensorSet::Item> c = set->ledger().take("c");
  ASSERT_TRUE(c.has_value());
  EXPECT_EQ(c->file->path(), directory.path("two.safetensors"));
  EXPECT_EQ(llvm::toStringRef(c->file->bytes(*c->entry)), "z");
  EXPECT_FALSE(set->ledger().take("d").has_value());
}

TEST_F(Shards, a_single_file_is_preferred) {
  writeIndex("{\"a\":\"missing.safetensors\"}");
  directory.write("model.safetensors", safetensors({{"q", {"U8", {1}, "x"}}}));
  llvm::Expected<TensorSet> set = open();
  ASSERT_TRUE(bool(set)) << toFailure(set.takeError()).message;
  EXPECT_TRUE(set->ledger().take("q").has_value());
}

TEST_F(Shards, rejects_neither_file_nor_index) {
  EXPECT_FAILURE(open(), ExitCode::Unreadable,
                 "expected model.safetensors or model.safetensors.index.json");
}

TEST_F(Shards, rejects_a_dangling_link_instead_of_looking_elsewhere) {
  writeIndex("{\"a\":\"one.safetensors\"}");
  ASSERT_EQ(::symlink("gone", directory.path("model.safetensors").c_str()), 0);
  EXPECT_FAILURE(open(), ExitCode::Unreadable,
                 "model.safetensors: cannot open");
}

TEST_F(Shards, rejects_names_that_are_not_plain) {
  for (const char *name :
       {"\"../one.safetensors\"", "\"/etc/passwd\"", "\"..\"", "\".\"", "\"\"",
        "\"a\\\\b\"", "\"x/one.safetensors\"", "\"one.safetensors\\u0000\"",
        "7", "null"})
    [&] {
      writeIndex(std::string("{\"a\":") + name + "}");
      EXPECT_FAILURE(open(), ExitCode::Malformed,
                     "a: expected a plain file name");
    }();
}

TEST_F(Shards, rejects_a_missing_shard) {
  writeIndex("{\"a\":\"three.safetensors\"}");
  EXPECT_FAILURE(open(), ExitCode::Unreadable,
                 "three.safetensors: cannot open");
}

TEST_F(Shards, rejects_a_tensor_that_its_shard_lacks) {
  writeIndex(R"({"a":"one.safetensors","d":"one.safetensors"})");
  EXPECT_FAILURE(open(), ExitCode::Malformed,
                 "d: expected it in one.safetensors, found nothing");
}

TEST_F(Shards, rejects_a_tensor_in_another_shard) {
  writeIndex(R"({"a":"one.safetensors","b":"one.safetensors",
                 "c":"two.safetensors"})");
  EXPECT_FAILURE(open(), ExitCode::Malformed,
                 "b: expected it in one.safetensors, found it in ");
}

TEST_F(Shards, rejects_a_tensor_in_two_shards) {
  directory.write("two.safetensors", safetensors({{"a", {"U8", {1}, "y"}},
                                                  {"b", {"U8", {1}, "y"}}}));
  writeIndex(R"({"a":"one.safetensors","b":"two.safetensors"})");
  EXPECT_FAILURE(open(), ExitCode::Malformed,
                 "a: expected each tensor once, found it in ");
}

TEST_F(Shards, rejects_a_tensor_mapped_twice) {
  writeIndex(R"({"a":"one.safetensors","a":"two.safetensors"})");
  EXPECT_FAILURE(open(), ExitCode::Malformed, "duplicate key \"a\"");
}

TEST_F(Shards, rejects_an_index_without_map) {
  directory.write("model.safetensors.index.json", "{}");
  EXPECT_FAILURE(open(), ExitCode::Malformed, "weight_map: expected an object");
}

} // namespace
} // namespace tritc::import
