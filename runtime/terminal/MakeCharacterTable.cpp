//===- MakeCharacterTable.cpp - What the line editor knows of Unicode -----===//
//
// Runs while tritc is built and prints CharacterTable.inc: how many columns
// each code point takes and which class of grapheme breaks it has, as ranges.
// The data are utf8proc's; the emitted program has these 4 kB of it.
//
//===----------------------------------------------------------------------===//

#include <cstdint>
#include <cstdio>
#include <utf8proc.h>

/// Names of terminal::BreakClass.
static const char *breakClass(int boundClass) {
  switch (boundClass) {
  case UTF8PROC_BOUNDCLASS_CR:
  case UTF8PROC_BOUNDCLASS_LF:
  case UTF8PROC_BOUNDCLASS_CONTROL:
    return "Control";
  case UTF8PROC_BOUNDCLASS_EXTEND:
  case UTF8PROC_BOUNDCLASS_E_MODIFIER:
    return "Extend";
  case UTF8PROC_BOUNDCLASS_ZWJ:
    return "Joiner";
  case UTF8PROC_BOUNDCLASS_L:
    return "HangulL";
  case UTF8PROC_BOUNDCLASS_V:
    return "HangulV";
  case UTF8PROC_BOUNDCLASS_T:
    return "HangulT";
  case UTF8PROC_BOUNDCLASS_LV: // told apart by arithmetic, see classOf
  case UTF8PROC_BOUNDCLASS_LVT:
    return "HangulLVT";
  case UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR:
    return "Regional";
  case UTF8PROC_BOUNDCLASS_SPACINGMARK:
    return "SpacingMark";
  case UTF8PROC_BOUNDCLASS_PREPEND:
    return "Prepend";
  case UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC:
    return "Pictograph";
  default:
    return "Other";
  }
}

int main() {
  printf("// Unicode %s, from utf8proc %s.\n", utf8proc_unicode_version(),
         utf8proc_version());
  const char *lastClass = nullptr;
  int lastColumns = -1;
  for (int32_t point = 0; point <= 0x10ffff; ++point) {
    const utf8proc_property_t *property = utf8proc_get_property(point);
    const char *name = breakClass(property->boundclass);
    int columns = utf8proc_charwidth(point);
    if (name == lastClass && columns == lastColumns)
      continue;
    printf("range(0x%x, BreakClass::%s, %d),\n", static_cast<unsigned>(point),
           name, columns);
    lastClass = name;
    lastColumns = columns;
  }
}
