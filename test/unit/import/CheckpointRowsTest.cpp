//===- CheckpointRowsTest.cpp - Weights out of a checkpoint directory -----===//

#include "test/unit/import/TestCheckpoint.h"

#include <cfloat>

#include <cmath>
#include <thread>

namespace tritc::import {
namespace {

using test::TestModel;
using test::testWeight;

const std::string gate = "model.layers.1.mlp.gate_proj.weight";
const std::string query = "model.layers.0.self_attn.q_proj.weight";

using CheckpointRows = test::CheckpointTest;

TEST_F(CheckpointRows, packed_rows_are_the_weights) {
  std::unique_ptr<Checkpoint> checkpoint = opened(TestModel::packed());
  ASSERT_TRUE(checkpoint);
  std::optional<MatrixShape> shape = checkpoint->ternaryShape(gate);
  ASSERT_TRUE(shape.has_value());
  EXPECT_EQ(shape->rows, 10u);
  EXPECT_EQ(shape->columns, 8u);
  for (uint64_t first = 0; first <= 10; ++first)
    for (uint64_t count = 0; first + count <= 10; ++count) {
      std::vector<int8_t> rows(count * 8, 99);
      EXPECT_SUCCESS(checkpoint->ternaryRows(gate, first, count, rows));
      for (uint64_t i = 0; i < rows.size(); ++i)
        ASSERT_EQ(rows[i], testWeight(first + i / 8, i % 8));
    }
}

TEST_F(CheckpointRows, master_rows_are_quantized_by_their_mean) {
  std::unique_ptr<Checkpoint> checkpoint = opened(TestModel::master());
  ASSERT_TRUE(checkpoint);
  std::vector<int8_t> rows(80);
  EXPECT_SUCCESS(checkpoint->ternaryRows(gate, 0, 10, rows));
  double sum = 0;
  for (uint64_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i], testWeight(i / 8, i % 8));
    sum += std::abs(rows[i]) * (i % 2 ? 1.0 : 1.25);
  }
  float factor = 1.0f / float(sum / 80);
  EXPECT_EQ(*checkpoint->weightScale(gate), roundToBf16(1.0f / factor));
}

TEST_F(CheckpointRows, scale_rules) {
  TestModel model = TestModel::packed();
  model.tensors[gate + "_scale"].bytes = test::bf16({0.75f});
  EXPECT_EQ(*opened(model)->weightScale(gate), 0.75f);
  model.config["quantization_config"] = "{}";
  EXPECT_EQ(*opened(model)->weightScale(gate), 1.0f / 0.75f);
}

TEST_F(CheckpointRows, a_scale_may_be_a_scalar_of_any_float_type) {
  TestModel model = TestModel::packed();
  model.tensors[gate + "_scale"] = {"F32", {}, test::f32({0.3f})};
  EXPECT_EQ(*opened(model)->weightScale(gate), 0.3f);
  model.tensors[gate + "_scale"] = {"F16", {1}, test::f16Bits({0x3800})};
  EXPECT_EQ(*opened(model)->weightScale(gate), 0.5f);
}

TEST_F(CheckpointRows, code_3_is_named_by_its_byte) {
  TestModel model = TestModel::packed();
  // Packed row 1, column 5; the third strip: row 2 * 3 + 1 = 7.
  model.tensors[gate].bytes[8 + 5] |= 0x30;
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  std::vector<int8_t> rows(80);
  uint64_t byte = checkpoint->find(gate)->fileOffset + 13;
  EXPECT_FAILURE(
      checkpoint->ternaryRows(gate, 0, 10, rows), ExitCode::Malformed,
      "model.safetensors: " + gate + ": byte " + std::to_string(byte) +
          " (row 7, column 5): expected a ternary code 0, 1 or 2, "
          "found 3");
  EXPECT_SUCCESS(checkpoint->ternaryRows(
      gate, 0, 7, llvm::MutableArrayRef<int8_t>(rows).take_front(56)));
}

TEST_F(CheckpointRows, codes_behind_the_last_row_do_not_matter) {
  TestModel model = TestModel::packed();
  // 10 rows in 3 packed rows: codes of rows 10 and 11 do not exist.
  model.tensors[gate].bytes[1 * 8 + 2] |= char(0xc0);
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  std::vector<int8_t> rows(80);
  EXPECT_SUCCESS(checkpoint->ternaryRows(gate, 0, 10, rows));
}

TEST_F(CheckpointRows, a_master_that_is_not_a_number_is_named_by_its_byte) {
  for (float odd : {NAN, INFINITY, -INFINITY}) {
    TestModel model = TestModel::master();
    std::vector<float> weights(80, 0.5f);
    weights[42] = odd;
    model.tensors[gate].bytes = test::bf16(weights);
    std::unique_ptr<Checkpoint> checkpoint = opened(model);
    ASSERT_TRUE(checkpoint);
    std::string byte =
        "byte " + std::to_string(checkpoint->find(gate)->fileOffset + 84);
    std::vector<int8_t> row(8);
    EXPECT_FAILURE(checkpoint->weightScale(gate), ExitCode::Malformed, byte);
    EXPECT_FAILURE(checkpoint->ternaryRows(gate, 0, 1, row),
                   ExitCode::Malformed, byte);
  }
}

TEST_F(CheckpointRows, a_mean_whose_reciprocal_underflows_is_rejected) {
  TestModel model = TestModel::master();
  model.tensors[gate] = {"F32", {10, 8}, test::f32(std::vector(80, FLT_MAX))};
  EXPECT_FAILURE(opened(model)->weightScale(gate), ExitCode::Malformed,
                 "expected a mean magnitude that fits its type");
}

TEST_F(CheckpointRows, floats_widen_any_range) {
  std::unique_ptr<Checkpoint> checkpoint = opened(TestModel::packed());
  ASSERT_TRUE(checkpoint);
  float values[3];
  EXPECT_SUCCESS(checkpoint->floats("model.embed_tokens.weight", 85, values));
  EXPECT_EQ(values[0], roundToBf16(-0.5f + 85.0f / 64));
  EXPECT_EQ(values[2], roundToBf16(-0.5f + 87.0f / 64));
}

TEST_F(CheckpointRows, an_embedding_that_is_not_a_number_is_found) {
  TestModel model = TestModel::packed();
  model.tensors["model.embed_tokens.weight"].bytes[21] = 0x7f;
  model.tensors["model.embed_tokens.weight"].bytes[20] = char(0xc0);
  std::unique_ptr<Checkpoint> checkpoint = opened(model);
  ASSERT_TRUE(checkpoint);
  std::vector<float> values(88);
  uint64_t byte =
      checkpoint->find("model.embed_tokens.weight")->fileOffset + 20;
  EXPECT_FAILURE(checkpoint->floats("model.embed_tokens.weight", 0, values),
                 ExitCode::Malformed, "byte " + std::to_string(byte) + ":");
}

TEST_F(CheckpointRows, reads_beyond_the_end_are_our_mistake) {
  std::unique_ptr<Checkpoint> checkpoint = opened(TestModel::packed());
  ASSERT_TRUE(checkpoint);
  std::vector<int8_t> rows(16);
  std::vector<float> values(2);
  EXPECT_FAILURE(checkpoint->ternaryRows(gate, 9, 2, rows), ExitCode::Internal,
                 gate);
  EXPECT_FAILURE(checkpoint->ternaryRows(gate, UINT64_MAX, 2, rows),
                 ExitCode::Internal, gate);
  EXPECT_FAILURE(checkpoint->ternaryRows(gate, 0, 1, rows), ExitCode::Internal,
                 gate);
  EXPECT_FAILURE(checkpoint->ternaryRows("x", 0, 1, rows), ExitCode::Internal,
                 "no ternary matrix named x");
  EXPECT_FAILURE(checkpoint->floats("model.norm.weight", 7, values),
                 ExitCode::Internal, "model.norm.weight");
  EXPECT_FAILURE(checkpoint->floats(gate, 0, values), ExitCode::Internal,
                 "no float tensor");
  EXPECT_FAILURE(checkpoint->weightScale("model.norm.weight"),
                 ExitCode::Internal, "no ternary matrix");
}

TEST_F(CheckpointRows, threads_may_read_one_matrix_together) {
  std::unique_ptr<Checkpoint> checkpoint = opened(TestModel::master());
  ASSERT_TRUE(checkpoint);
  std::vector<int8_t> rows(80);
  std::vector<std::thread> threads;
  bool good[2] = {};
  for (int half = 0; half < 2; ++half)
    threads.emplace_back([&, half] {
      good[half] =
          !toFailure(
               checkpoint->ternaryRows(
                   gate, 5 * half, 5,
                   llvm::MutableArrayRef<int8_t>(rows).slice(40 * half, 40)))
               .message.size();
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_TRUE(good[0] && good[1]);
  for (uint64_t i = 0; i < rows.size(); ++i)
    ASSERT_EQ(rows[i], testWeight(i / 8, i % 8));
}

} // namespace
} // namespace tritc::import
