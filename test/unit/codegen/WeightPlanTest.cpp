//===- WeightPlanTest.cpp - The plan says what the module says ------------===//

#include "compiler/codegen/WeightPlan.h"
#include "compiler/support/Error.h"
#include "dialects/bitnet/Bitnet.h"
#include "dialects/lut/Lut.h"
#include "passes/tables/Section.h"

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

TEST(WeightPlan, RoundedRows) {
  WeightEntry entry = entryOf(R"mlir(
    bitnet.weight @head : !bitnet.scaled<9x24xi6> from ["embed"]
        {lut.layout = #lut.layout<offset = 64, stride = 768>})mlir");
  EXPECT_EQ(entry.kind, WeightEntry::Kind::Scaled);
  EXPECT_EQ(entry.rows, 9);
  EXPECT_EQ(entry.columns, 24);
  EXPECT_EQ(entry.bits, 6);
  EXPECT_EQ(entry.bytes(), 3 * 256);
}

TEST(WeightPlan, TablesInBlocks) {
  WeightEntry entry = entryOf(R"mlir(
    bitnet.weight @embedding : !bitnet.blocked<9x512xi6> from ["embed"]
        {lut.layout = #lut.layout<offset = 64, stride = 4480>})mlir");
  EXPECT_EQ(entry.kind, WeightEntry::Kind::Blocked);
  EXPECT_EQ(entry.rows, 9);
  EXPECT_EQ(entry.columns, 512);
  EXPECT_EQ(entry.bits, 6);
  EXPECT_EQ(entry.bytes(), 4480);
}

TEST(WeightPlan, RopeTables) {
  WeightEntry entry = entryOf(R"mlir(
    bitnet.weight @rope : tensor<16x2x4xf32> init #bitnet.rope_table<theta = 500000.0>
        {lut.layout = #lut.layout<offset = 0, stride = 512>})mlir");
  EXPECT_EQ(entry.kind, WeightEntry::Kind::RopeTable);
  EXPECT_EQ(entry.rows, 16);
  EXPECT_EQ(entry.columns, 4);
  EXPECT_EQ(entry.thetas, std::vector<double>{500000.0});
  EXPECT_EQ(entry.bytes(), 512);
}

TEST(WeightPlan, RopeTablesOfSeveralBases) {
  WeightEntry entry = entryOf(R"mlir(
    bitnet.weight @rope : tensor<16x2x4xf32> x 2
        init [#bitnet.rope_table<theta = 500000.0>,
              #bitnet.rope_table<theta = 10000.0>]
        {lut.layout = #lut.layout<offset = 0, stride = 512>})mlir");
  EXPECT_EQ(entry.layers, 2);
  EXPECT_EQ(entry.thetas, (std::vector<double>{500000.0, 10000.0}));
  EXPECT_EQ(
      messageOf(planOf("bitnet.weight @rope : tensor<16x2x4xf32> x 2 init "
                       "#bitnet.rope_table<theta = 1.0> "
                       "{lut.layout = #lut.layout<offset = 0, stride = 512>}")),
      "parameter 'rope': expected a RoPE table [context, 2, half] of f32");
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

TEST(WeightPlan, AModuleWithoutSectionIsAnError) {
  EXPECT_EQ(messageOf(planOf("", "")), "the module has no 'lut.image_bytes'");
}

/// A module of one ternary matrix and one table, as phase `tables` leaves it.
std::string moduleOf(llvm::StringRef packing, int64_t stride) {
  std::string layout = (", stride = " + llvm::Twine(stride) +
                        ", packing = #lut.packing<" + packing + ">>}")
                           .str();
  return R"mlir(module attributes {lut.image_bytes = 8192 : i64} {
    bitnet.weight @w : !bitnet.ternary<96x24> x 2 from ["l.{}.w"]
        {lut.layout = #lut.layout<offset = 0)mlir" +
         layout + R"mlir(
    bitnet.weight @embedding : tensor<20x4xbf16> from ["embed"]
        {lut.layout = #lut.layout<offset = 2048, stride = 192>}
  })mlir";
}

/// Offsets that `module` has in `whole`, after joining it.
std::vector<int64_t> offsetsIn(WeightPlan &whole, const std::string &text) {
  mlir::DialectRegistry registry;
  registry.insert<bitnet::BitnetDialect, lut::LutDialect>();
  mlir::MLIRContext context(registry);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  EXPECT_TRUE(module);
  WeightPlan plan = llvm::cantFail(extractWeightPlan(*module));
  if (!whole.entries.empty()) {
    const WeightEntry *entry = plan.entries.data();
    EXPECT_TRUE(succeeded(
        tables::joinSection(*module, whole.bytes, [&](bitnet::WeightOp) {
          return placeOf(*entry++, whole);
        })));
    plan = llvm::cantFail(extractWeightPlan(*module));
  }
  addPlan(plan, whole);
  EXPECT_EQ(plan.bytes, whole.bytes);
  return {plan.entries[0].offset, plan.entries[1].offset};
}

TEST(JoinSection, SharesWhatIsPackedAlike) {
  WeightPlan whole;
  std::string codes = moduleOf("codes, rows = 1", 640);
  std::string nibbles = moduleOf("signed_nibble, rows = 32", 512);
  EXPECT_EQ(offsetsIn(whole, codes), (std::vector<int64_t>{0, 2048}));
  EXPECT_EQ(whole.bytes, 8192);
  // The same again costs nothing.
  EXPECT_EQ(offsetsIn(whole, codes), (std::vector<int64_t>{0, 2048}));
  EXPECT_EQ(whole.entries.size(), 2u);
  EXPECT_EQ(whole.bytes, 8192);
  // Another packing is added; the table is shared.
  EXPECT_EQ(offsetsIn(whole, nibbles), (std::vector<int64_t>{8192, 2048}));
  EXPECT_EQ(whole.entries.size(), 3u);
  EXPECT_EQ(whole.bytes, 8192 + 4096);
  EXPECT_EQ(whole.entries[2].packing.kind, lut::PackingSpec::SignedNibble);
}

} // namespace
