"""Tests of gguf.py: examples worked by hand."""

import os
import struct
import tempfile
import unittest

import numpy as np

import gguf
import gguf_encodings


def decode(decoder, raw, rows, columns, **options):
    raw = np.frombuffer(bytes(raw), np.uint8)
    return decoder(lambda count: raw[:count].copy(), rows, columns, options)


class Encodings(unittest.TestCase):
    def test_i2_s(self):
        tail = struct.pack("<f28x", 0.5)
        raw = bytes([149, 69] + [85] * 30)
        weights, scale = decode(gguf_encodings._i2_s, raw + tail, 1, 128, layout="a")
        self.assertEqual(scale, 0.5)
        self.assertEqual({i: w for i, w in enumerate(weights[0]) if w},
                         {0: 1, 33: -1})
        raw = bytes([149, 81] + [85] * 30)
        weights, _ = decode(gguf_encodings._i2_s, raw + tail, 1, 128, layout="b")
        self.assertEqual({i: w for i, w in enumerate(weights[0]) if w},
                         {0: 1, 33: -1})
        # 0b10_01_00_01: rows 0 to 3 of column 0.
        raw = bytes([145] + [85] * 31)
        weights, _ = decode(gguf_encodings._i2_s, raw + tail, 4, 32, layout="c")
        self.assertEqual(list(weights[:, 0]), [1, 0, -1, 0])

    def test_code_3(self):
        raw = bytes([255] * 32) + struct.pack("<f28x", 1)
        with self.assertRaises(ValueError):
            decode(gguf_encodings._i2_s, raw, 1, 128, layout="a")

    def test_digits(self):
        digits = gguf_encodings._digits(np.array([186], np.uint8), 5)
        self.assertEqual(list(digits[:, 0]), [2, 0, 1, 1, 2])

    def test_tq2_0(self):
        raw = bytes([164] + [85] * 63) + np.float16(2).tobytes()
        weights, scale = decode(gguf_encodings._tq2_0, raw, 1, 256)
        self.assertEqual([weights[0][i] for i in (0, 32, 64, 96)],
                         [-1, 0, 1, 1])
        self.assertEqual(scale, 2)

    def test_iq1_bn(self):
        # Digits 2, 0, 1, 1, 2 of the first byte; zeros elsewhere are 121.
        zero = (256 * 121 + 242) // 243
        raw = np.float16(1).tobytes() + bytes([211] + [zero] * 12)
        weights, _ = decode(gguf_encodings._iq1_bn, raw, 1, 64)
        self.assertEqual(list(weights[0][:5]), [1, -1, 0, 0, 1])

    def test_iq2_bn(self):
        raw = struct.pack("<f", 1) + bytes([134] + [85] * 15)
        weights, _ = decode(gguf_encodings._iq2_bn, raw, 1, 64)
        self.assertEqual([weights[0][i] for i in (0, 16, 32, 48)],
                         [1, 0, -1, 1])

    def test_rows_without_scale_are_zero(self):
        raw = (struct.pack("<f", 1) + bytes([134] * 16) +
               struct.pack("<f", 0) + bytes([170] * 16))
        weights, scale = decode(gguf_encodings._iq2_bn, raw, 2, 64)
        self.assertEqual(scale, 1)
        self.assertFalse(weights[1].any())

    def test_pairs(self):
        pairs = gguf_encodings._pairs(np.array([6, 4, 0, 8]))
        self.assertEqual((pairs - 1).tolist(),
                         [[1, -1], [0, 0], [-1, -1], [1, 1]])

    def test_q6_k(self):
        raw = bytearray(210)
        raw[0], raw[128], raw[192] = 0x21, 0x04 | 3, 3
        raw[208:] = np.float16(0.5).tobytes()
        values = gguf_encodings._q6_k(np.frombuffer(bytes(raw), np.uint8))
        self.assertEqual(values[0], 0.5 * 3 * (1 + 48 - 32))


class Windows(unittest.TestCase):
    def test_a_period_or_a_list(self):
        for pattern, expected in (
                ({}, (9, 9, 9, 9, 9, None, 9)),
                ({"attention.sliding_window_pattern": 3},
                 (9, 9, None, 9, 9, None, 9)),
                ({"attention.sliding_window_pattern": [True] + [False] * 6},
                 (9,) + (None,) * 6)):
            values = {"block_count": 7, "attention.sliding_window": 9,
                      **pattern}
            found = gguf._windows(lambda k, d=None, v=values: v.get(k, d))
            self.assertEqual(found, expected)


class Container(unittest.TestCase):
    def test_a_file(self):
        def string(text):
            return struct.pack("<Q", len(text)) + text
        head = b"GGUF" + struct.pack("<IQQ", 3, 1, 2)
        head += string(b"a.b") + struct.pack("<II", 4, 7)
        head += string(b"list") + struct.pack("<IIQ", 9, 8, 2) + \
            string(b"x") + string(b"")
        head += string(b"t") + struct.pack("<IQQIQ", 2, 3, 2, 0, 0)
        head += bytes(-len(head) % 32)
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "m.gguf")
            with open(path, "wb") as file:
                file.write(head + np.arange(6, dtype=np.float32).tobytes())
            read = gguf.GgufFile(path)
        self.assertEqual(read.values, {"a.b": 7, "list": ["x", ""]})
        self.assertEqual(read.tensors, {"t": ((2, 3), 0, len(head))})


if __name__ == "__main__":
    unittest.main()
