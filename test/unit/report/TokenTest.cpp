//===- TokenTest.cpp - What one token costs -------------------------------===//
#include "compiler/report/Token.h"
#include "llvm/ADT/ArrayRef.h"

#include "gtest/gtest.h"

using namespace tritc::report;

namespace {

Candidate candidate(double predicted, std::optional<double> decode,
                    bool isChosen) {
  Candidate each;
  each.kernel = "codes";
  each.bitsPerWeight = 2;
  each.bytes = 1000;
  each.computeSeconds = predicted;
  each.memorySeconds = predicted / 2;
  each.predicted = predicted;
  each.decode = decode;
  each.isChosen = isChosen;
  return each;
}

/// Two layers of each matrix of 64 x 64, one second a layer, a head of 8 MB and
/// a cache of 4 MB where memory gives 2 MB a second.
TargetReport example(llvm::ArrayRef<std::optional<double>> decodes) {
  TargetReport target;
  target.target = "portable";
  target.bytesPerSecond = 2e6;
  for (std::optional<double> decode : decodes)
    target.matrices.push_back(
        {"m",
         64,
         64,
         2,
         {candidate(1, decode, true), candidate(0.5, std::nullopt, false)}});
  target.streams.push_back({"output head", "8-bit rows", 8000000});
  target.contextSize = 128;
  target.cacheBytes = 4000000;
  return target;
}

TEST(Token, AddsTheChosenKernelsOfAllLayersAndTheStreams) {
  Token token = tokenOf(example({std::nullopt, std::nullopt}));
  ASSERT_EQ(token.parts.size(), 3u);
  EXPECT_EQ(token.parts[0].bytes, 2000);
  EXPECT_DOUBLE_EQ(token.parts[0].seconds, 2);
  EXPECT_FALSE(token.parts[0].isBoundByMemory);
  EXPECT_DOUBLE_EQ(token.parts[2].seconds, 4);
  EXPECT_TRUE(token.parts[2].isBoundByMemory);
  EXPECT_EQ(token.bytes, 8004000);
  EXPECT_DOUBLE_EQ(token.seconds, 8);
  EXPECT_DOUBLE_EQ(token.perSecond(), 0.125);
  EXPECT_DOUBLE_EQ(token.perSecondAtTheEnd(), 0.1);
  EXPECT_FALSE(token.isMeasured);
}

TEST(Token, MeasuredTimeTakesThePlaceOfPredictedTime) {
  TargetReport target = example({3.0, 3.0});
  target.measured = Measured{"cpu", 1, 4e6, 1e9};
  Token token = tokenOf(target);
  EXPECT_TRUE(token.isMeasured);
  EXPECT_DOUBLE_EQ(token.seconds, 2 * 3 + 2 * 3 + 2);
}

TEST(Token, IsNotMeasuredWhereOneMatrixIsNot) {
  EXPECT_FALSE(tokenOf(example({3.0, std::nullopt})).isMeasured);
}

TEST(Token, OfNothingHasNoSpeed) {
  Token token = tokenOf(TargetReport());
  EXPECT_EQ(token.perSecond(), 0);
  EXPECT_FALSE(token.isMeasured);
}

TEST(Disturbed, IsAThirdOfTheSpeedOfTheSameKernel) {
  TargetReport target = example({1.0, 1.1, 0.9, 3.5});
  EXPECT_EQ(countDisturbed(target), 1u);
  const Matrix &last = target.matrices.back();
  EXPECT_TRUE(
      isDisturbed(target, last, last.candidates[0], &Candidate::decode));
  EXPECT_FALSE(
      isDisturbed(target, last, last.candidates[0], &Candidate::prefill));
}

TEST(Disturbed, NeedsThreeMeasurements) {
  EXPECT_EQ(countDisturbed(example({1.0, 100.0})), 0u);
}

TEST(Disturbed, IsNotWhatIsFast) {
  EXPECT_EQ(countDisturbed(example({1.0, 1.0, 1.0, 0.01})), 0u);
}

} // namespace
