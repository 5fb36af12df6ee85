//===- TokenizerNormalForm.cpp - What a normal form looks up --------------===//

#include "compiler/import/tokenizer/TokenizerNormalForm.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"

#include <utf8proc.h>

#include <cstdlib>

namespace tritc::import {

static constexpr uint32_t codePoints = 0x110000;

using Characters = llvm::SmallVector<uint32_t, 4>;

/// U+FDFA decomposes into 18 characters.
static constexpr size_t longestDecomposition = 18;

static bool isAfterUnicode9(uint32_t point) {
  static const CodePointSet later = {
#define TRITC_NORMALIZED_LATER(first, last) {first, last},
#include "compiler/import/tokenizer/UnicodeChanges.def"
  };
  return later.contains(point);
}

static bool isCompatible(NormalForm form) {
  return form == NormalForm::NFKC || form == NormalForm::NFKD;
}

bool isComposed(NormalForm form) {
  return form == NormalForm::NFC || form == NormalForm::NFKC;
}

/// All of it, not only one step. Of other than Hangul syllables.
static Characters decompose(uint32_t point, NormalForm form) {
  const utf8proc_property_t *property =
      utf8proc_get_property(utf8proc_int32_t(point));
  if (property->decomp_seqindex == UINT16_MAX) // all but 1 in 200
    return {point};
  utf8proc_int32_t buffer[longestDecomposition];
  int boundary = 0;
  utf8proc_ssize_t count = utf8proc_decompose_char(
      utf8proc_int32_t(point), buffer, longestDecomposition,
      utf8proc_option_t(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE |
                        (isCompatible(form) ? UTF8PROC_COMPAT : 0)),
      &boundary);
  if (count < 1 || size_t(count) > longestDecomposition ||
      isAfterUnicode9(point)) // less than 1: surrogates
    return {point};
  return Characters(buffer, buffer + count);
}

/// What the characters, which are decomposed, compose into. utf8proc has no
/// table of pairs.
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
  auto ofPoint =
      uint8_t(utf8proc_get_property(utf8proc_int32_t(point))->combining_class);
  return ofPoint == 0 || isAfterUnicode9(point) ? 0 : ofPoint;
}

/// The pairs that compose: those of every character that its decomposition
/// composes into again.
static std::vector<TritcComposition> makeCompositions() {
  std::vector<TritcComposition> pairs;
  for (uint32_t point = 0; point < codePoints; ++point) {
    Characters parts =
        isSyllable(point) ? Characters() : decompose(point, NormalForm::NFC);
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

namespace {
/// Tells which characters nothing before them changes, nor they themselves.
class Boundaries {
public:
  Boundaries(NormalForm form, llvm::ArrayRef<TritcComposition> pairs)
      : form(form) {
    for (const TritcComposition &pair : pairs)
      seconds.insert(pair.second);
  }

  bool operator()(uint32_t point, const Characters &parts) const {
    if (combiningClass(parts[0]) != 0)
      return false;
    bool isItself = parts == Characters{point};
    if (!isComposed(form))
      return isItself;
    return !seconds.contains(parts[0]) && !isPartOfSyllable(parts[0]) &&
           (isItself || compose(parts) == Characters{point});
  }

private:
  NormalForm form;
  llvm::DenseSet<uint32_t> seconds;
};
} // namespace

static NormalFormTables makeTables(NormalForm form) {
  NormalFormTables tables;
  if (isComposed(form))
    tables.compositions = makeCompositions();
  Boundaries isBoundary(form, tables.compositions);
  tables.entries.push_back({0, 0, 0, /*isBoundary=*/1, 0});
  // Syllables decompose by arithmetic; a boundary only where they stay.
  if (!isComposed(form))
    tables.entries.push_back({0, 0, 0, /*isBoundary=*/0, 0});
  for (uint32_t point = 0; point < codePoints; ++point) {
    if (isSyllable(point)) {
      tables.entryOf.append(1, isComposed(form) ? 0 : 1);
      continue;
    }
    Characters parts = decompose(point, form);
    bool isItself = parts == Characters{point};
    bool stays = isBoundary(point, parts);
    if (stays && isItself) {
      tables.entryOf.append(1, 0);
      continue;
    }
    tables.entryOf.append(1, uint16_t(tables.entries.size()));
    tables.entries.push_back({uint32_t(tables.characters.size()),
                              uint8_t(isItself ? 0 : parts.size()),
                              combiningClass(point), uint8_t(stays), 0});
    if (!isItself)
      llvm::append_range(tables.characters, parts);
  }
  return tables;
}

template <NormalForm form>
static const NormalFormTables &tablesOf() {
  static const NormalFormTables made = makeTables(form);
  return made;
}

const NormalFormTables &normalFormTables(NormalForm form) {
  switch (form) {
  case NormalForm::NFC:
    return tablesOf<NormalForm::NFC>();
  case NormalForm::NFD:
    return tablesOf<NormalForm::NFD>();
  case NormalForm::NFKC:
    return tablesOf<NormalForm::NFKC>();
  case NormalForm::NFKD:
    return tablesOf<NormalForm::NFKD>();
  case NormalForm::AsItIs:
    break;
  }
  llvm_unreachable("a text that stays as it is needs no tables");
}

static utf8proc_option_t optionsOf(NormalForm form) {
  return utf8proc_option_t(
      UTF8PROC_STABLE | (isCompatible(form) ? UTF8PROC_COMPAT : 0) |
      (isComposed(form) ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE));
}

bool isNormal(llvm::StringRef text, NormalForm form) {
  if (form == NormalForm::AsItIs)
    return true;
  utf8proc_uint8_t *normal = nullptr;
  utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t *>(text.data()),
                   utf8proc_ssize_t(text.size()), &normal, optionsOf(form));
  bool isSame =
      size >= 0 && llvm::StringRef(reinterpret_cast<const char *>(normal),
                                   size_t(size)) == text;
  free(normal);
  return isSame;
}

} // namespace tritc::import
