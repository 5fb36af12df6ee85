//===- JsonTest.cpp - JSON text from strangers ----------------------------===//

#include "compiler/support/Json.h"
#include "test/unit/import/TestFiles.h"

namespace tritc::import {
namespace {

llvm::json::Value parsed(llvm::StringRef text) {
  llvm::Expected<llvm::json::Value> value = parseJson(text, "f.json");
  EXPECT_TRUE(bool(value)) << toFailure(value.takeError()).message;
  return value ? std::move(*value) : llvm::json::Value(nullptr);
}

TEST(Json, reads_nested_values) {
  llvm::json::Value value =
      parsed(R"({"a": [1, -2, 2.5, "x", true, null, {"b": []}], "c": {}})");
  EXPECT_EQ(value,
            llvm::json::Value(llvm::json::Object{
                {"a", llvm::json::Array{1, -2, 2.5, "x", true, nullptr,
                                        llvm::json::Object{
                                            {"b", llvm::json::Array{}}}}},
                {"c", llvm::json::Object{}}}));
}

TEST(Json, keeps_integers_of_64_bits) {
  EXPECT_EQ(parsed("18446744073709551615").getAsUINT64(), UINT64_MAX);
  EXPECT_EQ(parsed("9007199254740993").getAsUINT64(), 9007199254740993u);
}

TEST(Json, decodes_escapes_and_utf8) {
  EXPECT_EQ(parsed(R"("\u00e9\ud83d\ude00é")").getAsString(), "é😀é");
}

TEST(Json, last_of_duplicate_keys_wins) {
  EXPECT_EQ(parsed(R"({"a": {"x": 1}, "b": 2, "a": 3})"),
            llvm::json::Value(llvm::json::Object{{"a", 3}, {"b", 2}}));
}

TEST(Json, rejects_duplicate_keys_where_asked) {
  EXPECT_FAILURE(parseJson(R"({"a": 1, "\u0061": 2})", "f.json",
                           {.duplicates = DuplicateKeys::Reject}),
                 ExitCode::Malformed, "f.json: duplicate key \"a\"");
}

TEST(Json, rejects_broken_text) {
  for (llvm::StringRef text :
       {" ", "{", "{\"a\"}", "[1,]", "nul", "\"a", "1 2", "{\"a\":1}x", "[NaN]",
        "'a'", "\"\xff\"", "\"\xc3\"", "01"})
    EXPECT_FAILURE(parseJson(text, "f.json"), ExitCode::Malformed,
                   "f.json: malformed JSON at byte ");
}

TEST(Json, rejects_nul_after_a_whole_value) {
  EXPECT_FAILURE(parseJson(llvm::StringRef("{}\0x", 4), "f.json"),
                 ExitCode::Malformed, "at byte 3: NUL");
}

TEST(Json, rejects_a_depth_bomb) {
  EXPECT_FAILURE(parseJson(std::string(10'000'000, '['), "f.json"),
                 ExitCode::Malformed, "nested deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 100; ++i)
    objects += "{\"a\":";
  EXPECT_FAILURE(parseJson(objects, "f.json"), ExitCode::Malformed,
                 "nested deeper than 64 levels");
}

TEST(Json, accepts_the_allowed_depth) {
  EXPECT_SUCCESS(parseJson(std::string(64, '[') + std::string(64, ']'), "f"));
}

TEST(Json, rejects_too_many_values) {
  EXPECT_FAILURE(parseJson("[1,2,3]", "f.json", {.maxValues = 3}),
                 ExitCode::Malformed, "more than 3 values");
  EXPECT_SUCCESS(parseJson("[1,2]", "f.json", {.maxValues = 3}));
}

TEST(Json, an_object_is_asked_for_by_name) {
  EXPECT_FAILURE(parseJsonObject("[]", "f.json"), ExitCode::Malformed,
                 "f.json: expected a JSON object, found an array");
}

} // namespace
} // namespace tritc::import
