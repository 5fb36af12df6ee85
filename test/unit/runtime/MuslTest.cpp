//===- MuslTest.cpp - What stands in for functions of musl ----------------===//
//
// The sources themselves, under other names; the oracle is the C library of the
// machine that tests run on.
//
//===----------------------------------------------------------------------===//

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#if defined(__x86_64__)

#define memcpy ours_memcpy
#define memmove ours_memmove
#define memcmp ours_memcmp
#define bcmp ours_bcmp
#define fmaf ours_fmaf
#include "runtime/musl/Bytes.cpp"
#include "runtime/musl/FusedMultiplyAdd.cpp"
#undef memcpy
#undef memmove
#undef memcmp
#undef bcmp
#undef fmaf

namespace {

constexpr size_t sizes[] = {0,  1,  2,  3,  4,   7,   8,    15,   16,   17,
                            31, 32, 33, 47, 100, 200, 2047, 2048, 2049, 5003};

std::vector<char> numbered() {
  std::vector<char> bytes(12000);
  for (size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * 7 + i / 256);
  return bytes;
}

TEST(Musl, MovesBytesWhetherTheyOverlapOrNot) {
  for (size_t size : sizes)
    for (size_t from : {0, 1, 15, 16, 40, 6000})
      for (size_t to : {0, 1, 14, 17, 39, 6003}) {
        std::vector<char> expected = numbered(), actual = expected;
        memmove(&expected[to], &expected[from], size);
        EXPECT_EQ(ours_memmove(&actual[to], &actual[from], size), &actual[to]);
        EXPECT_EQ(actual, expected) << size << " " << from << " " << to;
      }
}

TEST(Musl, CopiesBytesAndNothingBeside) {
  std::vector<char> source = numbered();
  for (size_t size : sizes)
    for (size_t at : {0, 1, 13}) {
      std::vector<char> expected(8000, 'x'), actual = expected;
      memcpy(&expected[at], &source[3], size);
      EXPECT_EQ(ours_memcpy(&actual[at], &source[3], size), &actual[at]);
      EXPECT_EQ(actual, expected) << size << " " << at;
    }
}

int sign(int value) { return (value > 0) - (value < 0); }

TEST(Musl, ComparesTheFirstByteThatDiffers) {
  std::vector<char> left = numbered();
  for (size_t size : sizes) {
    EXPECT_EQ(ours_memcmp(left.data(), numbered().data(), size), 0);
    for (size_t at = 0; at < size; at += size / 9 + 1)
      for (char other : {'\0', '\x7f', '\x80', '\xff'}) {
        std::vector<char> right = left;
        right[at] = other;
        if (at + 1 < size)
          right[size - 1] = static_cast<char>(~right[size - 1]);
        EXPECT_EQ(sign(ours_memcmp(left.data(), right.data(), size)),
                  sign(memcmp(left.data(), right.data(), size)))
            << size << " " << at;
      }
  }
}

void expectExact(float a, float b, float c) {
  float expected = std::fma(a, b, c);
  for (float actual : {ours_fmaf(a, b, c), fusedInDoubles(a, b, c)}) {
    if (std::isnan(expected))
      EXPECT_TRUE(std::isnan(actual)) << a << " " << b << " " << c;
    else
      EXPECT_EQ(std::bit_cast<uint32_t>(actual),
                std::bit_cast<uint32_t>(expected))
          << std::hexfloat << a << " * " << b << " + " << c;
  }
}

TEST(Musl, MultipliesAndAddsWithOneRounding) {
  // Just below the tie between two tiny floats; musl's own gives 0x1p-129.
  expectExact(0x1.000002p-75f, 0x1.fffffcp-76f, 0x1.ffffep-130f);
  for (float a : {0.f, -0.f, 1.f, INFINITY, -INFINITY, NAN, 0x1p127f})
    for (float b : {0.f, -1.f, INFINITY, 0x1.fffffep127f})
      for (float c : {0.f, -0.f, 2.f, INFINITY, -INFINITY, 0x1p127f})
        expectExact(a, b, c);
  std::mt19937 random(1);
  for (int i = 0; i < 300000; ++i) {
    auto a = std::bit_cast<float>(uint32_t(random()));
    auto b = std::bit_cast<float>(uint32_t(random()));
    expectExact(a, b, std::bit_cast<float>(uint32_t(random())));
    // Sums of which both parts matter, and products below every float.
    auto near = [&](int exponent) {
      int spread = int(random() % 60) - 30;
      return std::ldexp(float(int32_t(random())), exponent + spread - 31);
    };
    expectExact(near(0), near(0), near(0));
    expectExact(near(-75), near(-75), near(-149));
  }
}

} // namespace

#endif
