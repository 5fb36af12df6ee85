"""Cuts text into pieces as the "pre_tokenizer" of a tokenizer.json says, with
Python's regular expressions. pieces.py cuts as Llama 3 does without them.

Python knows no \\p{L}, so every class is spelled out as its characters.
Categories come from unicodedata (Unicode 14 in Python 3.11).
"""

import functools
import re
import sys
import unicodedata

from pieces import WHITE_SPACE

GPT2_EXPRESSION = (r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|"
                   r" ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")


def byte_alphabet():
    """character -> byte, for all 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    other = [byte for byte in range(256) if byte not in plain]
    alphabet = {chr(byte): byte for byte in plain}
    alphabet.update({chr(256 + i): byte for i, byte in enumerate(other)})
    return alphabet


ALPHABET = byte_alphabet()
CHARACTER_OF = {byte: c for c, byte in ALPHABET.items()}


def ranges(accept):
    """All accepted characters as the inside of a [...]"""
    found, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and accept(chr(code))
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            found.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(found)


@functools.lru_cache(None)
def category(name):
    return ranges(lambda c: unicodedata.category(c).startswith(name))


@functools.lru_cache(None)
def white_space(inside=True):
    return ranges(lambda c: (c in WHITE_SPACE) == inside)


@functools.lru_cache(None)
def compile_expression(expression):
    """An expression of a tokenizer as one of Python's."""
    spelled, i, in_class = "", 0, False
    while i < len(expression):
        token = re.match(r"\\p\{(\w+)\}|\\.|.", expression[i:], re.DOTALL)
        text = token.group(0)
        i += len(text)
        if token.group(1):
            text = category(token.group(1))
        elif text in (r"\s", r"\S"):
            text = white_space(text == r"\s")
        elif text in "[]":
            in_class = text == "["
            spelled += text
            continue
        else:
            spelled += text
            continue
        spelled += text if in_class else f"[{text}]"
    return re.compile(spelled)


def cut(text, regex, joined):
    """Matches and what lies between them; `joined` if matches that touch are
    one piece."""
    pieces, last, touches = [], 0, False
    for match in regex.finditer(text):
        start, end = match.span()
        if start > last:
            pieces.append(text[last:start])
            touches = False
        if joined and touches:
            pieces[-1] += text[start:end]
        else:
            pieces.append(text[start:end])
        last, touches = end, True
    return pieces + ([text[last:]] if last < len(text) else [])


def in_alphabet(text):
    return "".join(CHARACTER_OF[byte] for byte in text.encode("utf-8"))


def stages(raw):
    """The "pre_tokenizer" -> functions from a piece to pieces."""
    if raw["type"] == "Sequence":
        return [stage for inner in raw["pretokenizers"]
                for stage in stages(inner)]
    joined = raw.get("behavior") == "Contiguous"
    if raw["type"] == "ByteLevel":
        if raw["add_prefix_space"]:
            raise ValueError("a prefix space is not supported")
        gpt2 = compile_expression(GPT2_EXPRESSION)
        first = [lambda text: cut(text, gpt2, False)] \
            if raw.get("use_regex", True) else []
        return first + [lambda text: [in_alphabet(text)]]
    if raw["type"] == "Digits":
        regex = compile_expression(r"\p{N}")
        joined = not raw["individual_digits"]
    elif raw["type"] == "Punctuation":
        regex = compile_expression(r"[!-/:-@\[-`{-~\p{P}]")
    elif raw["type"] == "Split" and "Regex" in raw["pattern"]:
        regex = compile_expression(raw["pattern"]["Regex"])
    elif raw["type"] == "Split":
        regex = re.compile(re.escape(raw["pattern"]["String"]))
    else:
        raise ValueError(f"{raw['type']} is not supported")
    return [lambda text: cut(text, regex, joined)]


def splitter(raw):
    """The "pre_tokenizer" -> a function from text to the bytes of its pieces."""
    steps = stages(raw)

    def split(text):
        pieces = [text]
        for step in steps:
            pieces = [part for piece in pieces for part in step(piece)]
        return [bytes(ALPHABET[c] for c in piece) for piece in pieces]

    return split
