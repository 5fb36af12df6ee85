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

namespace {
/// A toy that makes vectors: its logits, taken for states.
struct EmbeddingToy : ToyModel {
  explicit EmbeddingToy(TritcPoolingMode mode = TRITC_POOL_LAST) {
    program().vectorSize = program().vocabSize;
    image().pooling.modeCount = 1;
    image().pooling.modes[0] = mode;
  }
};
} // namespace

TEST(Embed, PrintsALineForEachText) {
  EmbeddingToy toy;
  Result both = run(toy, {"embed"}, "hello\nworld\n");
  ASSERT_EQ(both.code, 0) << both.err;
  EXPECT_EQ(both.out, run(toy, {"embed", "-p", "hello"}).out +
                          run(toy, {"embed", "-p", "world"}).out);
  EXPECT_EQ(linesOf(both.out).size(), 2u);
  Result json = run(toy, {"embed", "--json"}, "hello\nworld");
  ASSERT_EQ(linesOf(json.out).size(), 2u);
  EXPECT_EQ(json.out.find("{\"tokens\": "), 0u);
}

TEST(Embed, TakesAFileForOneTextWhereItIsToldTo) {
  EmbeddingToy toy;
  Result whole = run(toy, {"embed", "--whole"}, "hello\nworld\n");
  EXPECT_EQ(linesOf(whole.out).size(), 1u) << whole.err;
  EXPECT_EQ(whole.out, run(toy, {"embed", "-p", "hello\nworld"}).out);
}

TEST(Embed, ReadsLinesAsPeopleWriteThem) {
  EmbeddingToy toy;
  EXPECT_EQ(run(toy, {"embed"}, "\xef\xbb\xbfhello\r\nworld\r\n").out,
            run(toy, {"embed"}, "hello\nworld").out);
}

TEST(Embed, NamesTheLineThatHasNoVector) {
  EmbeddingToy toy;
  Result empty = run(toy, {"embed"}, "hello\n\nworld\n");
  EXPECT_EQ(empty.code, 1);
  EXPECT_EQ(linesOf(empty.out).size(), 1u);
  EXPECT_EQ(empty.err, "error: standard input: line 2: the text is empty\n");
  EXPECT_EQ(run(toy, {"embed"}, "").err, "error: there is no text\n");
  Result longer = run(toy, {"embed"}, std::string(300, '-') + "\n");
  EXPECT_EQ(longer.code, 1);
  EXPECT_NE(longer.err.find("line 1: the text has 30"), std::string::npos)
      << longer.err;
}

TEST(Embed, IsWhatAModelThatEmbedsDoes) {
  EmbeddingToy toy;
  std::string expected = run(toy, {"embed", "-p", "hello"}).out;
  EXPECT_EQ(run(toy, {"-p", "hello"}).out, expected);
  EXPECT_EQ(run(toy, {}, "hello\n").out, expected);
  Result perplexity = run(toy, {"perplexity", "x"});
  EXPECT_EQ(perplexity.code, 1);
  EXPECT_EQ(perplexity.err, "error: perplexity: this model makes vectors, it "
                            "writes no text\n");
}

TEST(Embed, TakesAllTextsInTheirOrder) {
  EmbeddingToy toy;
  std::string one = run(toy, {"-p", "one"}).out, two = run(toy, {"two"}).out;
  EXPECT_NE(one, two);
  EXPECT_EQ(run(toy, {"-p", "one", "-p", "two"}).out, one + two);
  EXPECT_EQ(run(toy, {"-p", "two"}, "one\ntwo\n").out, two + one + two);
}

TEST(Embed, HelpIsThatOfAModelThatEmbeds) {
  EmbeddingToy toy;
  std::string help = run(toy, {"--help"}).out;
  EXPECT_NE(help.find("makes vectors of texts"), std::string::npos);
  EXPECT_NE(help.find("--whole"), std::string::npos);
  for (const char *other : {"perplexity", "--temp", "--system-prompt"})
    EXPECT_EQ(help.find(other), std::string::npos) << other;
  ToyModel chat;
  EXPECT_EQ(run(chat, {"--help"}).out.find("--whole"), std::string::npos);
}

TEST(Embed, PoolsAllTokensInAnyPieces) {
  EmbeddingToy toy(TRITC_POOL_MEAN);
  std::string expected = run(toy, {"-p", "a longer text than a block"}).out;
  EXPECT_NE(expected, "");
  for (const char *chunk : {"1", "3", "7"})
    EXPECT_EQ(run(toy, {"-p", "a longer text than a block", "--chunk", chunk,
                        "-t", "3"})
                  .out,
              expected);
  EmbeddingToy last;
  EXPECT_NE(run(last, {"-p", "a longer text than a block"}).out, expected);
}

TEST(Info, SaysHowVectorsAreMade) {
  EmbeddingToy toy(TRITC_POOL_MEAN);
  auto fields = fieldsOf(run(toy, {"info"}).out);
  EXPECT_EQ(fields["pooling"], "mean");
  EXPECT_EQ(fields["vectors"], "as they are");
  ToyModel chat;
  EXPECT_EQ(fieldsOf(run(chat, {"info"}).out).count("pooling"), 0u);
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
