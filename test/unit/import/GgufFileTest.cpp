//===- GgufFileTest.cpp - The container, and files that break it ----------===//

#include "compiler/import/Checkpoint.h"
#include "compiler/import/gguf/GgufSet.h"

#include "test/unit/import/TestGguf.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tritc;
using namespace tritc::import;
using test::bytesOf;
using test::lengthAnd;
using test::TestGguf;

namespace {
class GgufContainer : public testing::Test {
protected:
  llvm::Error open(const TestGguf &file) { return open(file.bytes()); }
  llvm::Error open(const std::string &bytes) {
    return Checkpoint::open(directory.write("m.gguf", bytes)).takeError();
  }
  test::TempDirectory directory;
  TestGguf file = TestGguf::model();
};
} // namespace

TEST_F(GgufContainer, reads_versions_2_and_3) {
  EXPECT_SUCCESS(open(file));
  file.version = 2;
  EXPECT_SUCCESS(open(file));
  file.version = 1;
  EXPECT_FAILURE(open(file), ExitCode::Unreadable,
                 "version: expected 2 or 3, found 1");
  file.version = 0x03000000;
  EXPECT_FAILURE(open(file), ExitCode::Unreadable, "the other byte order");
}

TEST_F(GgufContainer, ends_early_anywhere) {
  std::string bytes = file.bytes();
  for (size_t size = 4; size + 1 < bytes.size(); size += 1 + size / 64) {
    Failure failure = test::failureOf(open(bytes.substr(0, size)));
    EXPECT_EQ(failure.code, ExitCode::Malformed) << size;
  }
}

/// No matter what a byte says, opening ends with success or with a line.
TEST_F(GgufContainer, survives_any_byte) {
  std::string bytes = file.bytes();
  for (size_t at = 4; at < bytes.size(); at += 1 + at / 96)
    for (char value : {'\0', '\xff', '\x80'}) {
      std::string changed = bytes;
      changed[at] = value;
      auto checkpoint = Checkpoint::open(directory.write("m.gguf", changed));
      Failure failure = test::failureOf(checkpoint.takeError());
      EXPECT_NE(failure.code, ExitCode::Internal) << failure.message;
    }
}

TEST_F(GgufContainer, the_product_of_dimensions_wraps) {
  file.tensor("blk.0.attn_q.weight").dims = {1ull << 32, 1ull << 32};
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "blk.0.attn_q.weight: dimension 1: expected fewer than 2^60");
  // 2^62 elements of four bytes are 0 modulo 2^64.
  file.tensor("blk.0.attn_q.weight").dims = {1ull << 62};
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "expected fewer than 2^60");
  file.tensor("blk.0.attn_q.weight").dims = {1ull << 58};
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected 72057594037927936 "
                 "bytes");
}

TEST_F(GgufContainer, a_dimension_is_zero) {
  file.tensor("blk.0.attn_q.weight").dims = {0, 32};
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "dimension 0: expected at least 1, found 0");
}

TEST_F(GgufContainer, too_many_dimensions) {
  file.tensor("blk.0.attn_q.weight").dims = {32, 32, 1, 1, 1};
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "found 5");
  file.tensor("blk.0.attn_q.weight").dims = {};
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "found 0");
}

TEST_F(GgufContainer, an_offset_is_misaligned) {
  file.tensor("blk.0.attn_q.weight").offset = 33;
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected an offset that is a multiple of 32, found 33");
}

TEST_F(GgufContainer, tensors_overlap) {
  file.tensor("output_norm.weight").offset = 32;
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "to the beginning of output_norm.weight");
  // Two names for the same bytes are an overlap, too.
  file.tensor("output_norm.weight").offset = 0;
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected 128 bytes from byte");
}

TEST_F(GgufContainer, a_tensor_lies_past_the_end) {
  file.tensor("blk.0.ffn_down.weight").offset = 1ull << 20;
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "(the bytes of data)");
  file.tensor("blk.0.ffn_down.weight").offset = 0xffffffffffffffe0ull;
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "(the bytes of data)");
}

TEST_F(GgufContainer, the_last_tensor_is_cut) {
  std::string bytes = file.bytes();
  EXPECT_FAILURE(open(bytes.substr(0, bytes.size() - 8)), ExitCode::Malformed,
                 "blk.0.ffn_down.weight: expected 544 bytes");
}

TEST_F(GgufContainer, a_string_claims_2_to_the_63_bytes) {
  file.set("general.name", 8, bytesOf(uint64_t(1) << 63));
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "found a length of 9223372036854775808");
  file.set("general.name", 8, bytesOf(~uint64_t(0)));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "found a length of");
  file.set("general.name", 8, bytesOf(uint64_t(1) << 20));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "to the end of the file");
}

TEST_F(GgufContainer, an_array_is_nested) {
  file.set("x", 9,
           bytesOf(uint32_t(9)) + bytesOf(uint64_t(1)) + bytesOf(uint32_t(4)) +
               bytesOf(uint64_t(0)));
  EXPECT_FAILURE(open(file), ExitCode::Unreadable, "no array of arrays");
}

TEST_F(GgufContainer, an_array_claims_2_to_the_63_elements) {
  for (uint32_t type : {0, 12}) {
    file.set("x", 9, bytesOf(type) + bytesOf(uint64_t(1) << 63));
    EXPECT_FAILURE(open(file), ExitCode::Malformed, "x: expected at most");
    file.set("x", 9, bytesOf(type) + bytesOf(uint64_t(1) << 29));
    EXPECT_FAILURE(open(file), ExitCode::Malformed, "the end of the file");
  }
}

TEST_F(GgufContainer, a_value_has_no_type) {
  file.set("x", 13, "");
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "x: value type: expected 0 to 12, found 13");
}

TEST_F(GgufContainer, the_counts_are_2_to_the_63) {
  for (uint64_t count : {uint64_t(1) << 63, ~uint64_t(0)}) {
    TestGguf keys = file, tensors = file;
    keys.keyCount = count;
    EXPECT_FAILURE(open(keys), ExitCode::Malformed, "");
    tensors.tensorCount = count;
    EXPECT_FAILURE(open(tensors), ExitCode::Malformed, "");
  }
}

TEST_F(GgufContainer, the_alignment_is_no_power_of_two) {
  for (uint32_t alignment : {0u, 3u}) {
    file.set("general.alignment", alignment);
    EXPECT_FAILURE(open(file), ExitCode::Malformed,
                   "expected a power of two, found " +
                       std::to_string(alignment));
  }
  file.set("general.alignment", 1u << 31);
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "expected data from byte 2147483648");
  file.set("general.alignment", 8, lengthAnd("32"));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "expected u32, found string");
}

TEST_F(GgufContainer, names_and_keys_stand_twice) {
  file.tensors.push_back(file.tensors.front());
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "token_embd.weight: expected each tensor once");
  file.tensors.pop_back();
  file.keys.push_back(file.keys.front());
  EXPECT_FAILURE(open(file), ExitCode::Malformed,
                 "general.architecture: expected each key once");
  file.keys.back().key = "";
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "found an empty one");
}

TEST_F(GgufContainer, a_name_is_no_utf8_and_no_line) {
  file.tensors.push_back({"a\nb\xff", {1}, 99, "1234", {}});
  EXPECT_FAILURE(open(file), ExitCode::Unreadable, "m.gguf: a\\x0ab");
  file.tensor("a\nb\xff").dims = {0};
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "a\\x0ab");
}

/// Memory is bounded by the file: a gigabyte that is claimed is not allocated.
TEST_F(GgufContainer, claims_cost_no_memory) {
  rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  file.set("x", 9, bytesOf(uint32_t(8)) + bytesOf(uint64_t(1) << 30));
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "");
  file.keyCount = uint64_t(1) << 40;
  EXPECT_FAILURE(open(file), ExitCode::Malformed, "");
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 << 10); // in kB
}

TEST_F(GgufContainer, is_a_fifo_or_a_loop_of_links) {
  std::string fifo = directory.path("fifo.gguf"),
              loop = directory.path("loop.gguf");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_FAILURE(Checkpoint::open(fifo), ExitCode::Unreadable,
                 "expected a regular file, found a FIFO");
  ASSERT_EQ(symlink("loop.gguf", loop.c_str()), 0);
  EXPECT_FAILURE(Checkpoint::open(loop), ExitCode::Unreadable, "cannot open");
}

TEST_F(GgufContainer, is_a_pickle) {
  for (const char *start : {"PK\x03\x04 archive/data.pkl", "\x80\x02}q"})
    EXPECT_FAILURE(Checkpoint::open(directory.write("model.bin", start)),
                   ExitCode::Unreadable,
                   "a pickle, which would run programs of its own");
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// The model in two files.
static std::vector<TestGguf> split(const TestGguf &file) {
  std::vector<TestGguf> parts(2);
  parts[0].keys = file.keys;
  for (uint16_t i = 0; i < 2; ++i) {
    parts[i].set("split.no", 2, bytesOf(i));
    parts[i].set("split.count", 2, bytesOf(uint16_t(2)));
    parts[i].set("split.tensors.count", 5,
                 bytesOf(int32_t(file.tensors.size())));
  }
  for (size_t i = 0; i < file.tensors.size(); ++i)
    parts[i % 2].tensors.push_back(file.tensors[i]);
  return parts;
}

TEST_F(GgufContainer, any_part_stands_for_all) {
  std::vector<TestGguf> parts = split(file);
  std::string first =
                  directory.write("m-00001-of-00002.gguf", parts[0].bytes()),
              second =
                  directory.write("m-00002-of-00002.gguf", parts[1].bytes());
  EXPECT_SUCCESS(Checkpoint::open(first));
  EXPECT_SUCCESS(Checkpoint::open(second));
  EXPECT_SUCCESS(Checkpoint::open(directory.path()));
  directory.write("other.gguf", "");
  EXPECT_FAILURE(Checkpoint::open(directory.path()), ExitCode::Unreadable,
                 "expected one model, found 2 in GGUF files");
}

TEST_F(GgufContainer, parts_do_not_agree) {
  std::vector<TestGguf> parts = split(file);
  auto open = [&](const TestGguf &second) {
    directory.write("m-00002-of-00002.gguf", second.bytes());
    return Checkpoint::open(
               directory.write("m-00001-of-00002.gguf", parts[0].bytes()))
        .takeError();
  };
  EXPECT_SUCCESS(open(parts[1]));
  TestGguf wrong = parts[1];
  wrong.set("split.no", 2, bytesOf(uint16_t(0)));
  EXPECT_FAILURE(open(wrong), ExitCode::Malformed,
                 "split.no: expected 1, found 0");
  wrong = parts[1];
  wrong.set("split.count", 2, bytesOf(uint16_t(3)));
  EXPECT_FAILURE(open(wrong), ExitCode::Malformed,
                 "split.count: expected 2, found 3");
  wrong = parts[1];
  wrong.tensors.push_back(parts[0].tensors.front());
  EXPECT_FAILURE(open(wrong), ExitCode::Malformed, "expected each tensor once");
  wrong = parts[1];
  wrong.tensors.pop_back();
  EXPECT_FAILURE(open(wrong), ExitCode::Malformed, "split.tensors.count");
  EXPECT_FAILURE(Checkpoint::open(directory.write("m.gguf", parts[0].bytes())),
                 ExitCode::Unreadable, "-00001-of-00002.gguf");
  ASSERT_EQ(unlink(directory.path("m-00002-of-00002.gguf").c_str()), 0);
  EXPECT_FAILURE(Checkpoint::open(directory.path("m-00001-of-00002.gguf")),
                 ExitCode::Unreadable, "m-00002-of-00002.gguf: cannot open");
}
