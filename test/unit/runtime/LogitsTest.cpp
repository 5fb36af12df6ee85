//===- LogitsTest.cpp - logits, perplexity --------------------------------===//

#include "runtime/exec/Engine.h"
#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace tritc;
using test::linesOf;
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
                     const int32_t *, float *logits, float *,
                     int64_t tokenCount, int64_t firstLogit, int64_t thread,
                     int64_t, void *) {
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
