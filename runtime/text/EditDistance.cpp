//===- EditDistance.cpp - How far a word is from another ------------------===//

#include "runtime/text/EditDistance.h"

#include <algorithm>

size_t tritc::text::editDistance(std::string_view from, std::string_view to) {
  // Rows of the table for the last two letters of `from`, and for this one.
  size_t rows[3][longestComparedWord + 1];
  size_t *before = rows[0], *last = rows[1], *row = rows[2];
  for (size_t j = 0; j <= to.size(); ++j)
    last[j] = j;
  for (size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= to.size(); ++j) {
      bool isSame = from[i - 1] == to[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + !isSame});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] &&
          from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    size_t *oldest = before;
    before = last;
    last = row;
    row = oldest;
  }
  return last[to.size()];
}
