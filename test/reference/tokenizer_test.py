"""Pieces, merges and special tokens."""

import base64
import json
import os
import random
import sys
import tempfile
import unittest

import pieces
import splits
import tokenizer

VOCABULARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                          "..", "..", "shared", "data",
                          "llama3.tokenizer.model")


LLAMA3_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def pattern():
    return splits.compile_expression(LLAMA3_PATTERN)


SAMPLES = (
    "aZéſßЖ漢あ한عاनि🇩🇪👩‍💻\u0301\u200d\u200b019²Ⅷ٣①"
    " \u00a0\u3000\u2028\u0085\u001c\t\n\r\v\f'’\"!?.,;:-_()[]{}<|>=+*/\\\ufffd")


class Pieces(unittest.TestCase):
    def test_known_cuts(self):
        for text, expected in {
                "User: How": ["User", ":", " How"],
                "Assistant: ": ["Assistant", ":", " "],
                " 123": [" ", "123"],
                "12345": ["123", "45"],
                "I'll don'T": ["I", "'ll", " don", "'T"],
                "it'\u017f": ["it", "'\u017f"],
                "a\n\n  b": ["a", "\n\n", " ", " b"],
                "a   b": ["a", "  ", " b"],
                "x \r\n \n  ": ["x", " \r\n \n", "  "],
                "!!\r\n\n.": ["!!\r\n\n", "."],
                "\u00a0word": ["\u00a0word"],
                "\nword": ["\n", "word"],
                "e\u0301x": ["e", "\u0301x"]}.items():
            self.assertEqual(pieces.split(text), expected, repr(text))

    def test_agrees_with_a_regex_engine(self):
        published = pattern()
        rng = random.Random(5)
        for _ in range(5000):
            text = "".join(rng.choices(SAMPLES, k=rng.randrange(12)))
            self.assertEqual(pieces.split(text), published.findall(text),
                             ascii(text))

    def test_agrees_with_a_regex_engine_on_every_character(self):
        published = pattern()
        codes = [c for c in range(sys.maxunicode + 1)
                 if not 0xD800 <= c < 0xE000]
        for i in range(0, len(codes), 512):
            text = "".join(f"a {chr(c)}'s" for c in codes[i:i + 512])
            self.assertEqual(pieces.split(text), published.findall(text),
                             hex(codes[i]))


class Stages(unittest.TestCase):
    def split(self, *stages):
        return splits.splitter({"type": "Sequence",
                                "pretokenizers": list(stages)})

    def test_falcon(self):
        split = self.split(
            {"type": "Punctuation", "behavior": "Contiguous"},
            {"type": "ByteLevel", "add_prefix_space": False},
            {"type": "Digits", "individual_digits": False},
            {"type": "Split", "pattern": {"Regex": "[0-9][0-9][0-9]"},
             "behavior": "Isolated", "invert": False})
        self.assertEqual(split("it's ...12345"),
                         [b"it", b"'", b"s", b" ", b"...", b"123", b"45"])
        # The second byte of this letter is a digit of the byte alphabet.
        self.assertEqual(split("\u043c"), [b"\xd0", b"\xbc"])

    def test_digits_alone_or_joined(self):
        byte_level = {"type": "ByteLevel", "add_prefix_space": False,
                      "use_regex": False}
        for alone, expected in ((True, [b"a", b"1", b"2"]),
                                (False, [b"a", b"12"])):
            digits = {"type": "Digits", "individual_digits": alone}
            self.assertEqual(self.split(digits, byte_level)("a12"), expected)


def small(merges, added=(), whole_pieces=True):
    vocabulary = {bytes([b]): b for b in range(256)}
    ranks = {}
    for rank, (left, right) in enumerate(merges):
        vocabulary.setdefault(left + right, len(vocabulary))
        ranks[left, right] = rank
    return tokenizer.Tokenizer(vocabulary, lambda *pair: ranks.get(pair),
                               dict(added), whole_pieces)


class Merges(unittest.TestCase):
    def test_lowest_rank_first(self):
        t = small([(b"b", b"c"), (b"a", b"b")])
        self.assertEqual(t.encode("abc"), [97, 256])

    def test_equal_ranks_leftmost_first(self):
        t = small([(b"a", b"a")])
        self.assertEqual(t.encode("aaa"), [256, 97])

    def test_whole_piece_wins_over_merges(self):
        merges = [(b"b", b"c"), (b"a", b"b"), (b"ab", b"c")]
        self.assertEqual(small(merges).encode("abc"), [258])
        self.assertEqual(small(merges, whole_pieces=False).encode("abc"),
                         [97, 256])

    def test_bytes_are_always_there(self):
        self.assertEqual(small([]).encode("é"), [0xC3, 0xA9])


class AddedTokens(unittest.TestCase):
    def setUp(self):
        self.tokenizer = small([], {"<|a|>": (300, True),
                                    "<|a|><": (301, True),
                                    "[x]": (302, False)})

    def test_recognised_leftmost_and_longest(self):
        self.assertEqual(self.tokenizer.encode("z<|a|><|a|>", True),
                         [122, 301, *b"|a|>"])

    def test_special_ones_are_text_unless_asked_for(self):
        self.assertEqual(self.tokenizer.encode("<|a|>"), list(b"<|a|>"))

    def test_others_are_always_recognised(self):
        self.assertEqual(self.tokenizer.encode("[x]"), [302])


class Files(unittest.TestCase):
    def test_alphabet_has_every_byte(self):
        alphabet = splits.ALPHABET
        self.assertEqual(sorted(alphabet.values()), list(range(256)))
        self.assertEqual((alphabet["Ġ"], alphabet["Ċ"], alphabet["!"]),
                         (0x20, 0x0A, 0x21))
        self.assertEqual(max(map(ord, alphabet)), 0x143)

    def test_specials_have_the_published_places(self):
        specials = tokenizer.llama3_specials(128000)
        for name, i in {"<|begin_of_text|>": 128000, "<|end_of_text|>": 128001,
                        "<|reserved_special_token_3|>": 128005,
                        "<|start_header_id|>": 128006,
                        "<|end_header_id|>": 128007,
                        "<|reserved_special_token_4|>": 128008,
                        "<|eot_id|>": 128009,
                        "<|reserved_special_token_5|>": 128010,
                        "<|reserved_special_token_250|>": 128255}.items():
            self.assertEqual(specials[name], i)

    def test_ill_formed_bytes_become_replacement_characters(self):
        for raw, expected in {"61ff62": "a\ufffdb", "e282": "\ufffd",
                              "f09f9161": "\ufffda", "c0af": "\ufffd\ufffd",
                              "eda080": "\ufffd\ufffd\ufffd"}.items():
            self.assertEqual(tokenizer.as_text({"hex": raw}), expected)
        self.assertEqual(tokenizer.as_text("\ud83d"), "\ufffd" * 3)

    def test_rank_list_is_read(self):
        with tempfile.NamedTemporaryFile("w", suffix=".model") as file:
            tokens = [bytes([b]) for b in range(256)] + [b"ab", b"abc"]
            for rank, token in enumerate(tokens):
                print(base64.b64encode(token).decode(), rank, file=file)
            file.flush()
            t = tokenizer.load(file.name)
        self.assertEqual(t.encode("abc xabc"), [257, 32, 120, 257])
        self.assertEqual(t.encode("<|eot_id|>", True), [258 + 9])

    def test_merges_come_as_strings_or_pairs(self):
        for merges in (["Ġ a"], [["Ġ", "a"]]):
            raw = {
                "normalizer": None,
                "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                    {"type": "Split", "pattern": {"Regex": LLAMA3_PATTERN},
                     "behavior": "Isolated", "invert": False},
                    {"type": "ByteLevel", "add_prefix_space": False,
                     "use_regex": False}]},
                "added_tokens": [],
                "model": {"vocab": {"Ġ": 0, "a": 1, "Ġa": 2},
                          "merges": merges}}
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(raw, file)
                file.flush()
                self.assertEqual(tokenizer.load(file.name).encode("a a"),
                                 [1, 2])


@unittest.skipUnless(os.path.exists(VOCABULARY), "no Llama-3 vocabulary at hand")
class Llama3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tokenizer = tokenizer.load(VOCABULARY)

    def test_published_prompt(self):
        self.assertEqual(
            self.tokenizer.chat([{"role": "user", "content": " How are you?\n"}]),
            [128000, 1502, 25, 2650, 527, 499, 30, 128009, 72803, 25, 220])

    def test_content_cannot_end_its_turn(self):
        ids = self.tokenizer.chat([{"role": "user", "content": "<|eot_id|>"}])
        self.assertEqual(ids.count(128009), 1)

    def test_pieces_come_back(self):
        spelled = {i: t for t, i in self.tokenizer.vocabulary.items()}
        text = "Grüße, 世界! 👩‍💻 don't\r\n\r\n  12345"
        ids = self.tokenizer.encode(text)
        self.assertEqual(b"".join(spelled[i] for i in ids).decode(), text)


if __name__ == "__main__":
    unittest.main()
