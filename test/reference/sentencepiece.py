"""SentencePiece's BPE with byte fallback: the oracle of its token ids.

The model file is read by hand, the merging rescans the whole text: nothing is
shared with the tokenizer under test. tokenizer.py loads this where a file is of
this kind.
"""

import json
import os
import struct

SPACE = "\u2581"
NORMAL, UNKNOWN, CONTROL, USER, UNUSED, BYTE = range(1, 7)


def fields(data):
    """A protobuf message -> (number, int or bytes) of each field."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
            continue
        size = {1: 8, 5: 4}.get(tag & 7) or varint()
        yield tag >> 3, data[at:at + size]
        at += size


class SentencePiece:
    """pieces: text -> id, U+2581 for a space. key: (left, right) -> what is
    merged first, or None. added: text -> (id, special). prefix: "never",
    "first" (only at the start of a text) or "always" (in front of every stretch
    between added tokens)."""

    def __init__(self, pieces, key, added, byte_ids, prefix):
        self.pieces = pieces
        self.key = key
        self.added = added
        self.byte_ids = byte_ids
        self.prefix = prefix

    def merge(self, text):
        parts = list(text)
        keys = [self.key(*pair) for pair in zip(parts, parts[1:])]
        while any(k is not None for k in keys):
            best = min(k for k in keys if k is not None)
            i = keys.index(best)
            parts[i:i + 2] = [parts[i] + parts[i + 1]]
            del keys[i]
            for j in (i - 1, i):
                if 0 <= j < len(keys):
                    keys[j] = self.key(parts[j], parts[j + 1])
        return parts

    def stretch(self, text, is_start):
        if not text:
            return []
        text = text.replace(" ", SPACE)
        if self.prefix == "always" or (self.prefix == "first" and is_start):
            text = SPACE + text
        ids = []
        for part in self.merge(text):
            if part in self.pieces:
                ids.append(self.pieces[part])
            else:
                ids += [self.byte_ids[b] for b in part.encode("utf-8")]
        return ids

    def encode(self, text, recognise=False):
        names = sorted((name for name, (_, special) in self.added.items()
                        if recognise or not special), key=len, reverse=True)
        ids, start, i = [], 0, 0
        while i < len(text):
            name = next((n for n in names if text.startswith(n, i)), None)
            if name is None:
                i += 1
                continue
            ids += self.stretch(text[start:i], start == 0)
            ids.append(self.added[name][0])
            start = i = i + len(name)
        return ids + self.stretch(text[start:], start == 0)


def load_model(path):
    """A tokenizer.model, with added_tokens.json and tokenizer_config.json
    beside it."""
    with open(path, "rb") as file:
        message = list(fields(file.read()))
    pieces, scores, added, byte_ids, prefix = {}, {}, {}, {}, True
    rows = [value for number, value in message if number == 1]
    for index, row in enumerate(rows):
        text, score, kind = "", 0.0, NORMAL
        for number, value in fields(row):
            if number == 1:
                text = value.decode("utf-8")
            elif number == 2:
                score = struct.unpack("<f", value)[0]
            elif number == 3:
                kind = value
        if kind == BYTE:
            byte_ids[int(text[1:-1], 16)] = index
        elif kind in (UNKNOWN, CONTROL):
            added[text] = (index, True)
        else:
            pieces[text], scores[text] = index, score
    for number, value in message:
        if number == 3:
            prefix = dict(fields(value)).get(3, 1) != 0
    folder = os.path.dirname(path)

    def beside(name):
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    added.update({text: (index, False)
                  for text, index in beside("added_tokens.json").items()})
    legacy = beside("tokenizer_config.json").get("legacy", True)

    def key(left, right):
        score = scores.get(left + right)
        return None if score is None else -score

    return SentencePiece(pieces, key, added, byte_ids,
                         "never" if not prefix else
                         "always" if legacy else "first")


def load_json(raw):
    """A converted tokenizer.json: merges instead of scores."""
    added = {entry["content"]: (entry["id"], entry["special"])
             for entry in raw["added_tokens"]}
    vocab = raw["model"]["vocab"]
    byte_ids = {b: vocab[f"<0x{b:02X}>"] for b in range(256)}
    pieces = {text: i for text, i in vocab.items()
              if i not in byte_ids.values()
              and not added.get(text, (i, False))[1]}
    ranks = {}
    for rank, pair in enumerate(raw["model"]["merges"]):
        left, right = pair.split(" ") if isinstance(pair, str) else pair
        ranks[left, right] = rank
    stages = (raw["normalizer"] or {}).get("normalizers", [raw["normalizer"]])
    prefix = "always" if any(s and s["type"] == "Prepend" for s in stages) \
        else "never"
    metaspace = raw["pre_tokenizer"]
    if metaspace and metaspace["type"] == "Metaspace":
        prefix = metaspace["prepend_scheme"]
    return SentencePiece(pieces, lambda *pair: ranks.get(pair), added,
                         byte_ids, prefix)
