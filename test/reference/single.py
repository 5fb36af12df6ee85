"""Arithmetic of the numerics contract: float32, in the one written order.

Sums run in sixteen lanes, element i in lane i mod 16, then a tree: lanes
0..7 + 8..15, 0..3 + 4..7, and so on. A fused multiply-add rounds once.
Attention takes keys in pages of 64 and combines pages in order. exp is a
polynomial. An emitted program gives these very bits.
"""

import numpy as np

F32, F64 = np.float32, np.float64
LANES = 16
KEY_PAGE = 64


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


def _times_logistic(x, t):
    """x * logistic(t) by e = exp(-|t|)"""
    e = exp(-np.abs(t))
    return np.where(t < 0, x * e, x) / (F32(1) + e)


def activate(name, x):
    if name == "relu2":
        positive = np.maximum(x, F32(0))
        return positive * positive
    if name == "silu":
        return _times_logistic(x, x)
    assert name == "gelu_pytorch_tanh"
    inner = fma(x * x, F32(0.0713548162726009), F32(1.5957691216057308))
    return _times_logistic(x, x * inner)


def _page(query, keys, values, steps, seen, scale):
    """query [T, H, d]; keys, values [B, H, d] and their steps, of which token
    t sees at least one, those with seen[t] [T, B] -> largest score m [T, H],
    sum of exp(score - m) [T, H], and that weighting of values [T, H, d]."""
    key_steps, value_steps = steps
    scores = dot(query[:, :, None], keys.transpose(1, 0, 2)[None])
    scores = scores * key_steps.T * scale
    scores = np.where(seen[:, None], scores, F32(-np.inf))
    m = scores.max(axis=-1)
    weights = exp(scores - m[..., None])
    padding = np.zeros(weights.shape[:2] + (-len(keys) % LANES,), F32)
    padded = np.concatenate([weights, padding], axis=-1)
    sums = np.zeros(weights.shape[:2] + (LANES,), F32)
    for i in range(0, padded.shape[-1], LANES):
        sums = sums + padded[..., i:i + LANES]
    total = np.zeros_like(query)
    weights = weights * value_steps.T
    for j, value in enumerate(values):
        # Weight zero, for a key that is not seen, leaves the sum as it is.
        total = fma(weights[:, :, j, None], value[None], total)
    return m, tree(sums), total


def attend(query, keys, values, steps, seen, scale):
    """query [T, H, d]; keys, values [P, H, d] float32, in multiples of two
    steps [P, H]; token t sees those from seen[0][t] to before seen[1][t]
    -> [T, H, d]. A page of which it sees nothing is left out."""
    m = np.full(query.shape[:2], -np.inf, F32)
    norm, out = np.zeros_like(m), np.zeros_like(query)
    index = np.arange(len(keys))
    is_seen = (index >= seen[0][:, None]) & (index < seen[1][:, None])
    for i in range(0, len(keys), KEY_PAGE):
        span = slice(i, i + KEY_PAGE)
        rows = is_seen[:, span].any(axis=1)
        page, page_norm, page_out = _page(
            query[rows], keys[span], values[span], [s[span] for s in steps],
            is_seen[rows, span], scale)
        before, m[rows] = m[rows], np.maximum(m[rows], page)
        keep, take = exp(before - m[rows]), exp(page - m[rows])
        out[rows] = out[rows] * keep[..., None] + page_out * take[..., None]
        norm[rows] = norm[rows] * keep + page_norm * take
    return out / norm[..., None]
