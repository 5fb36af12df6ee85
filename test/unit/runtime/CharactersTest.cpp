//===- CharactersTest.cpp - What a user calls a character -----------------===//

#include "runtime/terminal/Characters.h"

#include "gtest/gtest.h"

#include <memory>
#include <random>
#include <string>
#include <unicode/brkiter.h>
#include <vector>

using namespace tritc;

using Places = std::vector<size_t>;

static Places boundaries(const std::string &text) {
  Places places;
  for (size_t at = 0; at < text.size();)
    places.push_back(at += terminal::clusterAt(text, at).bytes);
  return places;
}

/// In UTF-8, as ICU finds them in UTF-16.
static Places boundariesOfIcu(const std::string &text) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(),
                                                  error));
  icu::UnicodeString units = icu::UnicodeString::fromUTF8(text);
  iterator->setText(units);
  Places places;
  std::string before;
  iterator->first();
  for (int32_t end = iterator->next(); end != icu::BreakIterator::DONE;
       end = iterator->next()) {
    before.clear();
    units.tempSubString(0, end).toUTF8String(before);
    places.push_back(before.size());
  }
  return places;
}

TEST(Characters, AreIcusGraphemeClusters) {
  // Every class of grapheme breaks, and pictures.
  const std::vector<std::string> parts = {
      "a",
      " ",
      "\n",
      "\xcc\x81",         // combining acute accent
      "\xe2\x80\x8d",     // zero-width joiner
      "\xe0\xa4\x95",     // Devanagari ka
      "\xe0\xa4\xbe",     // its vowel sign aa, a spacing mark
      "\xf0\x9f\x91\xa9", // woman
      "\xf0\x9f\x8f\xbd", // medium skin tone
      "\xe2\x9d\xa4",     // heart
      "\xef\xb8\x8f",     // emoji presentation
      "\xf0\x9f\x87\xab", // regional indicator F
      "\xf0\x9f\x87\xae", // regional indicator I
      "\xe1\x84\x80",     // Hangul: leading,
      "\xe1\x85\xa1",     // vowel,
      "\xe1\x86\xa8",     // trailing,
      "\xea\xb0\x80",     // a syllable of two,
      "\xea\xb0\x81",     // and of three
      "\xd8\x80",         // Arabic number sign, which is put in front
      "\xe6\x97\xa5",     // a Han character
  };
  std::mt19937 random(1);
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int part = 0; part < 8; ++part)
      text += parts[random() % parts.size()];
    ASSERT_EQ(boundaries(text), boundariesOfIcu(text))
        << testing::PrintToString(text);
  }
}

TEST(Characters, AreTheSameBackwards) {
  const std::string text = "a\xf0\x9f\x87\xab\xf0\x9f\x87\xae\xf0\x9f\x87\xab"
                           "\xf0\x9f\x87\xae"
                           "e\xcc\x81\xe6\x97\xa5\xf0\x9f\x91\xa9\xe2\x80\x8d"
                           "\xf0\x9f\x91\xa7z";
  Places forward = boundaries(text);
  Places backward;
  for (size_t at = text.size(); at > 0; at = terminal::clusterBefore(text, at))
    backward.insert(backward.begin(), at);
  EXPECT_EQ(backward, forward);
}

TEST(Characters, TakeColumns) {
  const std::pair<std::string, size_t> all[] = {
      {"abc", 3},
      {"\xe6\x97\xa5", 2},
      {"e\xcc\x81", 1},
      {"\xf0\x9f\x98\x80", 2},
      {"\xe2\x9d\xa4\xef\xb8\x8f", 2},                     // heart as emoji
      {"\xf0\x9f\x87\xab\xf0\x9f\x87\xae", 2},             // flag
      {"\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd", 2},             // with a skin tone
      {"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", 2}, // family
      {"\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", 2},         // Hangul in parts
      {"1\xef\xb8\x8f\xe2\x83\xa3", 2},                    // keycap
      {"\x1b", 0},
  };
  for (const auto &[text, columns] : all)
    EXPECT_EQ(terminal::columnsOf(text), columns)
        << testing::PrintToString(text);
}
