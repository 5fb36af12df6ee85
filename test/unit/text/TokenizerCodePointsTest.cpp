//===- TokenizerCodePointsTest.cpp - Sets of characters -------------------===//

#include "compiler/import/TokenizerCodePoints.h"

#include <gtest/gtest.h>
#include <unicode/uchar.h>

using namespace tritc::import;

using Ranges = std::vector<CodePointSet::Range>;

TEST(CodePointSet, JoinsRunsThatTouch) {
  CodePointSet set = {{'c', 'd'}, {'a', 'b'}, {'x', 'x'}};
  EXPECT_EQ(set.ranges(), (Ranges{{'a', 'd'}, {'x', 'x'}}));
  set.add({{'e', 'w'}});
  EXPECT_EQ(set.ranges(), (Ranges{{'a', 'x'}}));
}

TEST(CodePointSet, KnowsWhatIsNotInIt) {
  CodePointSet set = {{'b', 'd'}};
  EXPECT_EQ(set.complement().ranges(), (Ranges{{0, 'a'}, {'e', 0x10ffff}}));
  EXPECT_TRUE(set.complement().complement().contains('b'));
  EXPECT_FALSE(set.contains('a'));
  EXPECT_FALSE(set.contains('e'));
  EXPECT_TRUE(CodePointSet().complement().complement().empty());
}

TEST(CodePointSet, MeetsWhatSharesACharacter) {
  CodePointSet set = {{'b', 'd'}, {'x', 'z'}};
  EXPECT_TRUE(set.meets({{'a', 'b'}}));
  EXPECT_TRUE(set.meets({{'e', 'f'}, {'y', 'y'}}));
  EXPECT_FALSE(set.meets({{'e', 'w'}}));
}

TEST(CodePointSet, IgnoresCaseBeyondAscii) {
  CodePointSet s = CodePointSet::of('s').ignoringCase();
  EXPECT_EQ(s.ranges(), (Ranges{{'S', 'S'}, {'s', 's'}, {0x17f, 0x17f}}));
  // The sign of the kelvin.
  EXPECT_TRUE(CodePointSet::of('K').ignoringCase().contains(0x212a));
  EXPECT_EQ(CodePointSet::of('1').ignoringCase().ranges(),
            (Ranges{{'1', '1'}}));
}

TEST(CodePointSet, CategoriesEqualThoseOfIcu) {
  UVersionInfo icu;
  u_getUnicodeVersion(icu);
  uint32_t version = icu[0] << 16 | icu[1] << 8 | icu[2];
  if (unicodeVersion() != version)
    GTEST_SKIP() << "utf8proc and ICU hold different versions of Unicode";
  const std::pair<const char *, uint32_t> categories[] = {
      {"L", U_GC_L_MASK},   {"Lu", U_GC_LU_MASK}, {"M", U_GC_M_MASK},
      {"N", U_GC_N_MASK},   {"Nd", U_GC_ND_MASK}, {"P", U_GC_P_MASK},
      {"S", U_GC_S_MASK},   {"Z", U_GC_Z_MASK},   {"C", U_GC_C_MASK},
      {"Cn", U_GC_CN_MASK}, {"Zs", U_GC_ZS_MASK}};
  for (auto [name, mask] : categories) {
    CodePointSet set = *generalCategory(name);
    for (UChar32 point = 0; point < 0x110000; ++point)
      ASSERT_EQ(set.contains(point), (U_GET_GC_MASK(point) & mask) != 0)
          << name << " " << point;
  }
  for (UChar32 point = 0; point < 0x110000; ++point)
    ASSERT_EQ(whiteSpace().contains(point), bool(u_isUWhiteSpace(point)))
        << point;
  for (const char *name : {"", "X", "Lx", "Letter"})
    EXPECT_FALSE(generalCategory(name));
}
