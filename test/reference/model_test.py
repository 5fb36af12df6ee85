"""What the layers compute."""

import math
import tempfile
import unittest
from fractions import Fraction

import numpy as np

import single
from model import (Decisions, Float32, Float64, Model, Recorder, Session,
                   head_limit, margin_of, quantize, rotation_tables,
                   rounded_rows, run)
from small_checkpoint import write_checkpoint

IDS = [3, 1, 4, 1, 5, 9, 2, 6]


def make_model(arithmetic=Float64, head="int8", kv="f16", **options):
    with tempfile.TemporaryDirectory() as directory:
        write_checkpoint(directory, **{"seed": 7, **options})
        model = Model(directory, arithmetic, head, kv=kv)
        run(model, [0], 1, 0)  # reads every weight
        model.observers.clear()
        return model


def logits_of(model, ids=IDS, chunk=100):
    return run(model, ids, chunk, 0)[1]


class RoundedHead(unittest.TestCase):
    ROWS = np.array([[0.5, -2.0, 1.0], [0, 0, 0]], np.float32)

    def test_largest_of_a_row_becomes_the_limit(self):
        for bits, expected in ((8, [32, -127, 64]), (6, [8, -31, 16])):
            q, scales = rounded_rows(self.ROWS, bits)
            self.assertEqual(q.tolist(), [expected, [0, 0, 0]])
            limit = 2 ** (bits - 1) - 1
            self.assertEqual(scales[0], np.float32(2) / np.float32(limit))

    def test_sums_fit_32_bits(self):
        for columns in (1, 256, 2560, 133144):
            self.assertLess(127 * head_limit(columns) * columns, 2 ** 31)
            self.assertLess(head_limit(columns), 2 ** 15)
            self.assertGreaterEqual(head_limit(columns), 127)

    def test_is_near_the_exact_head(self):
        exact, rounded = (logits_of(make_model(head=head))
                          for head in ("exact", "int8"))
        error = np.abs(exact - rounded).max() / np.abs(exact).max()
        self.assertGreater(error, 0)
        self.assertLess(error, 0.02)


class Quantization(unittest.TestCase):
    def test_largest_becomes_127(self):
        q, m, _ = quantize(np.array([[0.5, -2.0, 1.0]]))
        self.assertEqual(q.tolist(), [[32, -127, 64]])
        self.assertEqual(m.tolist(), [[2.0]])

    def test_halves_round_to_even(self):
        q, _, exact = quantize(np.array([[127.0, 0.5, 1.5, -2.5]]))
        self.assertEqual(q.tolist(), [[127, 0, 2, -2]])
        self.assertEqual(exact.tolist(), [[127.0, 0.5, 1.5, -2.5]])

    def test_scale_has_a_floor(self):
        q, m, _ = quantize(np.array([[1e-7, 0.0]]))
        self.assertEqual(q.tolist(), [[1, 0]])
        self.assertEqual(m[0, 0], np.float32(1e-5))

    def test_margin_is_the_distance_to_the_nearest_half(self):
        exact = np.array([[127.0, 3.25, 10.0], [1.5, -0.25, 0.0]])
        self.assertEqual(margin_of(exact).tolist(), [0.25, 0.0])


class Following(unittest.TestCase):
    def test_takes_the_other_side_of_a_boundary(self):
        decisions = Decisions({"a": np.array([[9], [4]], np.int8)})
        q = decisions.apply("a", 1, np.array([[3]], np.int8),
                            np.array([[3.499999]]))
        self.assertEqual(q.tolist(), [[4]])
        self.assertEqual(decisions.followed, 1)

    def test_refuses_what_is_no_rounding(self):
        for other, exact in ((4, 3.499), (5, 3.499999), (2, 3.1)):
            decisions = Decisions({"a": np.array([[other]], np.int8)})
            with self.assertRaisesRegex(ValueError, "token 0, element"):
                decisions.apply("a", 0, np.array([[3]], np.int8),
                                np.array([[exact]]))

    def test_halves_have_boundaries_too(self):
        one, next_one = np.array([[1.0, 1.0 + 2.0 ** -10]], np.float16)[0]
        decisions = Decisions({"k": np.array([[next_one]])})
        for exact, right in ((1 + 2.0 ** -11 - 1e-7, True),
                             (1 + 2.0 ** -12, False), (np.nan, False)):
            if right:
                decisions.apply("k", 0, np.array([[one]]), np.array([[exact]]))
                continue
            with self.assertRaises(ValueError):
                decisions.apply("k", 0, np.array([[one]]), np.array([[exact]]))

    def test_own_decisions_change_nothing(self):
        model = make_model()
        recorder = Recorder(model)
        logits = logits_of(model, chunk=3)
        model.decisions = Decisions(recorder.rounded())
        self.assertTrue((logits_of(model, chunk=3) == logits).all())
        self.assertEqual(model.decisions.followed, 0)


class Rotation(unittest.TestCase):
    def test_position_zero_turns_nothing(self):
        cos, sin = rotation_tables(1e4, 8, [0])
        self.assertEqual(cos.tolist(), [[1.0] * 4])
        self.assertEqual(sin.tolist(), [[0.0] * 4])

    def test_first_pair_turns_by_the_position(self):
        cos, sin = rotation_tables(1e4, 8, [5])
        self.assertAlmostEqual(float(cos[0, 0]), math.cos(5), places=6)
        self.assertAlmostEqual(float(sin[0, 0]), math.sin(5), places=6)

    def test_products_depend_on_the_distance_alone(self):
        model = make_model()
        q, k = np.random.default_rng(1).normal(size=(2, 1, 1, 4))

        def product(i, j):
            turn = [model.rotate(x, rotation_tables(1e4, 4, [p]))
                    for x, p in ((q, i), (k, j))]
            return (turn[0] * turn[1]).sum()

        self.assertAlmostEqual(product(9, 4), product(25, 20), places=5)
        self.assertNotAlmostEqual(product(9, 4), product(9, 5), places=2)

    def test_halves_are_paired(self):
        model = make_model()
        tables = (np.array([[0.0, 1.0]], np.float32),
                  np.array([[1.0, 0.0]], np.float32))
        x = np.array([[[1.0, 2.0, 3.0, 4.0]]])
        self.assertEqual(model.rotate(x, tables).tolist(),
                         [[[-3.0, 2.0, 1.0, 4.0]]])


class Attention(unittest.TestCase):
    @staticmethod
    def attend(model, queries, values, position, window=None):
        """With all keys alike."""
        steps = np.ones(values.shape[:2])
        cache = [np.ones(values.shape), steps, values, steps]
        return model.attention(queries, cache, position, window)

    def test_first_token_sees_its_own_value_only(self):
        model = make_model()
        values = np.random.default_rng(1).normal(size=(3, 1, 4))
        out = self.attend(model, np.ones((1, 3, 4)), values, 0)
        self.assertTrue(np.allclose(out.reshape(3, 4), values[0]))

    def test_equal_scores_give_the_mean(self):
        model = make_model()
        values = np.random.default_rng(1).normal(size=(3, 1, 4))
        out = self.attend(model, np.ones((1, 3, 4)), values, 2)
        self.assertTrue(np.allclose(out.reshape(3, 4), values[:3].mean(axis=0)))

    def test_a_window_counts_the_token_itself(self):
        for arithmetic in (Float64, Float32):
            model = make_model(arithmetic)
            values = np.random.default_rng(1).normal(size=(5, 1, 4))
            out = self.attend(model, np.ones((2, 3, 4)), values, 3, 2)
            for row, seen in ((0, values[2:4]), (1, values[3:5])):
                self.assertTrue(np.allclose(out[row].reshape(3, 4),
                                            seen.mean(axis=0), atol=1e-6))

    def test_heads_of_a_group_are_neighbours(self):
        model = make_model()
        model.config.heads, model.config.kv_heads = 4, 2
        values = np.zeros((1, 2, 4))
        values[0, 1] = 1
        out = self.attend(model, np.ones((1, 4, 4)), values, 0)
        self.assertEqual(out.reshape(4, 4)[:, 0].tolist(), [0, 0, 1, 1])


class Forward(unittest.TestCase):
    def test_norm_divides_by_the_root_of_the_mean_square(self):
        model = make_model()
        model.cached["n.weight"] = np.array([1.0, 2.0], np.float32)
        y = model.rms_norm(np.array([[3.0, 4.0]]), "n")
        root = math.sqrt(12.5 + 1e-5)
        self.assertTrue(np.allclose(y, [[3 / root, 8 / root]], atol=1e-15))

    def test_linear_is_exact_before_its_scale(self):
        model = make_model()
        model.cached["l"] = (np.array([[1, -1, 0], [1, 1, 1]], np.float32).T,
                             np.float32(0.5))
        q, m = np.array([[127, -3, 9]], np.int8), np.float32([[2.0]])
        y = model.linear((q, m), "l", 2)
        self.assertEqual(y.tolist(), [[130 * 0.5 * (2 / 127),
                                       133 * 0.5 * (2 / 127)]])

    def test_a_bias_is_added_after_the_scales(self):
        model = make_model()
        name = "layers.0.self_attn.q_proj"
        model.config.biased = ("self_attn.q_proj",)
        model.cached[name] = (np.array([[1, -1, 0]], np.float32).T, np.float32(0.5))
        model.cached[name + ".bias"] = np.array([0.25], np.float32)
        q, m = np.array([[127, -3, 9]], np.int8), np.float32([[2.0]])
        self.assertEqual(model.linear((q, m), name, 1).tolist(),
                         [[130 * 0.5 * (2 / 127) + 0.25]])
        model.config.biased = ("self_attn.k_proj",)
        self.assertEqual(model.linear((q, m), name, 1).tolist(),
                         [[130 * 0.5 * (2 / 127)]])

    def test_norms_of_projections_have_an_epsilon_of_their_own(self):
        model = make_model()
        model.config.projection_norm = "rms_norm"
        model.config.projection_eps = 3.5
        model.cached["p.a"] = (np.array([[1, 0]], np.float32).T, np.float32(1))
        model.cached["p.a.rms_norm.weight"] = np.array([1, 1], np.float32)
        y, = model.projections(np.array([[3.0, 4.0]]), "p.", (("a", 1),), "g")
        # 3 / sqrt(12.5 + 3.5), in steps of the largest, 1 / 127
        self.assertAlmostEqual(float(y[0, 0]), 95 / 127, places=6)

    def test_pieces_of_a_prompt_give_the_same_logits(self):
        model = make_model()
        whole = logits_of(model)
        for chunk in (1, 3):
            self.assertTrue(np.allclose(logits_of(model, chunk=chunk), whole,
                                        rtol=0, atol=1e-9))

    def test_later_tokens_change_nothing_before_them(self):
        model = make_model()
        self.assertTrue(np.allclose(logits_of(model, IDS[:5]),
                                    logits_of(model)[:5], rtol=0, atol=1e-9))

    def test_earlier_tokens_matter(self):
        model = make_model()
        a, b = logits_of(model), logits_of(model, [4] + IDS[1:])
        self.assertGreater(np.abs(a - b)[-1].max(), 1e-3)

    def test_cache_holds_halves(self):
        model = make_model()
        session = Session(model)
        model.forward(IDS, session)
        keys, _, values, _ = session.layers[1]
        self.assertEqual(keys.shape, (len(IDS), 1, 4))
        self.assertEqual(values.dtype, np.float16)

    def test_cache_holds_bytes_near_the_halves(self):
        exact = logits_of(make_model())
        model = make_model(kv="int8")
        session = Session(model)
        error = np.abs(model.forward(IDS, session) - exact).max()
        self.assertGreater(error, 0)
        self.assertLess(error, 0.05 * np.abs(exact).max())
        keys, steps, _, _ = session.layers[0]
        self.assertEqual(keys.dtype, np.int8)
        self.assertEqual(np.abs(keys).max(axis=-1).min(), 127)
        self.assertEqual(steps.shape, (len(IDS), 1))

    def test_formats_are_one_model(self):
        self.assertTrue((logits_of(make_model()) ==
                         logits_of(make_model(packed=False))).all())

    def test_single_precision_is_near(self):
        exact, single = (logits_of(make_model(a)) for a in (Float64, Float32))
        self.assertEqual(single.dtype, np.float32)
        error = np.abs(exact - single).max() / np.abs(exact).max()
        self.assertLess(error, 1e-5)
        self.assertGreater(error, 0)

    def test_greedy_continuation_feeds_the_arg_max(self):
        model = make_model()
        ids, logits, margins = run(model, IDS, 100, 4)
        self.assertEqual(len(ids), len(IDS) + 4)
        self.assertEqual(ids[-4:],
                         [int(row.argmax()) for row in logits[-5:-1]])
        self.assertEqual(margins.shape, (len(ids),))

    def test_local_layers_have_a_window_and_a_base_of_their_own(self):
        everywhere = logits_of(make_model())
        for change in ({"windows": (3, None)}, {"windows": (None, 3)},
                       {"windows": (99, 99), "local_theta": 50.0}):
            model = make_model()
            for name, value in change.items():
                setattr(model.config, name, value)
            changed = (logits_of(model) != everywhere).any(axis=1)
            first = 3 if 3 in change["windows"] else 1
            self.assertFalse(changed[:first].any(), change)
            self.assertTrue(changed[first:].all(), change)

    def test_a_wide_window_is_none(self):
        model = make_model()
        model.config.windows = (99, 99)
        self.assertTrue((logits_of(model) == logits_of(make_model())).all())

    def test_refuses_ids_out_of_range_and_long_prompts(self):
        model = make_model()
        for ids in ([40], [-1], [0] * 65):
            with self.assertRaises(ValueError):
                logits_of(model, ids)


class Activations(unittest.TestCase):
    def test_known_values(self):
        x = np.array([-2.0, 0.0, 1.0, 3.0])
        for name, expected in {
                "relu2": [0, 0, 1, 9],
                "silu": [-0.2384058, 0, 0.7310586, 2.8577224],
                "gelu_pytorch_tanh": [-0.0454023, 0, 0.8411920, 2.9963627],
        }.items():
            found = Float64.activate(name, x)
            self.assertTrue(np.allclose(found, expected, atol=1e-6), name)


class Single(unittest.TestCase):
    def test_sum_goes_by_sixteen_lanes_and_a_tree(self):
        # 2**24 + 1 is lost within a lane, and kept when lanes meet a sum.
        x, ones = np.zeros(33, np.float32), np.ones(33, np.float32)
        x[0], x[16], x[32] = 2.0 ** 24, 1, 1
        self.assertEqual(single.dot(x, ones), np.float32(2.0 ** 24))
        x[16], x[32], x[1], x[9] = 0, 0, 1, 1
        self.assertEqual(single.dot(x, ones), np.float32(2.0 ** 24 + 2))

    def test_multiply_add_rounds_once(self):
        rng = np.random.default_rng(2)
        a, b, c = (rng.normal(size=3000).astype(np.float32) for _ in "abc")
        c *= np.float32(2) ** rng.integers(-40, 40, 3000)
        c[:1000] = -(a * b)[:1000]
        found = single.fma(a, b, c)
        for x, y, z, f in zip(a, b, c, found):
            exact = Fraction(float(x)) * Fraction(float(y)) + Fraction(float(z))
            error = abs(Fraction(float(f)) - exact)
            for step in (-np.inf, np.inf):
                other = np.nextafter(f, np.float32(step))
                self.assertLessEqual(error, abs(Fraction(float(other)) - exact))

    def test_multiply_add_survives_a_double_rounding(self):
        # The exact sum is 2**-60 below a tie that would go up.
        a, b = (np.float32(2.0 ** -12 * (1 + x)) for x in (2 ** -18, -2 ** -18))
        c = np.array([1 + 2.0 ** -23], np.float32)
        twice = np.float32(float(a) * float(b) + float(c[0]))
        self.assertEqual(twice, np.float32(1 + 2.0 ** -22))
        self.assertEqual(single.fma(a, b, c)[0], c[0])

    def test_exponential_is_close(self):
        x = -np.linspace(0, 86, 5000).astype(np.float32)
        error = single.exp(x) / np.exp(x.astype(np.float64)) - 1
        self.assertLess(np.abs(error).max(), 2e-7)
        self.assertEqual(single.exp(np.float32(-88)), 0)
        self.assertEqual(single.exp(np.float32(-np.inf)), 0)
        self.assertEqual(single.exp(np.float32(0)), 1)

    def test_activations_are_close(self):
        x = np.linspace(-90, 90, 20001).astype(np.float32)
        exact = x.astype(np.float64)
        for name in ("relu2", "silu", "gelu_pytorch_tanh"):
            expected = Float64.activate(name, exact)
            error = np.abs(single.activate(name, x) - expected)
            self.assertLess((error / np.maximum(1e-3, abs(expected))).max(),
                            2e-6, name)

    def test_blocks_of_keys_are_one_softmax(self):
        rng = np.random.default_rng(2)
        q, k, v, *steps = (
            rng.normal(size=s).astype(np.float32)
            for s in ((4, 2, 8), (150, 2, 8), (150, 2, 8), (150, 2), (150, 2)))
        end = np.array([1, 64, 65, 150])
        for first in ([0, 0, 0, 0], [0, 63, 63, 64], [0, 17, 64, 100]):
            seen = (np.array(first), end)
            exact = Float64.attend(*(x.astype(np.float64) for x in (q, k, v)),
                                   steps, seen, 1.0)
            found = single.attend(q, k, v, steps, seen, np.float32(1))
            self.assertLess(np.abs(found - exact).max(), 2e-6)


if __name__ == "__main__":
    unittest.main()
