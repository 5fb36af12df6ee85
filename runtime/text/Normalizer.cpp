//===- Normalizer.cpp - Text as the vocabulary spells it ------------------===//

#include "runtime/text/Normalizer.h"

#include "runtime/text/Composer.h"
#include "runtime/text/Slice.h"

namespace tritc::text {

static constexpr std::string_view sentenceSpace = "\u2581";

static bool startsWithSpace(std::string_view text) {
  return text.starts_with(' ') || text.starts_with(sentenceSpace);
}

static bool wantsSpace(uint32_t rule, std::string_view stretch, bool isStart) {
  uint32_t place = rule & ~TRITC_SPACE_UNLESS_THERE;
  if (stretch.empty() || place == TRITC_SPACE_NOWHERE ||
      (place == TRITC_SPACE_AT_START && !isStart))
    return false;
  return !(rule & TRITC_SPACE_UNLESS_THERE) || !startsWithSpace(stretch);
}

std::string_view normalize(const Tables &tables, std::string_view stretch,
                           bool isStart, base::Array<char> &buffer) {
  buffer.clear();
  if (tables.hasFlag(TRITC_TOKENIZER_NORMAL_FORM)) {
    appendNormalForm(tables, stretch, buffer);
    return buffer.view();
  }
  if (!tables.hasFlag(TRITC_TOKENIZER_SENTENCE_SPACE))
    return stretch;
  if (wantsSpace(tables.header().spacePrefix, stretch, isStart))
    buffer.push(' ');
  for (size_t at = 0; at < stretch.size();) {
    size_t found = stretch.find(sentenceSpace, at);
    size_t end = found == std::string_view::npos ? stretch.size() : found;
    buffer.append(slice(stretch, at, end));
    if (found != std::string_view::npos)
      buffer.push(' ');
    at = end + (found == std::string_view::npos ? 0 : sentenceSpace.size());
  }
  return buffer.view();
}

} // namespace tritc::text
