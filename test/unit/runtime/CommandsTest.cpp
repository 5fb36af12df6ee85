//===- CommandsTest.cpp - tokenize, info, help ----------------------------===//

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

TEST(Help, AndVersionGoToStandardOutput) {
  ToyModel toy;
  Result help = run(toy, {"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(help.out.starts_with("usage: chat [options]"));
  EXPECT_EQ(run(toy, {"bench", "-h"}).out, help.out);
  Result version = run(toy, {"--version"});
  EXPECT_EQ(version.out, "tritc " TRITC_VERSION ": toy for toy\n");
}
