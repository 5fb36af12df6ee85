//===- WeightImageTest.cpp - The bytes of an image ------------------------===//

#include "compiler/codegen/WeightImage.h"
#include "compiler/codegen/FileIO.h"
#include "compiler/support/Error.h"
#include "dialects/lut/layouts/ScaledRows.h"
#include "runtime/abi/Program.h"
#include "test/unit/codegen/NamedSource.h"
#include "test/unit/codegen/TestFiles.h"

#include "llvm/Support/xxhash.h"

#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <sys/resource.h>

using namespace tritc;
using namespace tritc::codegen;
using namespace tritc::codegen::test;

namespace {

/// Two stacked ternary matrices of two layers, an embedding, a norm, a table,
/// and the embedding again as a rounded head. Nothing divides anything.
WeightPlan testPlan() {
  WeightEntry ternary{.symbol = "layers.qk",
                      .kind = WeightEntry::Kind::Ternary,
                      .rows = 67 + 130,
                      .columns = 7001,
                      .parts = {{"layer.{}.q", 67}, {"layer.{}.k", 130}},
                      .layers = 2,
                      .perLayer = true,
                      .offset = 0,
                      .packing = {lut::PackingSpec::SignedNibble, 64}};
  ternary.stride = ternary.bytes() + 40;
  WeightEntry embedding{.symbol = "embedding",
                        .kind = WeightEntry::Kind::Floats,
                        .element = WeightEntry::Element::BF16,
                        .rows = 1300,
                        .columns = 1001,
                        .parts = {{"model.embed_tokens.weight", 1300}},
                        .offset = 2 * ternary.stride};
  WeightEntry norm{.symbol = "norm",
                   .kind = WeightEntry::Kind::Floats,
                   .rows = 1,
                   .columns = 333,
                   .parts = {{"model.norm.weight", 1}},
                   .offset = embedding.offset + embedding.bytes() + 10};
  WeightEntry rope{.symbol = "rope",
                   .kind = WeightEntry::Kind::RopeTable,
                   .rows = 50,
                   .columns = 6,
                   .layers = 2,
                   .offset = norm.offset + norm.bytes(),
                   .thetas = {10000, 500000}};
  rope.stride = rope.bytes() + 20;
  WeightEntry head{.symbol = "head",
                   .kind = WeightEntry::Kind::Scaled,
                   .rows = 1300,
                   .columns = 1001,
                   .parts = {{"model.embed_tokens.weight", 1300}},
                   .offset = rope.offset + 2 * rope.stride,
                   .bits = 6};
  WeightPlan plan;
  plan.bytes = head.offset + head.bytes() + 100;
  plan.entries = {ternary, embedding, norm, rope, head};
  return plan;
}

ImageContents testContents() {
  ImageContents contents;
  contents.modelName = "tiny";
  contents.tokenizer = {9, 8, 7};
  contents.stopTokens = {5, 3, 5};
  contents.vocabSize = 1300;
  contents.hiddenSize = 1001;
  contents.ffnSize = 12;
  contents.layerCount = 2;
  contents.headCount = 4;
  contents.kvHeadCount = 2;
  contents.headDim = 12;
  contents.contextSize = 50;
  contents.generation.temperature = 0.5f;
  contents.chat.rules.hasTemplate = true;
  contents.chat.name = "chatml";
  contents.chat.turns[0].pieces[TRITC_CHAT_OPEN] = "<user>";
  contents.chat.turns[1].pieces[TRITC_CHAT_PROMPT_LATER] = "<end>";
  contents.chat.turns[1].trims.answer.trailing = 7;
  return contents;
}

NamedSource testSource() {
  NamedSource source;
  source.stored.resize(1300 * 1001 * 2);
  for (size_t index = 0; index < source.stored.size(); ++index)
    source.stored[index] = uint8_t(index * 13);
  return source;
}

/// A file that is removed by and by.
struct ImageFile {
  TemporaryFolder folder;
  OutputFile file = llvm::cantFail(OutputFile::create(folder.file("image")));

  llvm::Error write(const NamedSource &source, unsigned threads,
                    const Progress &progress = {}) {
    return writeImage(testContents(), testPlan(), source, file.fd(),
                      /*offset=*/0, threads, "image", progress);
  }
  std::string bytes() {
    llvm::cantFail(file.keep(false));
    return contentsOf(folder.file("image"));
  }
};

std::string imageOf(unsigned threads) {
  ImageFile image;
  llvm::cantFail(image.write(testSource(), threads));
  return image.bytes();
}

TritcImageHeader headerOf(const std::string &image) {
  TritcImageHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  return header;
}

std::string textOf(const std::string &image, TritcSpan span) {
  return image.substr(span.offset, span.bytes);
}

TEST(WeightImage, HeaderSaysWhatIsInside) {
  std::string image = imageOf(2);
  TritcImageHeader header = headerOf(image);
  EXPECT_EQ(header.magic, TRITC_IMAGE_MAGIC);
  EXPECT_EQ(header.abiVersion, TRITC_ABI_VERSION);
  EXPECT_EQ(header.headerBytes, sizeof(header));
  EXPECT_EQ(header.imageBytes, image.size());
  EXPECT_EQ(header.imageBytes, imageBytes(testContents(), testPlan()));
  EXPECT_EQ(textOf(image, header.modelName), "tiny");
  EXPECT_EQ(textOf(image, header.chat.name), "chatml");
  const TritcChatTurns *turns = header.chat.turns;
  EXPECT_EQ(textOf(image, turns[1].pieces[TRITC_CHAT_OPEN]), "");
  EXPECT_EQ(textOf(image, turns[0].pieces[TRITC_CHAT_OPEN]), "<user>");
  EXPECT_EQ(textOf(image, turns[1].pieces[TRITC_CHAT_PROMPT_LATER]), "<end>");
  EXPECT_EQ(turns[1].trims.answer.trailing, 7u);
  EXPECT_TRUE(header.chat.rules.hasTemplate);
  EXPECT_EQ(textOf(image, header.tokenizer), "\x09\x08\x07");
  EXPECT_EQ(header.tokenizer.offset % 64, 0u);
  EXPECT_EQ(textOf(image, header.stopTokens),
            std::string("\3\0\0\0\5\0\0\0", 8));
  EXPECT_EQ(header.weights.offset % 4096, 0u);
  EXPECT_EQ(header.embedding.bytes, 1300u * 1001 * 2);
  EXPECT_EQ(header.embedding.offset,
            header.weights.offset + uint64_t(testPlan().entries[1].offset));
  EXPECT_EQ(header.contextSize, 50u);
  EXPECT_EQ(header.generation.temperature, 0.5f);
}

TEST(WeightImage, CountsWhatATokenReads) {
  WeightPlan plan = testPlan();
  WeightCounts counts = countWeights(plan);
  uint64_t ternary = 2 * uint64_t(plan.entries[0].bytes());
  uint64_t head = uint64_t(plan.entries[4].bytes());
  EXPECT_EQ(counts.ternaryParameters, 2u * 197 * 7001);
  EXPECT_EQ(counts.ternaryBytes, ternary);
  EXPECT_EQ(counts.headBytes, head);
  EXPECT_EQ(counts.headBits, 6u);
  EXPECT_EQ(counts.bytesPerToken, ternary + head + 333 * 4);
}

TEST(WeightImage, AHeadAsStoredIsTheEmbedding) {
  WeightPlan plan = testPlan();
  plan.entries.pop_back();
  WeightCounts counts = countWeights(plan);
  uint64_t ternary = 2 * uint64_t(plan.entries[0].bytes());
  EXPECT_EQ(counts.headBytes, 1300u * 1001 * 2);
  EXPECT_EQ(counts.headBits, 0u);
  EXPECT_EQ(counts.bytesPerToken, ternary + 1300 * 1001 * 2 + 333 * 4);
  EXPECT_EQ(embeddingAlone(plan), nullptr);
}

TEST(WeightImage, HeadsAreRoundedRowByRow) {
  std::string image = imageOf(2);
  WeightPlan plan = testPlan();
  const WeightEntry &entry = plan.entries[4];
  std::vector<int8_t> rows(4 * 1001), expected(1001);
  std::vector<float> row(1001), scales(4);
  for (int64_t tile = 0; tile < 325; ++tile) {
    lut::unpackScaledTile(6,
                          reinterpret_cast<const uint8_t *>(
                              image.data() + headerOf(image).weights.offset +
                              entry.offset +
                              tile * lut::scaledTileBytes(6, 1001)),
                          1001, rows.data(), scales.data());
    for (int64_t r = 0; r < 4; ++r) {
      for (int64_t column = 0; column < 1001; ++column)
        row[size_t(column)] =
            NamedSource::element(uint64_t((tile * 4 + r) * 1001 + column));
      EXPECT_EQ(scales[size_t(r)],
                lut::roundRow(6, row.data(), 1001, expected.data()));
      ASSERT_TRUE(
          std::equal(expected.begin(), expected.end(), rows.begin() + r * 1001))
          << "row " << tile * 4 + r;
    }
  }
}

/// A table of 16385 rows, so that there are several pieces, and the last tile
/// has one row.
TEST(WeightImage, TablesInBlocksStayInBlocks) {
  WeightEntry table{.symbol = "embedding",
                    .kind = WeightEntry::Kind::Blocked,
                    .rows = 16385,
                    .columns = 256,
                    .parts = {{"model.embed_tokens.weight", 16385}},
                    .bits = 6};
  WeightPlan plan;
  plan.bytes = table.bytes();
  plan.entries = {table};
  EXPECT_EQ(countWeights(plan).headBytes, uint64_t(table.bytes()));
  EXPECT_EQ(countWeights(plan).headBits, 0u);
  NamedSource source;
  ImageFile image;
  llvm::cantFail(writeImage(testContents(), plan, source, image.file.fd(),
                            /*offset=*/0, /*threads=*/2, "image", {}));
  std::string bytes = image.bytes();
  std::vector<int8_t> integers(2 * 256), expected(2 * 256), scales(32),
      expectedScales(32);
  std::vector<uint16_t> steps(2), expectedSteps(2);
  for (int64_t tile = 0; tile < 8193; ++tile) {
    lut::unpackBlockedTile(6,
                           reinterpret_cast<const uint8_t *>(
                               bytes.data() + headerOf(bytes).weights.offset +
                               tile * lut::blockedTileBytes(6, 256)),
                           256, {integers.data(), scales.data(), steps.data()});
    llvm::cantFail(source.blockedRows(
        "", uint64_t(tile * 2), 2,
        {expected.data(), expectedScales.data(), expectedSteps.data()}));
    if (tile == 8192) {
      std::fill_n(expected.begin() + 256, 256, int8_t(0));
      std::fill_n(expectedScales.begin() + 16, 16, int8_t(0));
      expectedSteps[1] = 0;
    }
    ASSERT_EQ(integers, expected) << tile;
    ASSERT_EQ(scales, expectedScales) << tile;
    ASSERT_EQ(steps, expectedSteps) << tile;
  }
}

TEST(WeightImage, HashCoversAllBytesBetweenHeaderAndTrailer) {
  std::string image = imageOf(2);
  TritcImageHeader header = headerOf(image);
  EXPECT_EQ(header.contentHash,
            llvm::xxh3_64bits(llvm::StringRef(image)
                                  .drop_front(sizeof(TritcImageHeader))
                                  .drop_back(sizeof(TritcImageTrailer))));
}

TEST(WeightImage, EndsInATrailerThatKnowsTheHash) {
  std::string image = imageOf(2);
  TritcImageTrailer trailer;
  std::memcpy(&trailer, image.data() + image.size() - sizeof(trailer),
              sizeof(trailer));
  EXPECT_EQ(trailer.magic, TRITC_TRAILER_MAGIC);
  EXPECT_EQ(trailer.contentHash, headerOf(image).contentHash);
}

TEST(WeightImage, AnyNumberOfThreadsGivesTheSameBytes) {
  std::string one = imageOf(1);
  EXPECT_EQ(imageOf(2), one);
  EXPECT_EQ(imageOf(5), one);
}

TEST(WeightImage, TilesHoldTheStackedRowsOfEachLayer) {
  std::string image = imageOf(2);
  WeightPlan plan = testPlan();
  const WeightEntry &entry = plan.entries[0];
  int64_t tileBytes = lut::tileBytes(entry.packing, entry.columns);
  std::vector<int8_t> rows(64 * entry.columns);
  for (int64_t layer = 0; layer < 2; ++layer)
    for (int64_t tile = 0; tile < 4; ++tile) {
      const char *start = image.data() + headerOf(image).weights.offset +
                          layer * entry.stride + tile * tileBytes;
      lut::unpackTile(entry.packing, reinterpret_cast<const uint8_t *>(start),
                      entry.columns, rows.data());
      for (int64_t row = tile * 64; row < (tile + 1) * 64; ++row)
        for (int64_t column = 0; column < entry.columns; column += 11) {
          std::string name = (row < 67 ? "layer.0.q" : "layer.0.k");
          name[6] = char('0' + layer);
          int expected =
              row >= 197 ? 0
                         : NamedSource::weight(name, row < 67 ? row : row - 67,
                                               column);
          ASSERT_EQ(rows[(row - tile * 64) * entry.columns + column], expected)
              << "layer " << layer << " row " << row << " column " << column;
        }
    }
}

TEST(WeightImage, ScalesFollowTheTiles) {
  std::string image = imageOf(1);
  WeightPlan plan = testPlan();
  const WeightEntry &entry = plan.entries[0];
  float scales[2];
  std::memcpy(scales,
              image.data() + headerOf(image).weights.offset + entry.stride +
                  4 * lut::tileBytes(entry.packing, entry.columns),
              sizeof(scales));
  EXPECT_EQ(scales[0], 9.0f); // the length of "layer.1.q"
  EXPECT_EQ(scales[1], 9.0f);
}

TEST(WeightImage, FloatsAreCopiedOrWidened) {
  std::string image = imageOf(2);
  WeightPlan plan = testPlan();
  const char *weights = image.data() + headerOf(image).weights.offset;
  NamedSource source = testSource();
  EXPECT_EQ(std::memcmp(weights + plan.entries[1].offset, source.stored.data(),
                        source.stored.size()),
            0);
  for (int64_t index = 0; index < 333; ++index) {
    float value;
    std::memcpy(&value, weights + plan.entries[2].offset + index * 4, 4);
    ASSERT_EQ(value, NamedSource::element(index));
  }
}

TEST(WeightImage, RopeRowsAreCosinesThenSines) {
  std::string image = imageOf(2);
  WeightEntry entry = testPlan().entries[3];
  const char *table =
      image.data() + headerOf(image).weights.offset + entry.offset;
  for (double theta : entry.thetas) {
    for (int64_t row : {0, 1, 49})
      for (int64_t i = 0; i < 6; ++i) {
        float cosine, sine;
        std::memcpy(&cosine, table + (row * 12 + i) * 4, 4);
        std::memcpy(&sine, table + (row * 12 + 6 + i) * 4, 4);
        float frequency = float(std::pow(theta, -double(i) / 6));
        float angle = float(row) * frequency;
        EXPECT_EQ(cosine, float(std::cos(double(angle))));
        EXPECT_EQ(sine, float(std::sin(double(angle))));
      }
    table += entry.stride;
  }
}

TEST(WeightImage, GapsAreZero) {
  std::string image = imageOf(2);
  EXPECT_EQ(image.substr(image.size() - sizeof(TritcImageTrailer) - 100, 100),
            std::string(100, '\0'));
}

TEST(WeightImage, ProgressEndsAtHundredPercent) {
  ImageFile image;
  unsigned last = 0;
  llvm::cantFail(image.write(
      testSource(), 2,
      [&](llvm::StringRef stage, unsigned percent, llvm::StringRef item) {
        EXPECT_EQ(stage, "weights");
        EXPECT_GE(percent, last);
        EXPECT_FALSE(item.empty());
        last = percent;
      }));
  EXPECT_EQ(last, 100u);
}

TEST(WeightImage, TheFirstOfSeveralFailuresIsReported) {
  NamedSource source = testSource();
  source.broken = {"layer.1.k", "layer.0.k", "layer.1.q"};
  for (unsigned threads : {1, 2, 4}) {
    ImageFile image;
    Failure failure = toFailure(image.write(source, threads));
    EXPECT_EQ(failure.code, ExitCode::Malformed);
    EXPECT_EQ(failure.message, "layer.0.k: row 0");
  }
}

TEST(WeightImage, NoRoomIsAnOutputError) {
  ::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before, limit;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  limit = before;
  limit.rlim_cur = 100000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  ImageFile image;
  Failure failure = toFailure(image.write(testSource(), 2));
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(failure.code, ExitCode::Output);
  EXPECT_EQ(failure.message, "cannot write 'image': File too large");
}

} // namespace
