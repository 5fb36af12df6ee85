//===- SelftestTest.cpp - The command selftest ----------------------------===//

#include "runtime/exec/Engine.h"
#include "test/unit/runtime/Process.h"

#include "gtest/gtest.h"

#include <functional>

using namespace tritc;
using test::Result;
using test::run;
using test::ToyModel;

namespace {

constexpr uint32_t stageCount = ToyModel::layerCount + 2;

/// A section for two prompts of three tokens.
struct Section {
  TritcSelftest header = {2, 3, offsetof(Section, tokens),
                          offsetof(Section, hashes)};
  int32_t tokens[2][3] = {{5, 250, 255}, {7, 7, 1}};
  uint64_t hashes[2][stageCount] = {};
};

/// What the toy makes of the section's prompts, token by token.
void computeHashes(const ToyModel &toy, Section &section) {
  exec::Engine engine(toy.program(), toy.image());
  ASSERT_FALSE(engine.start({.threads = 1, .trace = true}));
  for (int prompt = 0; prompt < 2; ++prompt) {
    uint64_t (&hashes)[stageCount] = section.hashes[prompt];
    std::fill(hashes, hashes + stageCount, TRITC_HASH_START);
    for (size_t at = 0; at < 3; ++at) {
      std::span<const int32_t> token(&section.tokens[prompt][at], 1);
      engine.forward(token, at, at == 2 ? 0 : 1, nullptr,
                     [&](size_t, std::span<const float> row) {
                       hashes[stageCount - 1] = tritc_hash(
                           hashes[stageCount - 1], row.data(), row.size());
                     });
      for (uint32_t stage = 0; stage + 1 < stageCount; ++stage)
        hashes[stage] =
            tritc_hash(hashes[stage], engine.traceRow(stage, 0).data(),
                       ToyModel::hiddenSize);
    }
  }
}

/// The toy with a section behind its image.
struct TestedToy : ToyModel {
  Section &section;

  TestedToy() : section(append()) { computeHashes(*this, section); }

private:
  Section &append() {
    uint64_t offset = (image().imageBytes + 7) / 8 * 8;
    image().selftest = {offset, sizeof(Section)};
    image().imageBytes = offset + sizeof(Section);
    auto start = reinterpret_cast<uint8_t *>(&image());
    return *new (start + offset) Section();
  }
};

TEST(Selftest, AcceptsWhatWasCompiled) {
  Result result = run(TestedToy(), {"selftest", "-t", "5"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "selftest: 2 prompts of 3 tokens, decode and prefill, "
                        "threads 1 to 5: ok\n");
  EXPECT_EQ(run(TestedToy(), {"selftest", "-t", "1", "--json"}).out,
            "{\n  \"target\": \"toy\",\n  \"result\": \"ok\",\n"
            "  \"prompts\": 2,\n  \"tokens_per_prompt\": 3,\n"
            "  \"threads\": 1\n}\n");
}

TEST(Selftest, NamesTheFirstStageThatDiffers) {
  const char *names[] = {"embedding", "layer 0", "layer 1", "output head"};
  for (uint32_t stage = 0; stage < stageCount; ++stage) {
    TestedToy toy;
    for (uint32_t later = stage; later < stageCount; ++later)
      toy.section.hashes[1][later] ^= 1;
    Result result = run(toy, {"selftest"});
    EXPECT_EQ(result.code, 3);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, std::string("error: selftest: ") + names[stage] +
                              " differs from what was compiled (prompt 1, "
                              "decode, 1 thread)\n");
  }
}

TEST(Selftest, NamesTheDifferenceInJson) {
  TestedToy toy;
  toy.section.hashes[0][2] ^= 1;
  Result result = run(toy, {"selftest", "--json"});
  EXPECT_EQ(result.code, 3);
  EXPECT_NE(result.out.find("\"first_difference\": \"layer 1\""),
            std::string::npos)
      << result.out;
}

TEST(Selftest, NeedsASection) {
  Result result = run(ToyModel(), {"selftest"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.err, "error: selftest: this program was compiled without "
                        "one (tritc --selftest=none)\n");
}

TEST(Selftest, RefusesADamagedSection) {
  const std::function<void(Section &)> damages[] = {
      [](Section &section) { section.header.tokenCount = 0; },
      [](Section &section) { section.header.tokenCount = 1u << 31; },
      [](Section &section) { section.header.promptCount = ~0u; },
      [](Section &section) { section.header.tokens = ~0ull - 3; },
      [](Section &section) { section.header.tokens += 2; },
      [](Section &section) { section.header.hashes += 8; },
      [](Section &section) { section.tokens[1][2] = -1; },
      [](Section &section) { section.tokens[0][0] = 1 << 30; },
  };
  for (const auto &damage : damages) {
    TestedToy toy;
    damage(toy.section);
    Result result = run(toy, {"selftest"});
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(result.err.starts_with("error: image: selftest: expected "))
        << result.err;
  }
}

} // namespace
