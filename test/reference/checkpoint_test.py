"""What a checkpoint's bytes mean."""

import json
import os
import tempfile
import unittest

import numpy as np

from checkpoint import (Checkpoint, quantize_weights, read_config,
                        read_windows, unpack)
from safetensors import TensorDirectory, round_bf16, widen_bf16
from small_checkpoint import CONFIG, Matrices, write_checkpoint


class Bf16(unittest.TestCase):
    def test_widening_is_exact(self):
        bits = np.array([0x3F80, 0xC000, 0x3EAB], np.uint16)
        self.assertEqual(widen_bf16(bits).tolist(), [1.0, -2.0, 0.333984375])

    def test_rounds_to_nearest_and_ties_to_even(self):
        half = 2.0 ** -8  # half a unit in the last place of 1.0
        values = np.array([1 + half, 1 + 3 * half, 1 + half * 1.01], np.float32)
        self.assertEqual(round_bf16(values).tolist(),
                         [1.0, 1 + 4 * half, 1 + 2 * half])


class Packing(unittest.TestCase):
    def test_published_example(self):
        packed = np.array([[66], [165]], np.uint8)
        self.assertEqual(unpack(packed, 8)[:, 0].tolist(),
                         [1, 0, -1, 0, -1, 1, 0, 1])

    def test_short_last_strip_is_dropped(self):
        packed = np.array([[66], [165]], np.uint8)
        self.assertEqual(unpack(packed, 7)[:, 0].tolist(),
                         [1, 0, -1, 0, -1, 1, 0])

    def test_code_three_is_refused(self):
        with self.assertRaises(ValueError):
            unpack(np.array([[3]], np.uint8), 4)

    def test_every_code_comes_back(self):
        weights = np.random.default_rng(1).integers(-1, 2, (10, 5))
        self.assertTrue((unpack(Matrices.pack(weights), 10) == weights).all())


class Absmean(unittest.TestCase):
    def test_scale_is_the_mean_in_bf16(self):
        ternary, scale = quantize_weights(
            np.array([[1.0, -0.25, 2.0], [0.75, 0.0, -2.0]], np.float32))
        self.assertEqual(ternary.tolist(), [[1, 0, 1], [1, 0, -1]])
        self.assertEqual(scale, 1.0)

    def test_halves_round_to_even(self):
        # Mean 1: 0.5 goes to 0, 1.5 to 2 and then to 1.
        ternary, _ = quantize_weights(
            np.array([[0.5, -0.5, 1.5, -1.5]], np.float32))
        self.assertEqual(ternary.tolist(), [[0, 0, 1, -1]])

    def test_mean_has_a_floor(self):
        ternary, scale = quantize_weights(np.zeros((2, 2), np.float32))
        self.assertEqual(ternary.tolist(), [[0, 0], [0, 0]])
        self.assertAlmostEqual(float(scale), 1e-5, delta=1e-7)


    def test_scale_has_the_type_of_the_weights(self):
        weights = np.array([[1.0, -0.3, 2.1]], np.float32)
        mean = np.float32(np.abs(weights).mean())
        for dtype, near in (("F32", 1e-7), ("F16", 1e-3), ("BF16", 1e-2)):
            scale = quantize_weights(weights, dtype)[1]
            self.assertAlmostEqual(scale / mean, 1, delta=near)
            self.assertEqual(scale == mean, dtype == "F32", dtype)

    def test_what_was_ternary_may_keep_its_size(self):
        weights = np.array([[0.5, 0.0, -0.5, 0.0]], np.float32)
        for keeps, expected in ((False, 0.25), (True, 0.5)):
            ternary, scale = quantize_weights(weights, "BF16", keeps)
            self.assertEqual(ternary.tolist(), [[1, 0, -1, 0]])
            self.assertEqual(scale, expected)


class Windows(unittest.TestCase):
    def windows(self, gemma, **raw):
        return read_windows({"num_hidden_layers": 7, **raw}, gemma)

    def test_gemma_leaves_out_every_sixth(self):
        self.assertEqual(self.windows(True, sliding_window=9),
                         (9, 9, 9, 9, 9, None, 9))
        self.assertEqual(
            self.windows(True, sliding_window=9, sliding_window_pattern=2),
            (9, None, 9, None, 9, None, 9))

    def test_a_list_says_more_than_a_rule(self):
        names = ["full_attention"] * 6 + ["sliding_attention"]
        for gemma in (True, False):
            self.assertEqual(
                self.windows(gemma, sliding_window=9, layer_types=names),
                (None,) * 6 + (9,))

    def test_qwen_begins_with_layers_that_see_all(self):
        self.assertEqual(
            self.windows(False, use_sliding_window=True, sliding_window=9,
                         max_window_layers=5), (None,) * 5 + (9, 9))
        self.assertEqual(self.windows(False, sliding_window=9), (None,) * 7)

    def test_bases_may_stand_by_kind_of_layer(self):
        raw = {**CONFIG, "architectures": ["Gemma3TextModel"],
               "hidden_act": "gelu_pytorch_tanh"}
        del raw["rope_theta"]
        for keys, expected in (
                ({}, (1e6, 1e4)),
                ({"rope_theta": 5.0, "rope_local_base_freq": 7.0}, (5, 7)),
                ({"rope_parameters": {
                    "full_attention": {"rope_theta": 5.0},
                    "sliding_attention": {"rope_theta": 7.0}}}, (5, 7))):
            with tempfile.TemporaryDirectory() as directory:
                with open(directory + "/config.json", "w") as file:
                    json.dump({**raw, **keys}, file)
                config = read_config(directory)
            self.assertEqual((config.theta, config.local_theta), expected)


class Directory(unittest.TestCase):
    def test_shards_hold_the_same_tensors_as_one_file(self):
        with tempfile.TemporaryDirectory() as one, \
                tempfile.TemporaryDirectory() as two:
            write_checkpoint(one, seed=3)
            write_checkpoint(two, seed=3, shards=2)
            self.assertFalse(os.path.exists(two + "/model.safetensors"))
            a, b = TensorDirectory(one), TensorDirectory(two)
            self.assertEqual(set(a.owner), set(b.owner))
            for name in a.owner:
                self.assertTrue((a.tensor(name) == b.tensor(name)).all())

    def test_packed_and_master_weights_are_one_model(self):
        with tempfile.TemporaryDirectory() as packed, \
                tempfile.TemporaryDirectory() as master:
            write_checkpoint(packed, seed=3)
            write_checkpoint(master, seed=3, packed=False)
            a, b = Checkpoint(packed), Checkpoint(master)
            name = "model.layers.0.mlp.down_proj"
            (t, s), (u, r) = (c.ternary(name, 12) for c in (a, b))
            self.assertTrue((t == u).all())
            self.assertEqual(s, r)


if __name__ == "__main__":
    unittest.main()
