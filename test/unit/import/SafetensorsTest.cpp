//===- SafetensorsTest.cpp - The rules of one safetensors file ------------===//

#include "compiler/import/safetensors/Safetensors.h"
#include "compiler/import/model/TensorView.h"
#include "test/unit/import/TestFiles.h"

#include "llvm/ADT/StringExtras.h"

namespace tritc::import {
namespace {

using test::safetensors;
using test::safetensorsRaw;

class SafetensorsFile : public testing::Test {
protected:
  llvm::Expected<Safetensors> open(const std::string &bytes) {
    return Safetensors::open(directory.write("t.safetensors", bytes));
  }
  llvm::Expected<Safetensors> open(const std::string &header,
                                   const std::string &data) {
    return open(safetensorsRaw(header, data));
  }
  test::TempDirectory directory;
};

/// One entry of a header.
std::string entry(const std::string &name, const std::string &dtype,
                  const std::string &shape, const std::string &offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

TEST_F(SafetensorsFile, gives_names_shapes_and_bytes) {
  llvm::Expected<Safetensors> file = open(safetensors(
      {{"b", {"U8", {2, 3}, "abcdef"}}, {"a", {"BF16", {1}, "xy"}}}));
  ASSERT_TRUE(bool(file)) << toFailure(file.takeError()).message;
  ASSERT_EQ(file->entries().size(), 2u);
  const SafetensorsEntry &a = file->entries()[0], &b = file->entries()[1];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.dtype, DType::BF16);
  EXPECT_EQ(llvm::toStringRef(file->bytes(a)), "xy");
  EXPECT_EQ(b.name, "b");
  EXPECT_EQ(shapeText(b.shape), "[2, 3]");
  EXPECT_EQ(llvm::toStringRef(file->bytes(b)), "abcdef");
}

TEST_F(SafetensorsFile, order_of_names_and_of_data_may_differ) {
  llvm::Expected<Safetensors> file =
      open("{" + entry("a", "U8", "[2]", "[3,5]") + "," +
               entry("b", "U8", "[3]", "[0,3]") + "}",
           "bbbaa");
  ASSERT_TRUE(bool(file)) << toFailure(file.takeError()).message;
  EXPECT_EQ(llvm::toStringRef(file->bytes(file->entries()[0])), "aa");
}

TEST_F(SafetensorsFile, accepts_no_tensors_scalars_and_empty_tensors) {
  EXPECT_SUCCESS(open("{}", ""));
  EXPECT_SUCCESS(open("{" + entry("a", "F32", "[]", "[0,4]") + "," +
                          entry("b", "F32", "[0,7]", "[4,4]") + "," +
                          entry("c", "F32", "[3,0]", "[0,0]") + "}",
                      "1234"));
}

TEST_F(SafetensorsFile, accepts_any_alignment_and_trailing_spaces) {
  EXPECT_SUCCESS(
      open("{" + entry("a", "F32", "[1]", "[0,4]") + "}   ", "1234"));
}

TEST_F(SafetensorsFile, knows_every_type_of_the_format) {
  for (auto [type, bytes] : std::initializer_list<std::pair<const char *, int>>{
           {"BOOL", 8},    {"F4", 4},   {"F6_E2M3", 6}, {"F6_E3M2", 6},
           {"U8", 8},      {"I8", 8},   {"F8_E5M2", 8}, {"F8_E4M3", 8},
           {"F8_E8M0", 8}, {"I16", 16}, {"U16", 16},    {"F16", 16},
           {"BF16", 16},   {"I32", 32}, {"U32", 32},    {"F32", 32},
           {"C64", 64},    {"F64", 64}, {"I64", 64},    {"U64", 64}})
    EXPECT_SUCCESS(open(
        "{" + entry("a", type, "[8]", "[0," + std::to_string(bytes) + "]") +
            "}",
        std::string(bytes, 'x')));
}

TEST_F(SafetensorsFile, rejects_an_unknown_type) {
  EXPECT_FAILURE(open("{" + entry("a", "Q4", "[1]", "[0,1]") + "}", "x"),
                 ExitCode::Malformed, "a: dtype: unknown type \"Q4\"");
}

TEST_F(SafetensorsFile, rejects_less_than_a_length_word) {
  for (size_t bytes = 1; bytes < 8; ++bytes)
    EXPECT_FAILURE(open(std::string(bytes, '\0')), ExitCode::Malformed,
                   "expected at least 8 bytes, found " + std::to_string(bytes));
}

TEST_F(SafetensorsFile, rejects_every_truncation) {
  std::string whole = safetensors({{"a", {"U8", {3}, "abc"}}});
  EXPECT_SUCCESS(open(whole));
  for (size_t bytes = 1; bytes < whole.size(); ++bytes)
    EXPECT_FAILURE(open(whole.substr(0, bytes)), ExitCode::Malformed,
                   "t.safetensors: ");
}

TEST_F(SafetensorsFile, rejects_bytes_behind_the_last_tensor) {
  EXPECT_FAILURE(open("{" + entry("a", "U8", "[2]", "[0,2]") + "}", "abc"),
                 ExitCode::Malformed, "expected 2 bytes of data");
}

TEST_F(SafetensorsFile, rejects_a_header_length_beyond_the_file) {
  std::string file = safetensors({});
  file[1] = 1;
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "(the rest of the file)");
}

TEST_F(SafetensorsFile, rejects_a_header_length_beyond_the_limit) {
  std::string file = safetensors({});
  for (int i = 0; i < 8; ++i)
    file[i] = char(0xff);
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected at most 100000000, found 18446744073709551615");
}

TEST_F(SafetensorsFile, rejects_a_header_that_does_not_begin_with_a_brace) {
  EXPECT_FAILURE(open(" {}", ""), ExitCode::Malformed, "byte 8");
  EXPECT_FAILURE(open("", ""), ExitCode::Malformed, "byte 8");
  EXPECT_FAILURE(open("[]", ""), ExitCode::Malformed, "byte 8");
}

TEST_F(SafetensorsFile, rejects_broken_json) {
  EXPECT_FAILURE(open("{\"a\":", ""), ExitCode::Malformed, "malformed JSON");
  EXPECT_FAILURE(open("{}x", ""), ExitCode::Malformed, "malformed JSON");
  EXPECT_FAILURE(open("{\"\xff\":1}", ""), ExitCode::Malformed,
                 "malformed JSON");
}

TEST_F(SafetensorsFile, rejects_a_depth_bomb) {
  EXPECT_FAILURE(open("{\"a\":" + std::string(1'000'000, '['), ""),
                 ExitCode::Malformed, "nested deeper than");
}

TEST_F(SafetensorsFile, rejects_a_duplicate_name) {
  EXPECT_FAILURE(open("{" + entry("a", "U8", "[1]", "[0,1]") + "," +
                          entry("a", "U8", "[1]", "[1,2]") + "}",
                      "xy"),
                 ExitCode::Malformed, "duplicate key \"a\"");
}

TEST_F(SafetensorsFile, rejects_an_entry_with_other_keys) {
  EXPECT_FAILURE(open("{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}}", ""),
                 ExitCode::Malformed, "a: expected the key data_offsets");
  EXPECT_FAILURE(open("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":"
                      "[0,0],\"strides\":[1]}}",
                      ""),
                 ExitCode::Malformed, "a: expected 3 keys, found 4");
  EXPECT_FAILURE(open("{\"a\":1}", ""), ExitCode::Malformed,
                 "a: expected an object, found 1");
}

TEST_F(SafetensorsFile, rejects_shapes_that_are_no_counts) {
  for (const char *shape : {"[-1]", "[1.5]", "[\"1\"]", "[null]",
                            "[18446744073709551616]", "1", "{}"})
    EXPECT_FAILURE(open("{" + entry("a", "U8", shape, "[0,1]") + "}", "x"),
                   ExitCode::Malformed, "a: shape: expected a");
}

TEST_F(SafetensorsFile, rejects_offsets_that_are_no_pair) {
  for (const char *offsets : {"[]", "[0]", "[0,1,1]"})
    EXPECT_FAILURE(open("{" + entry("a", "U8", "[1]", offsets) + "}", "x"),
                   ExitCode::Malformed, "data_offsets: expected 2 numbers");
  EXPECT_FAILURE(open("{" + entry("a", "U8", "[1]", "[-1,0]") + "}", "x"),
                 ExitCode::Malformed, "expected a non-negative integer");
}

TEST_F(SafetensorsFile, rejects_begin_beyond_end) {
  EXPECT_FAILURE(open("{" + entry("a", "U8", "[1]", "[2,1]") + "}", "x"),
                 ExitCode::Malformed, "expected begin <= end, found [2, 1]");
}

TEST_F(SafetensorsFile, rejects_a_size_that_does_not_match_the_shape) {
  EXPECT_FAILURE(open("{" + entry("a", "BF16", "[3]", "[0,4]") + "}", "abcd"),
                 ExitCode::Malformed,
                 "expected 6 bytes for [3] of BF16, found 4");
}

TEST_F(SafetensorsFile, rejects_a_product_that_overflows) {
  EXPECT_FAILURE(
      open("{" + entry("a", "F32", "[4294967296,1073741824]", "[0,0]") + "}",
           ""),
      ExitCode::Malformed, "is no countable number of bytes");
  EXPECT_FAILURE(
      open("{" + entry("a", "U8", "[2305843009213693952]", "[0,0]") + "}", ""),
      ExitCode::Malformed, "is no countable number of bytes");
}

TEST_F(SafetensorsFile, rejects_a_part_of_a_byte) {
  EXPECT_FAILURE(open("{" + entry("a", "F4", "[3]", "[0,2]") + "}", "xy"),
                 ExitCode::Malformed, "is no countable number of bytes");
}

TEST_F(SafetensorsFile, rejects_a_gap) {
  EXPECT_FAILURE(open("{" + entry("a", "U8", "[1]", "[0,1]") + "," +
                          entry("b", "U8", "[1]", "[2,3]") + "}",
                      "xyz"),
                 ExitCode::Malformed, "b: leaves a gap before it");
  EXPECT_FAILURE(open("{" + entry("a", "U8", "[1]", "[1,2]") + "}", "xy"),
                 ExitCode::Malformed, "a: leaves a gap before it");
}

TEST_F(SafetensorsFile, rejects_an_overlap) {
  EXPECT_FAILURE(open("{" + entry("a", "U8", "[2]", "[0,2]") + "," +
                          entry("b", "U8", "[2]", "[1,3]") + "}",
                      "xyz"),
                 ExitCode::Malformed, "b: overlaps another tensor");
}

TEST_F(SafetensorsFile, rejects_a_tensor_beyond_the_file) {
  EXPECT_FAILURE(open("{" +
                          entry("a", "U8", "[18446744073709551]",
                                "[0,18446744073709551]") +
                          "}",
                      "xyz"),
                 ExitCode::Malformed, "expected 18446744073709551 bytes");
}

TEST_F(SafetensorsFile, metadata_holds_strings_only) {
  EXPECT_SUCCESS(open("{\"__metadata__\":{\"format\":\"pt\"}}", ""));
  EXPECT_FAILURE(open("{\"__metadata__\":{\"n\":1}}", ""), ExitCode::Malformed,
                 "__metadata__: expected only strings");
  EXPECT_FAILURE(open("{\"__metadata__\":[]}", ""), ExitCode::Malformed,
                 "__metadata__: expected an object");
}

} // namespace
} // namespace tritc::import
