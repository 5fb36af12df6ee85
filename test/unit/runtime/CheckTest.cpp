//===- CheckTest.cpp - What an executable refuses to start with -----------===//

#include "runtime/exec/CpuFeatures.h"
#include "runtime/exec/ImageCheck.h"
#include "runtime/exec/SelectProgram.h"
#include "test/unit/runtime/ToyModel.h"

#include "gtest/gtest.h"

#include <functional>

using namespace tritc;
using test::ToyModel;

TEST(CheckCpu, AcceptsWhatIsThere) {
  TritcProgram program = {};
  program.requiredFeatures = 0b101;
  EXPECT_FALSE(exec::checkCpu(program, {0b111}));
}

TEST(CheckCpu, NamesEveryMissingFeature) {
  TritcProgram program = {};
  program.targetName = "x86_avx2";
  program.requiredFeatures = 0b111111;
  base::Failure failure = exec::checkCpu(program, {0b000110});
  EXPECT_EQ(failure.code, base::UnsupportedCpu);
  EXPECT_STREQ(failure.message, "this CPU cannot run code compiled for "
                                "x86_avx2, it lacks: ssse3 f16c fma avx2");
}

TEST(CheckCpu, SaysWhatTheSystemRefuses) {
  TritcProgram program = {};
  program.targetName = "x86_avx2";
  program.requiredFeatures = 0b111111;
  EXPECT_STREQ(exec::checkCpu(program, {0b001111, 0b110000}).message,
               "this system keeps code compiled for x86_avx2 from running, it "
               "refuses: fma avx2");
  // What the CPU lacks nobody can grant.
  EXPECT_STREQ(exec::checkCpu(program, {0b001110, 0b110000}).message,
               "this CPU cannot run code compiled for x86_avx2, it lacks: "
               "ssse3");
}

TEST(CheckCpu, RefusesFeaturesItDoesNotKnow) {
  TritcProgram program = {};
  program.targetName = "x";
  program.requiredFeatures = ~0ull;
  base::Failure failure = exec::checkCpu(program, exec::availableFeatures());
  EXPECT_EQ(failure.code, base::UnsupportedCpu);
  EXPECT_NE(std::string(failure.message).find("unknown"), std::string::npos);
}

namespace {
/// Programs for a plain, a better and a best CPU.
struct ThreePrograms {
  TritcProgram plain = {}, better = {}, best = {};
  const TritcProgram *list[4] = {&plain, &better, &best, nullptr};

  ThreePrograms() {
    plain.targetName = "plain", better.targetName = "better";
    best.targetName = "best";
    plain.requiredFeatures = 0b1, better.requiredFeatures = 0b11;
    best.requiredFeatures = 0b101;
  }
  /// Name of the chosen target, or the message.
  std::string choose(uint64_t available, const char *wanted = nullptr) {
    const TritcProgram *chosen = nullptr;
    base::Failure failure =
        exec::selectProgram(list, {available}, wanted, chosen);
    if (failure)
      EXPECT_EQ(failure.code, base::UnsupportedCpu);
    return failure ? failure.message : chosen->targetName;
  }
};
} // namespace

TEST(SelectProgram, TakesTheLastThatRuns) {
  ThreePrograms programs;
  EXPECT_EQ(programs.choose(0b111), "best");
  EXPECT_EQ(programs.choose(0b101), "best");
  EXPECT_EQ(programs.choose(0b011), "better");
  EXPECT_EQ(programs.choose(0b001), "plain");
  EXPECT_EQ(programs.choose(0b111, ""), "best");
}

TEST(SelectProgram, NamesWhatThePlainestLacks) {
  EXPECT_EQ(ThreePrograms().choose(0),
            "this CPU cannot run code compiled for plain, it lacks: ssse3");
}

TEST(SelectProgram, TakesTheOneThatIsNamed) {
  ThreePrograms programs;
  EXPECT_EQ(programs.choose(0b111, "plain"), "plain");
  EXPECT_EQ(programs.choose(0b001, "better"),
            "this CPU cannot run code compiled for better, it lacks: sse4.1");
  EXPECT_EQ(programs.choose(0b111, "worst"),
            "TRITC_TARGET: expected one of plain better best, found 'worst'");
}

TEST(CheckImage, AcceptsTheToy) {
  ToyModel toy;
  base::Failure failure = exec::checkImage(toy.program(), toy.image());
  EXPECT_FALSE(failure) << failure.message;
}

TEST(CheckImage, NamesWhatDoesNotFit) {
  const struct {
    const char *message;
    std::function<void(TritcProgram &, TritcImageHeader &)> damage;
  } cases[] = {
      {"magic", [](auto &, auto &image) { image.magic ^= 1; }},
      {"ABI version of the code",
       [](auto &code, auto &) { ++code.abiVersion; }},
      {"ABI version", [](auto &, auto &image) { ++image.abiVersion; }},
      {"header bytes", [](auto &, auto &image) { --image.headerBytes; }},
      {"vocabulary size", [](auto &, auto &image) { ++image.vocabSize; }},
      {"context size", [](auto &code, auto &) { ++code.contextSize; }},
      {"above 0", [](auto &code, auto &) { code.maxTokens = 0; }},
      {"size", [](auto &, auto &image) { image.imageBytes = 10; }},
      {"weights: expected inside",
       [](auto &, auto &image) { image.weights.bytes += 1; }},
      {"weights: expected inside",
       [](auto &, auto &image) { image.weights.bytes = UINT64_MAX; }},
      {"stop tokens: expected inside",
       [](auto &, auto &image) { image.stopTokens.offset = UINT64_MAX; }},
      {"selftest: expected inside",
       [](auto &, auto &image) { image.selftest = {8, 1ull << 40}; }},
      {"embedding: expected inside",
       [](auto &, auto &image) { image.embedding.bytes = UINT64_MAX; }},
      {"in a tile, inside the weights",
       [](auto &, auto &image) { ++image.embedding.bytes; }},
      {"0 in a tile", [](auto &, auto &image) { image.embeddingTileRows = 0; }},
      {"inside the weights",
       [](auto &, auto &image) { image.embedding.offset = 64; }},
      {"weights: expected alignment 4096",
       [](auto &, auto &image) { image.weights.offset -= 64; }},
      {"tokenizer: expected alignment 64",
       [](auto &, auto &image) { image.tokenizer.offset += 4; }},
      {"tokenizer: expected tables",
       [](auto &, auto &image) { image.tokenizer.bytes = 0; }},
      {"prompts: expected inside",
       [](auto &, auto &image) { image.prompts = {8, 1ull << 40}; }},
      {"prompts: expected whole ones",
       [](auto &, auto &image) { image.prompts = {8, 8}; }},
      {"default 1", [](auto &, auto &image) { image.defaultPrompt = 1; }},
      {"pooling: expected none, found 1",
       [](auto &, auto &image) { image.pooling.modeCount = 1; }},
      {"pooling: expected 1 to 6 known modes, found 0",
       [](auto &code, auto &) { code.vectorSize = 4; }},
      {"template piece",
       [](auto &, auto &image) {
         image.chat.turns[1].pieces[TRITC_CHAT_PROMPT].offset = 1ull << 40;
       }},
  };
  for (const auto &[message, damage] : cases) {
    ToyModel toy;
    damage(toy.program(), toy.image());
    base::Failure failure = exec::checkImage(toy.program(), toy.image());
    EXPECT_EQ(failure.code, base::Malformed) << message;
    EXPECT_NE(std::string(failure.message).find(message), std::string::npos)
        << failure.message << " lacks " << message;
  }
}
