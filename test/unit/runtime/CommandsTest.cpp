//===- CommandsTest.cpp - tokenize, info, bench ---------------------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <map>

using namespace tritc;
using test::linesOf;
using test::Result;
using test::run;
using test::ToyModel;

/// `key value` lines as a map.
static std::map<std::string, std::string> fieldsOf(const std::string &text) {
  std::map<std::string, std::string> fields;
  for (const std::string &line : linesOf(text))
    fields[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
  return fields;
}

TEST(Embed, IsForModelsThatEmbed) {
  ToyModel toy;
  Result result = run(toy, {"embed", "-p", "hello"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "error: embed: this model writes text, it has no vectors\n");
}

TEST(Tokenize, PrintsIdsWithTheirText) {
  ToyModel toy;
  Result result = run(toy, {"tokenize", "-p", "he\n"});
  EXPECT_EQ(result.code, 0);
  std::string begin = std::to_string(toy.tokens().begin);
  EXPECT_EQ(result.out, begin + "\t<|begin|>\n256\the\n10\t\\n\n");
}

TEST(Tokenize, ReadsSpecialTokensUnlessTold) {
  ToyModel toy;
  std::string end = std::to_string(toy.tokens().end);
  EXPECT_EQ(run(toy, {"tokenize", "--no-bos", "-p", "<|end|>"}).out,
            end + "\t<|end|>\n");
  Result asText =
      run(toy, {"tokenize", "--no-bos", "--no-parse-special", "-p", "<|end|>"});
  EXPECT_EQ(linesOf(asText.out).size(), 7u);
}

TEST(Tokenize, PrintsJson) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"tokenize", "--no-bos", "--json"}, "h\"\n").out,
            "{\"tokens\": [\n  {\"id\": 104, \"text\": \"h\"},\n"
            "  {\"id\": 34, \"text\": \"\\\"\"}\n]}\n");
  EXPECT_EQ(run(toy, {"tokenize", "--no-bos", "--json", "-p", ""}).out,
            "{\"tokens\": [\n]}\n");
}

TEST(Info, SaysWhatWasCompiled) {
  ToyModel toy;
  toy.program().ternaryParameters = 12345678901;
  Result result = run(toy, {"info"});
  EXPECT_EQ(result.code, 0);
  auto fields = fieldsOf(result.out);
  EXPECT_EQ(fields["model"], "toy");
  EXPECT_EQ(fields["target"], "toy");
  EXPECT_EQ(fields["targets"], "toy");
  EXPECT_EQ(fields["context_size"], "256");
  EXPECT_EQ(fields["ternary_parameters"], "12345678901");
  std::string json = run(toy, {"info", "--json"}).out;
  for (const auto &[key, value] : fields)
    EXPECT_NE(json.find("  \"" + key + "\": "), std::string::npos) << key;
}

TEST(Bench, PrintsSpeedsAndTheirShareOfTheMachine) {
  ToyModel toy;
  toy.program().bytesPerToken = 1000000;
  Result result =
      run(toy, {"bench", "-p", "16", "-n", "8", "-t", "2", "--repeat", "3"});
  ASSERT_EQ(result.code, 0) << result.err;
  auto fields = fieldsOf(result.out);
  EXPECT_GT(std::stod(fields["prefill_tokens_per_second"]), 0);
  double decode = std::stod(fields["decode_tokens_per_second"]);
  double bandwidth = std::stod(fields["stream_bandwidth"]);
  EXPECT_GT(bandwidth, 1e8);
  EXPECT_EQ(fields["bytes_per_token"], "1000000");
  EXPECT_EQ(fields["threads"], "2");
  EXPECT_NEAR(std::stod(fields["share_of_bandwidth"]),
              1000000 * decode / bandwidth, 1e-4);
}

TEST(Bench, ProfilesEachKindOfWork) {
  ToyModel toy;
  Result result =
      run(toy, {"bench", "-p", "16", "-n", "8", "-t", "2", "--profile"});
  ASSERT_EQ(result.code, 0) << result.err;
  auto fields = fieldsOf(result.out);
  for (std::string phase : {"prefill.", "decode."}) {
    double shares = 0;
    for (std::string kind : {"cache", "logits", "sampling", "barrier"}) {
      double share = std::stod(fields[phase + kind + ".share"]);
      EXPECT_GE(std::stod(fields[phase + kind + ".microseconds"]), 0);
      EXPECT_GE(share, 0) << phase << kind;
      shares += share;
    }
    EXPECT_GT(std::stod(fields[phase + "logits.share"]), 0);
    EXPECT_GT(std::stod(fields[phase + "logits.share_of_bandwidth"]), 0);
    EXPECT_NEAR(shares, 1, 0.2) << phase;
    EXPECT_FALSE(fields.count(phase + "cache.share_of_bandwidth"));
  }
}

TEST(Bench, MeasuresNoMoreThanTheContextHolds) {
  ToyModel toy;
  Result result = run(toy, {"bench", "-p", "257"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.err,
            "error: --n-prompt: the context holds 256 tokens, found 257\n");
  // Also when the numbers are those that stand where none is given.
  EXPECT_EQ(run(toy, {"bench", "-p", "512"}).err,
            "error: --n-prompt: the context holds 256 tokens, found 512\n");
  EXPECT_EQ(run(toy, {"bench", "-c", "16", "-n", "128"}).err,
            "error: --n-gen: the context holds 16 tokens, found 128\n");
  EXPECT_EQ(run(toy, {"bench", "-d", "200", "-p", "8", "-n", "57"}).err,
            "error: --n-gen: the context holds 56 tokens, found 57\n");
  EXPECT_EQ(run(toy, {"bench", "-d", "256"}).err,
            "error: --n-depth: the context holds 255 tokens, found 256\n");
  auto deep = fieldsOf(run(toy, {"bench", "-d", "200"}).out);
  EXPECT_EQ(deep["context_tokens"], "200");
  EXPECT_EQ(deep["decode_tokens"], "56");
  auto fields = fieldsOf(run(toy, {"bench", "-c", "16"}).out);
  EXPECT_EQ(fields["prefill_tokens"], "16");
  EXPECT_EQ(fields["decode_tokens"], "16");
}

TEST(Help, AndVersionGoToStandardOutput) {
  ToyModel toy;
  Result help = run(toy, {"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(help.out.starts_with("usage: chat [options]"));
  EXPECT_EQ(run(toy, {"bench", "-h"}).out, help.out);
  Result version = run(toy, {"--version"});
  EXPECT_EQ(version.out, "tritc " TRITC_VERSION ": toy for toy\n");
}
