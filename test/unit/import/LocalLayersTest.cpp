//===- LocalLayersTest.cpp - Which layers see a window --------------------===//

#include "test/unit/import/TestConfig.h"

namespace tritc::import {
namespace {

using test::good;
using test::parseWith;

/// A model of seven layers, with `more` keys.
llvm::Expected<ModelConfig> parse(const std::string &architecture,
                                  const std::string &more) {
  return parseConfig("{\"architectures\": [\"" + architecture +
                         "\"], \"num_hidden_layers\": 7" + more + "}",
                     "config.json");
}

llvm::Expected<ModelConfig> gemma(const std::string &more) {
  return parse("Gemma3TextModel", more);
}

llvm::Expected<ModelConfig> qwen(const std::string &more) {
  return parse("Qwen3Model", more);
}

/// "llgllgl": local or global.
std::string kindsOf(llvm::Expected<ModelConfig> config) {
  std::string kinds;
  for (bool isLocal : good(std::move(config)).local.isLocal)
    kinds += isLocal ? 'l' : 'g';
  return kinds;
}

std::string listOf(llvm::StringRef kinds) {
  std::string list = ", \"layer_types\": [";
  for (char kind : kinds)
    list += std::string(list.back() == '[' ? "" : ", ") + "\"" +
            (kind == 'l' ? "sliding_attention" : "full_attention") + "\"";
  return list + "]";
}

TEST(LocalLayers, of_gemma_are_all_but_every_sixth) {
  EXPECT_EQ(kindsOf(gemma("")), "lllllgl");
  EXPECT_EQ(kindsOf(gemma(", \"sliding_window_pattern\": 3")), "llgllgl");
  EXPECT_EQ(kindsOf(gemma(", \"sliding_window_pattern\": 1")), "");
  LocalLayers local = good(gemma("")).local;
  EXPECT_EQ(local.window, 4096u);
  EXPECT_EQ(local.ropeTheta, 10000);
  ModelConfig config = good(gemma(", \"sliding_window\": 512, "
                                  "\"rope_theta\": 5000, "
                                  "\"rope_local_base_freq\": 700"));
  EXPECT_EQ(config.local.window, 512u);
  EXPECT_EQ(config.local.ropeTheta, 700);
  EXPECT_EQ(config.ropeTheta, 5000);
  EXPECT_EQ(config.contextSize, 131072u);
}

TEST(LocalLayers, are_those_that_a_list_names) {
  EXPECT_EQ(kindsOf(gemma(listOf("ggggggl"))), "ggggggl");
  EXPECT_EQ(kindsOf(gemma(listOf("ggggggg"))), "");
  EXPECT_EQ(
      kindsOf(gemma(listOf("lllllll") + ", \"sliding_window_pattern\": 0")),
      "lllllll");
}

TEST(LocalLayers, of_qwen_come_behind_the_others) {
  EXPECT_EQ(kindsOf(qwen(", \"sliding_window\": 512")), "");
  EXPECT_EQ(kindsOf(qwen(", \"use_sliding_window\": true")), "");
  EXPECT_EQ(kindsOf(qwen(", \"use_sliding_window\": true, "
                         "\"max_window_layers\": 5")),
            "gggggll");
  EXPECT_EQ(kindsOf(qwen(", \"use_sliding_window\": true, "
                         "\"sliding_window\": null, "
                         "\"max_window_layers\": 5")),
            "");
  EXPECT_EQ(good(qwen(", \"use_sliding_window\": true, \"rope_theta\": 77, "
                      "\"rope_local_base_freq\": 5, "
                      "\"max_window_layers\": 0"))
                .local.ropeTheta,
            77);
  EXPECT_FAILURE(qwen(listOf("ggggggl")), ExitCode::Malformed,
                 "layer_types: expected no sliding_attention without a "
                 "sliding_window in use");
}

TEST(LocalLayers, of_other_families_are_refused) {
  EXPECT_SUCCESS(parseWith("sliding_window", "null"));
  EXPECT_SUCCESS(parseWith("sliding_window", "1048576"));
  EXPECT_SUCCESS(parseWith("use_sliding_window", "false"));
  for (auto [key, value] :
       {std::pair("sliding_window", "16"), std::pair("sliding_window", "-1"),
        std::pair("use_sliding_window", "true")})
    EXPECT_FAILURE(parseWith(key, value), ExitCode::Unreadable,
                   "sliding_window: unsupported, expected none, or at least "
                   "max_position_embeddings");
  EXPECT_FAILURE(parseWith("layer_types", "[]"), ExitCode::Malformed,
                 "layer_types: expected a list of num_hidden_layers");
}

TEST(LocalLayers, bases_may_stand_by_kind_of_layer) {
  ModelConfig config =
      good(gemma(", \"rope_parameters\": {"
                 "\"full_attention\": {\"rope_type\": \"default\", "
                 "\"rope_theta\": 5000}, "
                 "\"sliding_attention\": {\"rope_type\": \"default\", "
                 "\"rope_theta\": 700}}"));
  EXPECT_EQ(config.ropeTheta, 5000);
  EXPECT_EQ(config.local.ropeTheta, 700);
  EXPECT_FAILURE(
      gemma(", \"rope_parameters\": {\"full_attention\": {"
            "\"rope_type\": \"linear\", \"factor\": 8}}"),
      ExitCode::Unreadable,
      "rope_parameters: full_attention: rope_type: unsupported scaling");
}

TEST(LocalLayers, reject_lists_of_another_kind) {
  EXPECT_FAILURE(gemma(listOf("lg")), ExitCode::Malformed,
                 "layer_types: expected a list of num_hidden_layers = 7 names, "
                 "found 2");
  EXPECT_FAILURE(gemma(", \"layer_types\": \"sliding_attention\""),
                 ExitCode::Malformed, "names, found no list");
  EXPECT_FAILURE(gemma(", \"layer_types\": [0, 1, 2, 3, 4, 5, 6]"),
                 ExitCode::Unreadable,
                 "layer_types: unsupported, expected full_attention or "
                 "sliding_attention, found 0");
  EXPECT_FAILURE(
      gemma(", \"layer_types\": [\"chunked_attention\", \"\", \"\", \"\", "
            "\"\", \"\", \"\"]"),
      ExitCode::Unreadable, "found \"chunked_attention\"");
}

TEST(LocalLayers, reject_windows_that_no_model_has) {
  for (const char *window : {"0", "-1", "1e30", "16777217", "2.5", "\"\"", "[]",
                             "18446744073709551616"})
    EXPECT_FAILURE(gemma(std::string(", \"sliding_window\": ") + window),
                   ExitCode::Malformed,
                   "sliding_window: expected an integer from 1 to 16777216");
  EXPECT_FAILURE(gemma(", \"sliding_window\": null"), ExitCode::Malformed,
                 "expected no sliding_attention without a sliding_window");
  for (const char *period : {"0", "-6", "100000"})
    EXPECT_FAILURE(
        gemma(std::string(", \"sliding_window_pattern\": ") + period),
        ExitCode::Malformed,
        "sliding_window_pattern: expected an integer from 1 to 1024");
  for (const char *base : {"0", "-1", "\"10000\"", "1e99"})
    EXPECT_FAILURE(gemma(std::string(", \"rope_local_base_freq\": ") + base),
                   ExitCode::Malformed,
                   "rope_local_base_freq: expected a number from 1");
  EXPECT_FAILURE(qwen(", \"use_sliding_window\": true, "
                      "\"max_window_layers\": -1"),
                 ExitCode::Malformed, "max_window_layers: expected an integer");
}

} // namespace
} // namespace tritc::import
