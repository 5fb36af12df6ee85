//===- TokenizerCodePointsTest.cpp - Sets of characters -------------------===//

#include "compiler/import/tokenizer/TokenizerCodePoints.h"

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

TEST(CodePointSet, KnowsUnicode16) {
  EXPECT_TRUE(generalCategory("Lu")->contains(0x10d50)); // Garay
  EXPECT_TRUE(generalCategory("N")->contains(0x10d40));
  EXPECT_TRUE(generalCategory("Lo")->contains(0x2ebf0)); // extension I
  EXPECT_TRUE(generalCategory("S")->contains(0x1ccf0) ||
              generalCategory("Nd")->contains(0x1ccf0));
  EXPECT_FALSE(generalCategory("Cn")->contains(0x1c89));
  EXPECT_TRUE(generalCategory("Cn")->contains(0x10d66));
}

TEST(CodePointSet, CategoriesEqualThoseOfIcu) {
  // What the version of ICU in Debian 12 does not know yet.
  const CodePointSet changed = {
#define TRITC_CATEGORY(first, last, category) {first, last},
#include "compiler/import/tokenizer/UnicodeChanges.def"
  };
  const std::pair<const char *, uint32_t> categories[] = {
      {"L", U_GC_L_MASK},   {"Lu", U_GC_LU_MASK}, {"M", U_GC_M_MASK},
      {"N", U_GC_N_MASK},   {"Nd", U_GC_ND_MASK}, {"P", U_GC_P_MASK},
      {"S", U_GC_S_MASK},   {"Z", U_GC_Z_MASK},   {"C", U_GC_C_MASK},
      {"Cn", U_GC_CN_MASK}, {"Zs", U_GC_ZS_MASK}};
  for (auto [name, mask] : categories) {
    CodePointSet set = *generalCategory(name);
    for (UChar32 point = 0; point < 0x110000; ++point)
      if (!changed.contains(uint32_t(point)))
        ASSERT_EQ(set.contains(point), (U_GET_GC_MASK(point) & mask) != 0)
            << name << " " << point;
  }
  for (UChar32 point = 0; point < 0x110000; ++point)
    ASSERT_EQ(whiteSpace().contains(point), bool(u_isUWhiteSpace(point)))
        << point;
  for (const char *name : {"", "X", "Lx", "Letter"})
    EXPECT_FALSE(generalCategory(name));
}
