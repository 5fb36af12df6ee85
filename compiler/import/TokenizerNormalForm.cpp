//===- TokenizerNormalForm.cpp - What composing a text looks up -----------===//

#include "compiler/import/TokenizerNormalForm.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <utf8proc.h>

#include <cstdlib>

namespace tritc::import {

static constexpr uint32_t codePoints = 0x110000;

using Characters = llvm::SmallVector<uint32_t, 4>;

/// All of it, not only one step.
static Characters decompose(uint32_t point) {
  utf8proc_int32_t buffer[8];
  int boundary = 0;
  utf8proc_ssize_t count = utf8proc_decompose_char(
      utf8proc_int32_t(point), buffer, 8,
      utf8proc_option_t(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE), &boundary);
  if (count < 1 || count > 8) // surrogates
    return {point};
  return Characters(buffer, buffer + count);
}

/// What the characters compose into. utf8proc has no table of pairs.
static Characters compose(Characters points) {
  utf8proc_ssize_t count = utf8proc_normalize_utf32(
      reinterpret_cast<utf8proc_int32_t *>(points.data()),
      utf8proc_ssize_t(points.size()),
      utf8proc_option_t(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  points.truncate(size_t(count));
  return points;
}

static bool isSyllable(uint32_t point) {
  return point >= 0xac00 && point <= 0xd7a3;
}

/// Vowels and final consonants, which syllables end in.
static bool isPartOfSyllable(uint32_t point) {
  return (point >= 0x1161 && point <= 0x1175) ||
         (point >= 0x11a8 && point <= 0x11c2);
}

static uint8_t combiningClass(uint32_t point) {
  return uint8_t(
      utf8proc_get_property(utf8proc_int32_t(point))->combining_class);
}

/// The pairs that compose: those of every character that its decomposition
/// composes into again.
static std::vector<TritcComposition> makeCompositions() {
  std::vector<TritcComposition> pairs;
  for (uint32_t point = 0; point < codePoints; ++point) {
    Characters parts = isSyllable(point) ? Characters() : decompose(point);
    if (parts.size() < 2 || compose(parts) != Characters{point})
      continue;
    uint32_t second = parts.pop_back_val();
    Characters first = compose(parts);
    if (first.size() == 1)
      pairs.push_back({first[0], second, point});
  }
  llvm::sort(pairs, [](const TritcComposition &a, const TritcComposition &b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  return pairs;
}

NormalForm makeNormalForm() {
  NormalForm form;
  form.compositions = makeCompositions();
  llvm::DenseSet<uint32_t> seconds;
  for (const TritcComposition &pair : form.compositions)
    seconds.insert(pair.second);
  form.entryOf.resize(codePoints);
  form.entries.push_back({0, 0, 0, /*isBoundary=*/1, 0});
  for (uint32_t point = 0; point < codePoints; ++point) {
    if (isSyllable(point))
      continue;
    Characters parts = decompose(point);
    bool isItself = parts == Characters{point};
    bool isBoundary = combiningClass(parts[0]) == 0 &&
                      !seconds.contains(parts[0]) &&
                      !isPartOfSyllable(parts[0]) &&
                      (isItself || compose(parts) == Characters{point});
    if (isBoundary && isItself)
      continue;
    form.entryOf[point] = uint16_t(form.entries.size());
    form.entries.push_back({uint32_t(form.characters.size()),
                            uint8_t(isItself ? 0 : parts.size()),
                            combiningClass(point), uint8_t(isBoundary), 0});
    if (!isItself)
      llvm::append_range(form.characters, parts);
  }
  return form;
}

bool isComposed(llvm::StringRef text) {
  utf8proc_uint8_t *composed = nullptr;
  utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t *>(text.data()),
                   utf8proc_ssize_t(text.size()), &composed,
                   utf8proc_option_t(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  bool isSame =
      size >= 0 && llvm::StringRef(reinterpret_cast<const char *>(composed),
                                   size_t(size)) == text;
  free(composed);
  return isSame;
}

} // namespace tritc::import
