"""When two sets of logits count as equal."""

import unittest

import numpy as np

from compare_logits import (Incomparable, errors_of_arrays, errors_of_texts,
                            judge)


class Errors(unittest.TestCase):
    def test_relative_to_the_largest_of_the_row(self):
        a = np.array([[1.0, -10.0], [2.0, 4.0]])
        b = np.array([[1.001, -10.0], [2.0, 4.0]])
        self.assertTrue(np.allclose(errors_of_arrays(a, b), [1e-4, 0]))

    def test_not_a_number_is_an_error(self):
        a = np.ones((1, 2))
        for bad in (np.nan, np.inf):
            b = np.array([[1.0, bad]])
            self.assertEqual(errors_of_arrays(a, b)[0], np.inf)

    def test_shapes_must_agree(self):
        with self.assertRaises(Incomparable):
            errors_of_arrays(np.ones((1, 2)), np.ones((2, 2)))
        with self.assertRaises(Incomparable):
            errors_of_texts([(0, 1, 2, 3.0)], [])

    def test_texts_must_name_the_same_tokens(self):
        row = (0, 5, 7, 2.0)
        self.assertEqual(errors_of_texts([row], [row])[0], 0)
        for other in ((1, 5, 7, 2.0), (0, 6, 7, 2.0), (0, 5, 8, 2.0),
                      (0, 5, 7, float("nan"))):
            self.assertEqual(errors_of_texts([row], [other])[0], np.inf)

    def test_an_array_is_reduced_to_its_largest(self):
        a = np.array([[1.0, 4.0, 2.0]])
        self.assertAlmostEqual(
            errors_of_texts(a, [(0, 9, 1, 4.004)])[0], 1e-3)


class Verdicts(unittest.TestCase):
    def test_boundary_excuses_what_follows_it(self):
        errors = np.array([0, 1e-2, 1e-2, 0, 0, 0])
        margins = np.array([1, 1e-6, 1, 1, 1, 1])
        self.assertEqual(
            judge(errors, 1e-4, margins, 1e-5, 0.1).tolist(),
            ["ok", "boundary", "boundary", "ok", "ok", "ok"])

    def test_boundary_excuses_nothing_before_it(self):
        verdicts = judge(np.array([1e-2, 0, 0]), 1e-4,
                         np.array([1, 1e-6, 1]), 1e-5, 0.1)
        self.assertEqual(verdicts[0], "wrong")

    def test_boundary_excuses_no_large_error(self):
        verdicts = judge(np.array([0, 0, 0.5]), 1e-4,
                         np.array([1, 1e-6, 1]), 1e-5, 0.1)
        self.assertEqual(verdicts[2], "wrong")

    def test_half_of_the_tokens_must_be_right(self):
        verdicts = judge(np.array([0, 1e-2, 1e-2]), 1e-4,
                         np.array([1e-6, 1, 1]), 1e-5, 0.1)
        self.assertEqual(verdicts.tolist(), ["ok", "wrong", "wrong"])


if __name__ == "__main__":
    unittest.main()
