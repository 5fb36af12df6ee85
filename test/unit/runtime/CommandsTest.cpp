//===- CommandsTest.cpp - bench, logits, tokenize, perplexity, info -------===//

#include "runtime/exec/Engine.h"
#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

using namespace tritc;
using test::Result;
using test::run;
using test::ToyModel;

namespace {
/// What a test writes lands in a folder that goes when all tests have run.
class OwnFolder : public testing::Environment {
public:
  void SetUp() override {
    path = testing::TempDir() + "commands-XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    std::filesystem::current_path(path);
  }
  void TearDown() override {
    std::filesystem::current_path("/");
    std::filesystem::remove_all(path);
  }

private:
  std::string path;
};
} // namespace

static testing::Environment *const ownFolder =
    testing::AddGlobalTestEnvironment(new OwnFolder);

static std::vector<std::string> linesOf(const std::string &text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

/// `key value` lines as a map.
static std::map<std::string, std::string> fieldsOf(const std::string &text) {
  std::map<std::string, std::string> fields;
  for (const std::string &line : linesOf(text))
    fields[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
  return fields;
}

static int64_t overflowWidth; ///< vocabulary size of `overflow`

/// Rows of logits from the engine itself.
static std::vector<std::vector<float>>
logitsOf(const ToyModel &toy, const std::vector<int32_t> &tokens) {
  std::vector<std::vector<float>> rows;
  exec::Engine engine(toy.program(), toy.image());
  EXPECT_FALSE(engine.start({.threads = 1}));
  engine.forward(tokens, 0, 0, nullptr,
                 [&](size_t, std::span<const float> row) {
                   rows.emplace_back(row.begin(), row.end());
                 });
  return rows;
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

TEST(Logits, PrintsTheBestAfterEachTokenAndAHash) {
  ToyModel toy;
  std::vector<int32_t> ids = {5, 250, 255, 7};
  Result result = run(toy, {"logits", "--ids", "5,250,255,7"});
  ASSERT_EQ(result.code, 0) << result.err;
  std::string expected;
  uint64_t hash = 0xcbf29ce484222325;
  auto rows = logitsOf(toy, ids);
  for (size_t i = 0; i < ids.size(); ++i) {
    int32_t best = (ids[i] + 1) % 256; // the toy counts up
    char line[100];
    snprintf(line, sizeof(line), "%zu %d %d %.9g\n", i, ids[i], best,
             static_cast<double>(rows[i][static_cast<size_t>(best)]));
    expected += line;
    auto bytes = reinterpret_cast<const unsigned char *>(rows[i].data());
    for (size_t j = 0; j < rows[i].size() * sizeof(float); ++j)
      hash = (hash ^ bytes[j]) * 0x100000001b3;
  }
  char line[100];
  snprintf(line, sizeof(line), "hash %016llx\n",
           static_cast<unsigned long long>(hash));
  EXPECT_EQ(result.out, expected + line);
}

TEST(Logits, AreTheSameForEveryThreadCountAndChunk) {
  ToyModel toy;
  std::string text = "a text of some length, longer than a few blocks";
  std::string expected = run(toy, {"logits", "-t", "1", "-p", text}).out;
  EXPECT_EQ(linesOf(expected).size(), text.size() + 1 + 1);
  for (const char *threads : {"1", "2", "3"})
    for (const char *chunk : {"1", "2", "5", "8"})
      EXPECT_EQ(run(toy, {"logits", "-t", threads, "--chunk", chunk}, text).out,
                expected);
}

TEST(Logits, PrintsJson) {
  ToyModel toy;
  std::string lines = run(toy, {"logits", "--ids", "1,2"}).out;
  std::string json = run(toy, {"logits", "--ids", "1,2", "--json"}).out;
  std::string hash = linesOf(lines)[2].substr(5);
  EXPECT_TRUE(json.starts_with("{\"tokens\": [\n  {\"position\": 0, \"id\": 1, "
                               "\"argmax\": 2, \"max_logit\": 3"))
      << json;
  EXPECT_TRUE(json.ends_with("}\n], \"hash\": \"" + hash + "\"}\n")) << json;
}

/// A TritcForward whose logits are all infinite.
static void overflow(const uint8_t *, uint8_t *, uint8_t *, const int32_t *,
                     float *logits, float *, int64_t tokenCount, int64_t,
                     int64_t firstLogit, int64_t thread, int64_t, void *) {
  if (thread == 0)
    for (int64_t i = firstLogit; i < tokenCount; ++i)
      std::fill_n(logits + i * overflowWidth, overflowWidth, INFINITY);
}

TEST(Logits, AreNullInJsonWhenInfinite) {
  ToyModel toy;
  overflowWidth = toy.program().vocabSize;
  toy.program().decode = toy.program().prefill = overflow;
  std::string lines = run(toy, {"logits", "--ids", "1"}).out;
  EXPECT_TRUE(lines.starts_with("0 1 0 inf\n")) << lines;
  std::string json = run(toy, {"logits", "--ids", "1", "--json"}).out;
  EXPECT_NE(json.find("\"max_logit\": null}"), std::string::npos) << json;
}

TEST(Perplexity, IsNullInJsonWhenNotANumber) {
  ToyModel toy;
  overflowWidth = toy.program().vocabSize;
  toy.program().decode = toy.program().prefill = overflow;
  std::ofstream("text.txt") << "0123456789";
  EXPECT_EQ(run(toy, {"perplexity", "text.txt", "--json"}).out,
            "{\n  \"perplexity\": null,\n  \"tokens\": 10\n}\n");
}

TEST(Logits, KeepTextOutOfTheDumpWithoutStandardOutput) {
  ToyModel toy;
  // More text than is buffered: some is written while the dump is open.
  std::string text(ToyModel::contextSize - 1, 'x');
  auto arguments = [&](const char *dump) {
    return test::Arguments{"logits", "--json", "-p", text, "--dump", dump};
  };
  ASSERT_EQ(run(toy, arguments("open.f32")).code, 0);
  test::Pipes pipes(toy, arguments("closed.f32"), "");
  Result result = pipes.finish();
  EXPECT_EQ(result.code, 7) << result.err;
  auto contents = [](const char *name) {
    std::ifstream file(name, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), {});
  };
  EXPECT_FALSE(contents("open.f32").empty());
  EXPECT_TRUE(contents("closed.f32") == contents("open.f32"));
}

TEST(Logits, DumpsTheBytesItHashes) {
  ToyModel toy;
  Result result =
      run(toy, {"logits", "--ids", "5,250,255,7", "--dump", "logits.f32"});
  ASSERT_EQ(result.code, 0) << result.err;
  std::ifstream file("logits.f32", std::ios::binary);
  std::string found((std::istreambuf_iterator<char>(file)), {});
  std::string expected;
  for (const std::vector<float> &row : logitsOf(toy, {5, 250, 255, 7}))
    expected.append(reinterpret_cast<const char *>(row.data()),
                    row.size() * sizeof(float));
  EXPECT_TRUE(found == expected);
}

TEST(Logits, SaysWhenItsDumpCannotBeWritten) {
  ToyModel toy;
  Result result = run(toy, {"logits", "--ids", "1", "--dump", "/dev/full"});
  EXPECT_EQ(result.code, 7);
  EXPECT_EQ(result.err,
            "error: /dev/full: cannot write: No space left on device\n");
  EXPECT_EQ(access("/dev/full", W_OK), 0) << "the device was removed";
  EXPECT_EQ(
      run(toy, {"logits", "--ids", "1", "--dump", "no-such-folder/x"}).code, 7);
}

TEST(Logits, RefusesIdsThatAreNone) {
  ToyModel toy;
  std::string vocabSize = std::to_string(toy.program().vocabSize);
  std::string largest = std::to_string(toy.program().vocabSize - 1);
  EXPECT_EQ(run(toy, {"logits", "--ids", largest}).code, 0);
  for (const char *list : {"", ",", "1,", ",1", "1,,2", "-1", "x", "1 2",
                           "99999999999999999999", vocabSize.c_str()}) {
    Result result = run(toy, {"logits", "--ids", list});
    EXPECT_EQ(result.code, 1) << list;
    EXPECT_TRUE(
        result.err.starts_with("error: --ids: expected ids below " + vocabSize))
        << result.err;
    EXPECT_EQ(result.out, "");
  }
  std::string many = "1";
  for (uint32_t i = 0; i < ToyModel::contextSize; ++i)
    many += ",1";
  EXPECT_EQ(run(toy, {"logits", "--ids", many}).err,
            "error: the prompt has 257 tokens, the context holds 256\n");
}

/// exp of the mean surprise over windows of `contextSize`, from the engine's
/// logits and the C++ library's logarithm.
static double perplexityOf(const ToyModel &toy, const std::vector<int32_t> &ids,
                           size_t contextSize, size_t &predicted) {
  double sum = 0;
  predicted = 0;
  for (size_t at = 0; at < ids.size(); at += contextSize - 1) {
    std::vector<int32_t> window = {toy.tokens().begin};
    size_t end = std::min(ids.size(), at + contextSize - 1);
    window.insert(window.end(), ids.begin() + static_cast<long>(at),
                  ids.begin() + static_cast<long>(end));
    auto rows = logitsOf(toy, window);
    for (size_t i = 0; i + 1 < window.size(); ++i, ++predicted) {
      double total = 0;
      for (float logit : rows[i])
        total += std::exp(static_cast<double>(logit));
      sum += std::log(total) -
             static_cast<double>(rows[i][static_cast<size_t>(window[i + 1])]);
    }
  }
  return std::exp(sum / static_cast<double>(predicted));
}

TEST(Perplexity, IsThatOfTheLogits) {
  ToyModel toy;
  std::string text = "0123456789 abcdefg, xyz. ABC";
  std::ofstream("text.txt") << text;
  std::vector<int32_t> ids(text.begin(), text.end());
  for (size_t contextSize : {256u, 10u, 2u}) {
    size_t predicted;
    double expected = perplexityOf(toy, ids, contextSize, predicted);
    Result result = run(toy, {"perplexity", "text.txt", "-c",
                              std::to_string(contextSize), "--json"});
    ASSERT_EQ(result.code, 0) << result.err;
    double found = 0;
    unsigned long long tokens = 0;
    ASSERT_EQ(sscanf(result.out.c_str(),
                     "{\n  \"perplexity\": %lf,\n  \"tokens\": %llu\n}\n",
                     &found, &tokens),
              2)
        << result.out;
    EXPECT_NEAR(found / expected, 1, 1e-6);
    EXPECT_EQ(tokens, predicted);
  }
}

TEST(Perplexity, IsTheLastLine) {
  ToyModel toy;
  std::ofstream("text.txt") << "0123456789";
  Result result = run(toy, {"perplexity", "text.txt"});
  double value;
  int tokens, end = 0;
  ASSERT_EQ(sscanf(linesOf(result.out).back().c_str(),
                   "perplexity %lf tokens %d%n", &value, &tokens, &end),
            2);
  EXPECT_EQ(tokens, 10);
}

TEST(Perplexity, NeedsATextToPredict) {
  ToyModel toy;
  EXPECT_EQ(run(toy, {"perplexity"}).err,
            "error: perplexity: expected a file\n");
  EXPECT_EQ(run(toy, {"perplexity", "no-such-file"}).code, 2);
  std::ofstream("empty.txt") << "";
  EXPECT_EQ(run(toy, {"perplexity", "empty.txt"}).err,
            "error: perplexity: expected at least two tokens, found 0\n");
  std::ofstream("text.txt") << "0123456789";
  Result result = run(toy, {"perplexity", "text.txt", "-c", "1"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.err, "error: perplexity: expected a context of at least 2 "
                        "tokens, found 1\n");
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
