"""Scores, spaces and bytes."""

import unittest

from sentencepiece import SentencePiece, fields


def make(scores, prefix="never"):
    pieces = {text: i for i, text in enumerate(scores)}

    def key(left, right):
        return -scores[left + right] if left + right in scores else None

    byte_ids = {b: 1000 + b for b in range(256)}
    return SentencePiece(pieces, key, {"<s>": (900, True), "<x>": (901, False)},
                         byte_ids, prefix)


def spelled(model, text, **options):
    names = {i: t for t, i in model.pieces.items()}
    return [names.get(i, i) for i in model.encode(text, **options)]


class Merging(unittest.TestCase):
    SCORES = {"a": -9, "b": -9, "c": -9, "ab": -2, "bc": -1, "abc": -3,
              "aa": -4, "\u2581": -9, "\u2581a": -5}

    def test_highest_score_goes_first(self):
        self.assertEqual(spelled(make(self.SCORES), "abc"), ["abc"])
        scores = {**self.SCORES, "abc": -3}
        del scores["abc"]
        self.assertEqual(spelled(make(scores), "abc"), ["a", "bc"])

    def test_leftmost_of_equals(self):
        self.assertEqual(spelled(make(self.SCORES), "aaa"), ["aa", "a"])

    def test_unknown_characters_are_bytes(self):
        self.assertEqual(spelled(make(self.SCORES), "aé\n"),
                         ["a", 1000 + 0xC3, 1000 + 0xA9, 1000 + 10])


class Spaces(unittest.TestCase):
    def test_prefix(self):
        for prefix, expected in {
                "never": ["a", 901, "a"],
                "first": ["\u2581a", 901, "a"],
                "always": ["\u2581a", 901, "\u2581a"]}.items():
            model = make(Merging.SCORES, prefix)
            self.assertEqual(spelled(model, "a<x>a"), expected, prefix)
            self.assertEqual(spelled(model, ""), [])

    def test_a_token_at_the_start_takes_the_prefix(self):
        model = make(Merging.SCORES, "first")
        self.assertEqual(spelled(model, "<x>a"), [901, "a"])

    def test_special_tokens_only_where_recognised(self):
        model = make({**Merging.SCORES, "<": 0, "s": 0, ">": 0})
        self.assertEqual(spelled(model, "<s>", recognise=True), [900])
        self.assertEqual(spelled(model, "<s>"), ["<", "s", ">"])


class Protobuf(unittest.TestCase):
    def test_fields(self):
        message = bytes([0x08, 0x96, 0x01, 0x12, 2, 7, 8, 0x1D, 0, 0, 0, 1])
        self.assertEqual(list(fields(message)),
                         [(1, 150), (2, b"\x07\x08"), (3, b"\0\0\0\x01")])


if __name__ == "__main__":
    unittest.main()
