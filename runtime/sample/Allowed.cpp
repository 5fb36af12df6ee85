//===- Allowed.cpp - Keep what somebody allows ----------------------------===//

#include "runtime/sample/Rules.h"

#include <bit>

using namespace tritc;

void sample::keepAllowed(Candidates &candidates,
                         std::span<const uint64_t> allowed) {
  size_t kept = 0, count = candidates.size();
  for (size_t word = 0; word < allowed.size() && word * 64 < count; ++word)
    for (uint64_t bits = allowed[word]; bits; bits &= bits - 1) {
      size_t i = word * 64 + static_cast<size_t>(std::countr_zero(bits));
      if (i >= count)
        break;
      candidates.logits[kept] = candidates.logits[i];
      candidates.ids[kept] = candidates.ids[i];
      ++kept;
    }
  candidates.cut(kept);
}
