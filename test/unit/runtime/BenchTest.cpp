//===- BenchTest.cpp - bench ----------------------------------------------===//

#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <map>
#include <regex>

using namespace tritc;
using test::linesOf;
using test::Result;
using test::run;
using test::ToyModel;

/// The members of an object, one a line, without quotes.
static std::map<std::string, std::string> fieldsOf(const std::string &json) {
  std::map<std::string, std::string> fields;
  std::regex member("  \"(.*)\": \"?(.*?)\"?,?");
  std::smatch match;
  for (const std::string &line : linesOf(json))
    if (std::regex_match(line, match, member))
      fields[match[1]] = match[2];
  return fields;
}

TEST(Bench, PrintsSpeedsAndTheirShareOfTheMachine) {
  ToyModel toy;
  toy.program().bytesPerToken = 1000000;
  Result result = run(toy, {"bench", "-p", "16", "-n", "8", "-t", "2",
                            "--repeat", "3", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  auto fields = fieldsOf(result.out);
  EXPECT_GT(std::stod(fields["prefill_tokens_per_second"]), 0);
  double decode = std::stod(fields["decode_tokens_per_second"]);
  double bandwidth = std::stod(fields["stream_bandwidth"]);
  EXPECT_GT(bandwidth, 1e8);
  EXPECT_EQ(fields["bytes_per_token"], "1000000");
  EXPECT_EQ(fields["threads"], "2");
  EXPECT_EQ(fields["runs"], "3");
  for (std::string phase : {"prefill", "decode"}) {
    std::string key = phase + "_tokens_per_second";
    EXPECT_LE(std::stod(fields[key + "_min"]), std::stod(fields[key]));
    EXPECT_GE(std::stod(fields[key + "_max"]), std::stod(fields[key]));
  }
  EXPECT_NEAR(std::stod(fields["share_of_bandwidth"]),
              1000000 * decode / bandwidth, 1e-4);
}

TEST(Bench, ProfilesEachKindOfWork) {
  ToyModel toy;
  Result result = run(
      toy, {"bench", "-p", "16", "-n", "8", "-t", "2", "--profile", "--json"});
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
  auto deep = fieldsOf(run(toy, {"bench", "-d", "200", "--json"}).out);
  EXPECT_EQ(deep["context_tokens"], "200");
  EXPECT_EQ(deep["decode_tokens"], "56");
  auto fields = fieldsOf(run(toy, {"bench", "-c", "16", "--json"}).out);
  EXPECT_EQ(fields["prefill_tokens"], "16");
  EXPECT_EQ(fields["decode_tokens"], "16");
}

TEST(Bench, TellsPeopleUnitsAndSpread) {
  ToyModel toy;
  Result result = run(toy, {"bench", "-p", "16", "-n", "8", "-t", "1"});
  ASSERT_EQ(result.code, 0) << result.err;
  std::vector<std::string> lines = linesOf(result.out);
  ASSERT_EQ(lines.size(), 4u) << result.out;
  EXPECT_EQ(lines[0], "toy on toy, 1 thread, 3 runs");
  const char *speed = " +[0-9.]+ tokens/s  \\([0-9.]+ to [0-9.]+\\)";
  EXPECT_TRUE(std::regex_match(
      lines[1], std::regex(std::string("prompt +16 tokens") + speed)))
      << lines[1];
  EXPECT_TRUE(std::regex_match(
      lines[2], std::regex(std::string("answer +8 tokens") + speed)))
      << lines[2];
  EXPECT_TRUE(std::regex_match(
      lines[3], std::regex("memory  [0-9.]+ MB a token, [0-9.]+ of [0-9.]+ "
                           "GB/s \\([0-9]+ %\\)")))
      << lines[3];
}

TEST(Bench, ShowsPeopleATableOfWork) {
  ToyModel toy;
  Result result =
      run(toy, {"bench", "-p", "16", "-n", "8", "-t", "1", "--profile"});
  ASSERT_EQ(result.code, 0) << result.err;
  for (const char *kind : {"prefill ", "decode ", "  cache ", "  logits ",
                           "  sampling ", "  barrier ", "  others "})
    EXPECT_NE(result.out.find(std::string("\n") + kind), std::string::npos)
        << kind << result.out;
}
