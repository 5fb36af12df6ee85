"""How GGUF files store floats and ternary matrices: bytes to numbers."""

import numpy as np

from safetensors import widen_bf16


def _q8_0(raw):
    blocks = raw.reshape(-1, 34)
    d = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    return (d * blocks[:, 2:].view(np.int8)).ravel()


def _q6_k(raw):
    blocks = raw.reshape(-1, 210)
    # [block, half, 64] and [block, half, 32]
    low = blocks[:, :128].reshape(-1, 2, 64)
    high = blocks[:, 128:192].reshape(-1, 2, 32)
    nibbles = np.concatenate([low & 15, low >> 4], axis=2).reshape(-1, 2, 4, 32)
    pairs = np.stack([high >> (2 * j) & 3 for j in range(4)], axis=2)
    q = (nibbles | pairs << 4).astype(np.int32) - 32
    scales = blocks[:, 192:208].copy().view(np.int8).astype(np.int32)
    d = blocks[:, 208:].copy().view(np.float16).astype(np.float32)
    steps = q.reshape(-1, 16, 16) * scales[:, :, None]
    return (d[:, :, None] * steps.astype(np.float32)).ravel()


# id -> elements of a block, its bytes, decoder
FLOATS = {
    0: (1, 4, lambda raw: raw.view(np.float32)),
    1: (1, 2, lambda raw: raw.view(np.float16).astype(np.float32)),
    30: (1, 2, lambda raw: widen_bf16(raw.view(np.uint16))),
    8: (32, 34, _q8_0),
    14: (256, 210, _q6_k)}


# Matrices: every decoder gives int8 [rows, columns] and one scale.

def _codes(raw, shifts):
    """bytes [..., n] -> codes [..., len(shifts), n]"""
    return np.stack([raw >> s & 3 for s in shifts], axis=-2)


def _ternary(codes, rows, columns):
    if codes.max() > 2:
        raise ValueError("ternary code 3")
    return codes.reshape(rows, columns).astype(np.int8) - np.int8(1)


def _one(scales, ternary):
    """The scale of all rows or blocks that have one; the others are zero."""
    scales = scales.astype(np.float32).ravel()
    found = np.unique(scales[scales != 0])
    if len(found) != 1:
        raise ValueError("a matrix has several scales")
    parts = ternary.reshape(len(scales), -1)
    return np.where(scales[:, None] == 0, 0, parts).astype(np.int8).reshape(
        ternary.shape), found[0]


def _i2_s(read, rows, columns, options):
    count = rows * columns // 4
    raw = read(count + 32)
    scale = raw[count:count + 4].view(np.float32)[0]
    raw = raw[:count]
    shifts = (6, 4, 2, 0)
    if options["layout"] == "c":
        codes = _codes(raw.reshape(rows // 4, columns), shifts)
    else:
        width = {"a": 32, "b": 16}[options["layout"]]
        codes = _codes(raw.reshape(-1, width), shifts)
    return _ternary(codes, rows, columns), scale


def _digits(raw, count):
    """Digits in base three, most significant first: [..., count, n]"""
    value, digits = raw.astype(np.uint32), []
    for _ in range(count):
        value = value * 3
        digits.append(value >> 8)
        value = value & 255
    return np.stack(digits, axis=-2)


def _tq1_0(read, rows, columns, options):
    blocks = read(rows * columns // 256 * 54).reshape(-1, 54)
    flat = [_digits(blocks[:, a:b], n).reshape(len(blocks), -1)
            for a, b, n in ((0, 32, 5), (32, 48, 5), (48, 52, 4))]
    return _one(blocks[:, 52:].copy().view(np.float16),
                _ternary(np.concatenate(flat, axis=1), rows, columns))


def _tq2_0(read, rows, columns, options):
    blocks = read(rows * columns // 256 * 66).reshape(-1, 66)
    codes = _codes(blocks[:, :64].reshape(-1, 2, 32), (0, 2, 4, 6))
    return _one(blocks[:, 64:].copy().view(np.float16),
                _ternary(codes, rows, columns))


def _iq1_bn(read, rows, columns, options):
    raw = read(rows * (2 + columns // 64 * 13)).reshape(rows, -1)
    groups = raw[:, 2:].reshape(rows, -1, 13)
    # A byte is ceil(256 v / 243); the first weight is v's lowest digit.
    table = np.zeros(256, np.uint32)
    for v in range(243):
        table[(256 * v + 242) // 243] = v
    value = table[groups]
    digits = np.stack([value // 3 ** j % 3 for j in range(5)], axis=-1)
    body = digits[:, :, :12].reshape(rows, -1, 4, 15)
    last = digits[:, :, 12, :4].reshape(rows, -1, 4, 1)
    return _one(raw[:, :2].copy().view(np.float16),
                _ternary(np.concatenate([body, last], axis=3), rows, columns))


def _iq2_bn(read, rows, columns, options):
    raw = read(rows * (4 + columns // 4)).reshape(rows, -1)
    codes = _codes(raw[:, 4:].reshape(rows, -1, 16), (0, 2, 4, 6))
    return _one(raw[:, :4].copy().view(np.float32),
                _ternary(codes, rows, columns))


def _iq2_bn_r4(read, rows, columns, options):
    raw = read(rows // 4 * (16 + columns)).reshape(rows // 4, -1)
    groups = raw[:, 16:].reshape(rows // 4, columns // 64, 4, 4, 4)
    codes = np.stack([groups >> s & 3 for s in (0, 2, 4, 6)], axis=-1)
    # [four rows, 64 columns, l, r, i, pair] -> [.., r, .., l, pair, i]
    codes = codes.transpose(0, 3, 1, 2, 5, 4)
    return _one(raw[:, :16].copy().view(np.float32),
                _ternary(codes, rows, columns))


def _pairs(nibbles):
    """nibbles 3a + b + 4 -> codes a + 1, b + 1 in a new last axis"""
    if nibbles.max() > 8:
        raise ValueError("no pair")
    return np.stack([nibbles // 3, nibbles % 3], axis=-1)


def _tail(read, base):
    """The bytes before, and the scale in, the last 32 bytes."""
    begin = -(-base // 32) * 32
    raw = read(begin + 32)
    return raw[:base], raw[begin:begin + 4].view(np.float32)[0]


def _tl1(read, rows, columns, options):
    tile_rows, tile_columns, block = options["tiles"]
    width = 256 // block
    raw, scale = _tail(read, rows * columns // 4)
    raw = raw.reshape(rows // tile_rows, columns // tile_columns,
                      tile_rows // block, tile_columns // width, block // 16,
                      width // 4, 16)
    codes = _pairs(np.stack([raw >> 4, raw & 15], axis=-1))
    # rows: mo, mi, mr, r; columns: ko, ki, kq, the four of a byte
    codes = codes.transpose(0, 2, 4, 6, 1, 3, 5, 7, 8)
    return _ternary(codes, rows, columns), scale


def _tl2(read, rows, columns, options):
    tile_rows, tile_columns, block = options["tiles"]
    triple = columns - columns % tile_columns
    mo, ko, mi = rows // tile_rows, triple // tile_columns, tile_rows // block
    base = max(rows * triple // 6 + rows * triple // 24 +
               rows * (columns - triple) // 4,
               (columns - 256) * rows // 3 * 5 // 8 + 256 * rows // 2 * 4 // 8
               if columns >= 256 else 0)
    raw, scale = _tail(read, base)
    order = [0, 2, 1, 3]

    nibbles = raw[:rows * triple // 6].reshape(mo, ko, mi, tile_columns // 6,
                                               4, 8)[:, :, :, :, order]
    nibbles = np.stack([nibbles >> 4, nibbles & 15], axis=-1).astype(np.int32)
    # [mo, mi, row, ko, ki, two] -> [rows, triples]
    nibbles = nibbles.transpose(0, 2, 4, 5, 1, 3, 6).reshape(rows, triple // 3)
    begin = rows * triple // 6
    words = raw[begin:begin + rows * triple // 24].copy().view(np.uint16)
    words = words.reshape(mo, ko, mi, tile_columns // 24, 16)
    bits = np.stack([words >> (15 - i) & 1 for i in range(16)], axis=-1)
    bits = bits.reshape(*bits.shape[:-1], 8, 2)  # triple, half of the rows
    # [mo, ko, mi, kj, c, u, half] -> rows mo, mi, half, c; ko, kj, u
    signs = bits.transpose(0, 2, 6, 4, 1, 3, 5).reshape(rows, triple // 3)
    if nibbles.max() > 13:
        raise ValueError("no triple")
    t = np.where(signs == 1, -nibbles, nibbles) + 13
    codes = np.stack([t // 9, t // 3 % 3, t % 3], axis=-1)
    codes = codes.reshape(rows, triple)
    if columns > triple:
        begin += rows * triple // 24
        pairs = raw[begin:begin + rows * (columns - triple) // 4].reshape(
            mo, (columns - triple) // 32, tile_rows // 32, 8, 4, 8)
        pairs = pairs[:, :, :, :, order]
        pairs = _pairs(np.stack([pairs >> 4, pairs & 15], axis=-1))
        pairs = pairs.transpose(0, 2, 4, 5, 1, 3, 6, 7)
        codes = np.concatenate(
            [codes, pairs.reshape(rows, columns - triple)], axis=1)
    return _ternary(codes, rows, columns), scale


MATRICES = {36: _i2_s, 34: _tq1_0, 35: _tq2_0, 134: _iq1_bn, 135: _iq2_bn,
             335: _iq2_bn_r4, 38: _tl1, 39: _tl2}
