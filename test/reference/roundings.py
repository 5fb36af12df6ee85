"""What the numerics contract rounds to smaller types, and boundaries of it."""

import numpy as np

F32 = np.float32


def quantize(x, limit=127, dtype=np.int8):
    """x [T, K] -> (q [T, K], m float32 [T, 1], exact float64 [T, K]).

    One scale per token: m = max(|x|, 1e-5), q = rne(x * (limit/m)), in float32.
    exact is x * (limit/m) before rounding.
    """
    x32 = x.astype(F32)
    m = np.maximum(np.abs(x32).max(axis=-1, keepdims=True), F32(1e-5))
    q = np.clip(np.rint(x32 * (F32(limit) / m)), -limit - 1, limit)
    exact = x.astype(np.float64) * (float(limit) / m.astype(np.float64))
    return q.astype(dtype), m, exact


# Kinds of head: bits of the integers that its rows are rounded to.
HEAD_BITS = {"int8": 8, "int6": 6, "exact": None}


def rounded_rows(rows, bits):
    """float32 [N, K] -> (int8 [N, K], scales float32 [N]): one scale per row,
    m = max(|w|, 1e-30), q = rne(w * (limit/m)), scale m/limit, in float32."""
    limit = F32(2 ** (bits - 1) - 1)
    m = np.maximum(np.abs(rows).max(axis=1), F32(1e-30))
    q = np.rint(rows * (limit / m)[:, None]).astype(np.int8)
    return q, m / limit


def head_limit(columns):
    """Largest activation of a rounded head: so that no sum of `columns`
    products with 8-bit integers leaves 32 bits, and it has 16 itself."""
    return min(2 ** 15 - 1, (2 ** 31 - 1) // (127 * columns))


def margin_of(exact):
    """Smallest distance of a row to a rounding boundary, a half: a program
    whose values differ by less rounds to the same integers."""
    return np.abs(exact - np.floor(exact) - 0.5).min(axis=1)


def to_half(x):
    """-> float16, by way of float32, and the values before rounding"""
    return x.astype(F32).astype(np.float16), x.astype(np.float64)


class Decisions:
    """What another computation rounded to, to be followed at boundaries.

    A value so near to a rounding boundary that float32 arithmetic may have it
    on the other side rounds either way; both are right, and a comparison must
    not hang on it. So near is `nearness` times the largest of its vector.
    """

    nearness = 1e-5

    def __init__(self, rounded):
        self.rounded = rounded  # name -> what is stored, [tokens, ...]
        self.followed = 0

    def apply(self, name, position, own, exact):
        """-> the other's choices; an error where there was none to make."""
        other = self.rounded[name][position:position + len(own)]
        differs = other != own
        is_integer = np.issubdtype(own.dtype, np.integer)
        unit = 1 if is_integer else np.spacing(np.abs(own))
        slack = self.nearness * np.abs(exact).max(axis=-1, keepdims=True)
        error = np.abs(other.astype(np.float64) - exact)
        wrong = differs & ~(error <= 0.5 * unit + slack)
        if wrong.any():
            where = tuple(np.argwhere(wrong)[0])
            raise ValueError(f"{name}: token {position + where[0]}, element "
                             f"{where[1:]}: {other[where]} is no rounding of "
                             f"{exact[where]:.9g}")
        self.followed += int(differs.sum())
        return other
