"""Arithmetic of the numerics contract: float32, in the one written order.

Sums run in sixteen lanes, element i in lane i mod 16, then a tree: lanes
0..7 + 8..15, 0..3 + 4..7, and so on. A fused multiply-add rounds once.
Attention takes keys in blocks of 64 and combines blocks in order. exp is a
polynomial. An emitted program gives these very bits.
"""

import numpy as np

F32, F64 = np.float32, np.float64
LANES = 16
KEY_BLOCK = 64


def fma(a, b, c):
    """float32(a * b + c), rounded once.

    The product is exact in float64. The sum is rounded to odd, which makes the
    second rounding, to float32, the only one that counts.
    """
    product = np.asarray(a, F64) * np.asarray(b, F64)
    c = np.asarray(c, F64)
    total = product + c
    part = total - product
    lost = (product - (total - part)) + (c - part)
    bits = total.view(np.int64)
    even = (bits & 1) == 0
    away = (lost > 0) == (total > 0)
    bits = np.where(even & (lost != 0), np.where(away, bits + 1, bits - 1),
                    bits)
    return bits.view(F64).astype(F32)


def tree(lanes):
    """[..., 16] -> [...]"""
    while lanes.shape[-1] > 1:
        half = lanes.shape[-1] // 2
        lanes = lanes[..., :half] + lanes[..., half:]
    return lanes[..., 0]


def dot(a, b):
    """Sum of products over the last axis, of arrays that broadcast."""
    a, b = (np.concatenate(
        [x, np.zeros(x.shape[:-1] + (-x.shape[-1] % LANES,), F32)], axis=-1)
        for x in (a, b))
    shape = np.broadcast_shapes(a.shape, b.shape)[:-1] + (LANES,)
    sums = np.zeros(shape, F32)
    for i in range(0, a.shape[-1], LANES):
        sums = fma(a[..., i:i + LANES], b[..., i:i + LANES], sums)
    return tree(sums)


def exp(x):
    """exp(x) for x <= 0: 2^n times Cephes' polynomial on |r| <= ln2 / 2."""
    x = np.asarray(x, F32)
    bounded = np.maximum(x, F32(-87))
    magic = F32(12582912.0)
    n = fma(bounded, F32(1.44269504088896341), magic) - magic
    r = fma(n, F32(-0.693359375), bounded)
    r = fma(n, F32(2.12194440e-4), r)
    p = np.full_like(r, F32(1.9875691500e-4))
    for c in (1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2,
              1.6666665459e-1, 5.0000001201e-1):
        p = fma(p, r, F32(c))
    p = fma(p, r * r, r) + F32(1)
    return np.where(x < F32(-87), F32(0), np.ldexp(p, n.astype(np.int32)))


def _block(query, keys, values, scale):
    """-> largest score m, sum of exp(score - m), that weighting of values."""
    scores = dot(query, keys) * scale
    m = scores.max()
    weights = exp(scores - m)
    padded = np.concatenate([weights, np.zeros(-len(weights) % LANES, F32)])
    sums = np.zeros(LANES, F32)
    for lanes in padded.reshape(-1, LANES):
        sums = sums + lanes
    total = np.zeros(values.shape[1], F32)
    for weight, value in zip(weights, values):
        total = fma(weight, value, total)
    return m, tree(sums), total


def attend(query, keys, values, scale):
    """query [d]; keys, values [P, d] float32 -> [d]"""
    m, norm, out = F32(-np.inf), F32(0), np.zeros_like(query)
    for i in range(0, len(keys), KEY_BLOCK):
        block, block_norm, block_out = _block(
            query, keys[i:i + KEY_BLOCK], values[i:i + KEY_BLOCK], scale)
        before, m = m, max(m, block)
        keep, take = exp(before - m), exp(block - m)
        out = out * keep + block_out * take
        norm = norm * keep + block_norm * take
    return out / norm
