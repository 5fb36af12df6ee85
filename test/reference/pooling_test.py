"""Tests of pooling.py with numbers that are easy to add up."""

import json
import os
import tempfile
import unittest

import numpy as np

import model
import pooling

STATES = np.array([[1, -8], [4, 2], [4, 0]], np.float32)


class Modes(unittest.TestCase):
    def test_each_is_what_its_name_says(self):
        for mode, expected in (("cls", [1, -8]), ("lasttoken", [4, 0]),
                               ("max", [4, 2]), ("mean", [3, -2]),
                               ("weightedmean", [3.5, -4 / 6])):
            found = pooling.pool(mode, STATES)
            np.testing.assert_allclose(found, expected, rtol=1e-6)
        np.testing.assert_allclose(
            pooling.pool("mean_sqrt_len_tokens", STATES),
            np.array([9, -6]) / np.sqrt(3), rtol=1e-6)
        with self.assertRaises(ValueError):
            pooling.pool("rank", STATES)

    def test_sums_run_in_the_order_of_tokens(self):
        big = np.array([[1], [2 ** 24], [-2 ** 24]], np.float32)
        self.assertEqual(pooling.pool("mean", big)[0], 0)
        self.assertEqual(pooling.pool("mean", big[[1, 2, 0]])[0],
                         np.float32(1) / np.float32(3))

    def test_vectors_of_several_modes_are_normalized_together(self):
        for arithmetic in (model.Float32, model.Float64):
            found = pooling.vector(arithmetic, STATES.astype(arithmetic.dtype),
                                   ["lasttoken", "mean"], True)
            np.testing.assert_allclose(
                found, np.array([4, 0, 3, -2]) / np.sqrt(29), rtol=1e-6)


class Directory(unittest.TestCase):
    def read(self, config, normalizes=True):
        modules = [{"path": "", "type": "s.Transformer"},
                   {"path": "p", "type": "s.Pooling"}]
        if normalizes:
            modules.append({"path": "n", "type": "s.Normalize"})
        with tempfile.TemporaryDirectory() as root:
            os.mkdir(root + "/p")
            with open(root + "/modules.json", "w", encoding="utf-8") as file:
                json.dump(modules, file)
            with open(root + "/p/config.json", "w", encoding="utf-8") as file:
                json.dump(config, file)
            return pooling.of_directory(root)

    def test_says_nothing(self):
        with tempfile.TemporaryDirectory() as root:
            self.assertEqual(pooling.of_directory(root), (["lasttoken"], True))

    def test_names_modes_in_either_way(self):
        self.assertEqual(self.read({}), (["mean"], True))
        self.assertEqual(self.read({"pooling_mode_cls_token": True}, False),
                         (["cls"], False))
        self.assertEqual(self.read({"pooling_mode": "max"})[0], ["max"])
        self.assertEqual(self.read({"pooling_mode_lasttoken": True,
                                    "pooling_mode_mean_tokens": True})[0],
                         ["mean", "lasttoken"])


if __name__ == "__main__":
    unittest.main()
