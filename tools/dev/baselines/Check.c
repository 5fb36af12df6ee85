//===- Check.c - Every baseline against plain C ---------------------------===//
#include "tools/dev/baselines/Baselines.h"

#include <stdio.h>
#include <string.h>

enum { maxBlocks = 9, maxColumns = maxBlocks * blockColumns };

static uint32_t state = 1;

static uint32_t next(void) {
  state = state * 1664525u + 1013904223u;
  return state >> 16;
}

/// -1, 0 or 1: random, or the same everywhere, or alternating.
static int weightOf(int kind, int column) {
  const int fixed[] = {1, -1, 0, column % 2 ? 1 : -1};
  return kind < 4 ? fixed[kind] : (int)(next() % 3) - 1;
}

static int activationOf(int kind, int column) {
  const int fixed[] = {127, -128, column % 2 ? 127 : -128};
  return kind < 3 ? fixed[kind] : (int)(next() % 256) - 128;
}

/// Whether the sums are right for these weights and activations.
static int agrees(Matvec *matvec, size_t blocks, int weightKind,
                  int activationKind) {
  static uint8_t packed[maxBlocks * tileRows * 16];
  static int8_t x[maxColumns];
  int32_t expected[tileRows] = {0}, sums[tileRows];
  memset(packed, 0, sizeof packed);
  for (size_t k = 0; k < blocks * blockColumns; ++k) {
    size_t block = k / blockColumns, column = k % blockColumns;
    x[k] = (int8_t)activationOf(activationKind, (int)k);
    for (size_t row = 0; row < tileRows; ++row) {
      int weight = weightOf(weightKind, (int)k);
      expected[row] += weight * x[k];
      packed[(block * tileRows + row) * 16 + column % 16] |=
          (uint8_t)((weight + 1) << 2 * (column / 16));
    }
  }
  matvec(packed, x, blocks, sums);
  return memcmp(expected, sums, sizeof sums) == 0;
}

int main(void) {
  int failed = 0;
#define TRITC_CHECK(name)                                                      \
  {                                                                            \
    int wrong = 0;                                                             \
    for (int kinds = 0; kinds < 20; ++kinds)                                   \
      for (size_t blocks = 0; blocks <= maxBlocks; ++blocks)                   \
        wrong += !agrees(name, blocks, kinds / 4, kinds % 4);                  \
    printf("%s: %d wrong\n", #name, wrong);                                    \
    failed += wrong;                                                           \
  }
  TRITC_BASELINES(TRITC_CHECK)
#undef TRITC_CHECK
  return failed != 0;
}
