"""Cuts text into pieces as the Llama-3 pattern does, without a regex engine.

    (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}
    | ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+

Categories come from unicodedata (Unicode 14 in Python 3.11).
"""

import unicodedata

WHITE_SPACE = frozenset(
    map(chr, [*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680,
              *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]))

_CONTRACTIONS = ("s", "t", "re", "ve", "m", "ll", "d")


def is_letter(c):
    return unicodedata.category(c)[0] == "L"


def is_number(c):
    return unicodedata.category(c)[0] == "N"


def is_symbol(c):
    """[^\\s\\p{L}\\p{N}]"""
    return c not in WHITE_SPACE and not is_letter(c) and not is_number(c)


def _run(text, start, accept, limit=None):
    """First index from `start` on that `accept` refuses."""
    end = len(text) if limit is None else min(len(text), start + limit)
    while start < end and accept(text[start]):
        start += 1
    return start


def _contraction(text, i):
    if text[i] != "'":
        return i
    # The long s is the one other character that folds to one of these letters.
    following = text[i + 1:i + 3].replace("\u017f", "s").lower()
    for ending in _CONTRACTIONS:
        if following.startswith(ending):
            return i + 1 + len(ending)
    return i


def _word(text, i):
    c = text[i]
    letters = i if c in "\r\n" or is_letter(c) or is_number(c) else i + 1
    end = _run(text, letters, is_letter)
    return end if end > letters else i


def _number(text, i):
    return _run(text, i, is_number, limit=3)


def _symbols(text, i):
    start = i + 1 if text[i] == " " else i
    end = _run(text, start, is_symbol)
    return _run(text, end, "\r\n".__contains__) if end > start else i


def _space(text, i):
    end = _run(text, i, WHITE_SPACE.__contains__)
    run = text[i:end]
    newline = max(run.rfind("\r"), run.rfind("\n"))
    if newline >= 0:
        return i + newline + 1
    # Leave the last character to what follows, if something does.
    return end - 1 if end < len(text) and len(run) > 1 else end


def split(text):
    """-> the pieces; joined they give the text."""
    pieces, i = [], 0
    while i < len(text):
        for branch in (_contraction, _word, _number, _symbols, _space):
            end = branch(text, i)
            if end > i:
                break
        pieces.append(text[i:end])
        i = end
    return pieces
