//===- WeightPlanTest.cpp - The plan says what the module says ------------===//

#include "compiler/codegen/WeightPlan.h"
#include "compiler/import/Error.h"
#include "dialects/bitnet/Bitnet.h"
#include "dialects/lut/Lut.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace tritc;
using namespace tritc::codegen;

namespace {

llvm::Expected<WeightPlan>
planOf(llvm::StringRef weights,
       llvm::StringRef attributes = "lut.image_bytes = 8192 : i64") {
  mlir::DialectRegistry registry;
  registry.insert<bitnet::BitnetDialect, lut::LutDialect>();
  mlir::MLIRContext context(registry);
  std::string text =
      ("module attributes {" + attributes + "} {\n" + weights + "\n}").str();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  EXPECT_TRUE(module) << text;
  return extractWeightPlan(*module);
}

WeightEntry entryOf(llvm::StringRef weight) {
  WeightPlan plan = llvm::cantFail(planOf(weight));
  EXPECT_EQ(plan.bytes, 8192);
  EXPECT_EQ(plan.entries.size(), 1u);
  return plan.entries.front();
}

std::string messageOf(llvm::Expected<WeightPlan> plan) {
  Failure failure = toFailure(plan.takeError());
  EXPECT_EQ(failure.code, ExitCode::CodeGeneration);
  return failure.message;
}

TEST(WeightPlan, TernaryMatricesOfLayers) {
  WeightEntry entry = entryOf(R"mlir(
    bitnet.weight @qk : !bitnet.ternary<96x24> x 3 from ["l.{}.q", "l.{}.k"]
        rows [64, 32] {lut.layout = #lut.layout<offset = 128, stride = 704,
                        packing = #lut.packing<signed_nibble, rows = 64>>})mlir");
  EXPECT_EQ(entry.symbol, "qk");
  EXPECT_EQ(entry.kind, WeightEntry::Kind::Ternary);
  EXPECT_EQ(entry.rows, 96);
  EXPECT_EQ(entry.columns, 24);
  EXPECT_EQ(entry.layers, 3);
  EXPECT_EQ(entry.offset, 128);
  EXPECT_EQ(entry.stride, 704);
  EXPECT_EQ(entry.packing,
            (lut::PackingSpec{lut::PackingSpec::SignedNibble, 64}));
  ASSERT_EQ(entry.parts.size(), 2u);
  EXPECT_EQ(entry.parts[1].rows, 32);
  EXPECT_EQ(entry.partName(1, 2), "l.2.k");
  EXPECT_EQ(entry.bytes(), 2 * 320 + 2 * 4);
}

TEST(WeightPlan, Tables) {
  WeightEntry entry = entryOf(R"mlir(
    bitnet.weight @embedding : tensor<20x4xbf16> from ["embed"]
        {lut.layout = #lut.layout<offset = 64, stride = 192>})mlir");
  EXPECT_EQ(entry.kind, WeightEntry::Kind::Floats);
  EXPECT_EQ(entry.element, WeightEntry::Element::BF16);
  EXPECT_EQ(entry.layers, 1);
  EXPECT_FALSE(entry.perLayer);
  EXPECT_EQ(entry.partName(0, 0), "embed");
  EXPECT_EQ(entry.bytes(), 160);
}

TEST(WeightPlan, RopeTables) {
  WeightEntry entry = entryOf(R"mlir(
    bitnet.weight @rope : tensor<16x2x4xf32> init #bitnet.rope_table<theta = 500000.0>
        {lut.layout = #lut.layout<offset = 0, stride = 512>})mlir");
  EXPECT_EQ(entry.kind, WeightEntry::Kind::RopeTable);
  EXPECT_EQ(entry.rows, 16);
  EXPECT_EQ(entry.columns, 4);
  EXPECT_EQ(entry.theta, 500000.0);
  EXPECT_EQ(entry.bytes(), 512);
}

TEST(WeightPlan, AWeightWithoutPlaceIsAnError) {
  EXPECT_EQ(messageOf(planOf("bitnet.weight @n : tensor<4xf32> from [\"n\"]")),
            "parameter 'n': has no place in the image yet");
}

TEST(WeightPlan, AWeightBeyondTheSectionIsAnError) {
  EXPECT_EQ(messageOf(planOf(
                "bitnet.weight @n : tensor<2048xf32> from [\"n\"] "
                "{lut.layout = #lut.layout<offset = 64, stride = 8192>}")),
            "parameter 'n': ends at byte 8256 of a section of 8192 bytes");
}

TEST(WeightPlan, OverlappingLayersAreAnError) {
  EXPECT_EQ(
      messageOf(planOf("bitnet.weight @n : tensor<64xf32> x 2 from [\"n{}\"] "
                       "{lut.layout = #lut.layout<offset = 0, stride = 64>}")),
      "parameter 'n': expected a stride of at least 256 bytes, found 64");
}

TEST(WeightPlan, ATernaryMatrixNeedsAPacking) {
  EXPECT_EQ(
      messageOf(planOf("bitnet.weight @n : !bitnet.ternary<4x4> from [\"n\"] "
                       "{lut.layout = #lut.layout<offset = 0, stride = 64>}")),
      "parameter 'n': expected a packing if and only if it is ternary");
}

TEST(WeightPlan, AModuleWithoutSectionIsAnError) {
  EXPECT_EQ(messageOf(planOf("", "")), "the module has no 'lut.image_bytes'");
}

} // namespace
