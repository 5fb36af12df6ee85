//===- AndShiftSmlal.c - ARMv8.0: codes by and and shift, long products ---===//
#include "tools/dev/baselines/Baselines.h"

#include <arm_neon.h>

/// Sums of a block in words: 8 products of at most 2 * 128 each.
void andShiftSmlal(const uint8_t *weights, const int8_t *x, size_t blocks,
                   int32_t *sums) {
  const uint8x16_t twoBits = vdupq_n_u8(3);
  int32x4_t rows[tileRows] = {};
  int32_t activations = 0;
  for (size_t k = 0; k < blockColumns * blocks; ++k)
    activations += x[k];
#pragma clang loop unroll(disable)
  for (size_t block = 0; block < blocks; ++block) {
#pragma clang loop unroll(full)
    for (int row = 0; row < tileRows; ++row) {
      uint8x16_t packed = vld1q_u8(weights + 16 * row);
      uint8x16_t codes[4] = {
          vandq_u8(packed, twoBits),
          vandq_u8(vshrq_n_u8(packed, 2), twoBits),
          vandq_u8(vshrq_n_u8(packed, 4), twoBits),
          vshrq_n_u8(packed, 6),
      };
      int16x8_t words = vdupq_n_s16(0);
#pragma clang loop unroll(full)
      for (int i = 0; i < 4; ++i) {
        int8x16_t code = vreinterpretq_s8_u8(codes[i]);
        int8x16_t part = vld1q_s8(x + 16 * i);
        words = vmlal_s8(words, vget_low_s8(code), vget_low_s8(part));
        words = vmlal_high_s8(words, code, part);
      }
      rows[row] = vpadalq_s16(rows[row], words);
    }
    weights += 16 * tileRows;
    x += blockColumns;
  }
  for (int row = 0; row < tileRows; ++row)
    sums[row] = vaddvq_s32(rows[row]) - activations;
}
