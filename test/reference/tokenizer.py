"""A BPE tokenizer: the oracle of token ids.

    python3 tokenizer.py --tokenizer PATH (--texts FILE | --chats FILE)
        [--special recognise|text]

PATH is a tokenizer.json (Llama-3 style, or converted from SentencePiece) or a
tokenizer.model (of tiktoken or SentencePiece). FILE has one JSON value per line. For --texts a string, or {"hex": "..."} for raw
bytes. For --chats a list of {"role": ..., "content": ...}, which becomes the
prompt of the 2B4T template with its BOS. Prints the ids of each line, separated
by spaces; texts get no BOS. Ill-formed UTF-8 counts as U+FFFD for each maximal
subpart.
"""

import argparse
import base64
import json
import sys
import unicodedata

import pieces
import sentencepiece
import splits

def llama3_specials(first):
    """The published names of the 256 special tokens -> ids."""
    names = ["<|begin_of_text|>", "<|end_of_text|>"]
    reserved = iter(range(256))
    names += [f"<|reserved_special_token_{next(reserved)}|>" for _ in range(4)]
    names += ["<|start_header_id|>", "<|end_header_id|>"]
    names += [f"<|reserved_special_token_{next(reserved)}|>", "<|eot_id|>"]
    while len(names) < 256:
        names.append(f"<|reserved_special_token_{next(reserved)}|>")
    return {name: first + i for i, name in enumerate(names)}


def llama3_split(text):
    return [piece.encode("utf-8") for piece in pieces.split(text)]


class Tokenizer:
    """vocabulary: bytes -> id. rank: (left, right) of bytes -> number or None,
    the lowest is merged first. added: text -> (id, special). split: text -> the
    bytes of its pieces. form: the normal form of Unicode that text is put
    into."""

    def __init__(self, vocabulary, rank, added, whole_pieces,
                 split=llama3_split, form=None):
        self.vocabulary = vocabulary
        self.rank = rank
        self.added = added
        self.whole_pieces = whole_pieces
        self.split = split
        self.form = form
        self.known = {}

    def piece(self, data):
        """bytes of a piece -> ids"""
        if self.whole_pieces and data in self.vocabulary:
            return [self.vocabulary[data]]
        if data not in self.known:
            self.known[data] = self.merge([data[i:i + 1]
                                           for i in range(len(data))])
        return self.known[data]

    def merge(self, parts):
        while True:
            ranks = [self.rank(*pair) for pair in zip(parts, parts[1:])]
            best = min((r for r in ranks if r is not None), default=None)
            if best is None:
                return [self.vocabulary[part] for part in parts]
            i = ranks.index(best)
            parts[i:i + 2] = [parts[i] + parts[i + 1]]

    def plain(self, text):
        if self.form:
            text = unicodedata.normalize(self.form, text)
        return [token for piece in self.split(text)
                for token in self.piece(piece)]

    def cut(self, text, recognise):
        """Added tokens, leftmost and longest -> strings and ids."""
        names = sorted((name for name, (_, special) in self.added.items()
                        if recognise or not special), key=len, reverse=True)
        initials = {name[0] for name in names}
        start = i = 0
        while i < len(text):
            name = next((n for n in names if text.startswith(n, i)), None) \
                if text[i] in initials else None
            if name is None:
                i += 1
                continue
            yield text[start:i]
            yield self.added[name][0]
            start = i = i + len(name)
        yield text[start:]

    def encode(self, text, recognise=False):
        ids = []
        for part in self.cut(text, recognise):
            ids += [part] if isinstance(part, int) else self.plain(part)
        return ids

    def chat(self, messages):
        """The prompt of a conversation as the 2B4T template writes it, one BOS
        in front. Spellings of special tokens in a content stay text."""
        def special(name):
            return self.added[name][0]

        ids = [special("<|begin_of_text|>")]
        for message in messages:
            text = message["role"].capitalize() + ": " \
                + message["content"].strip()
            ids += self.encode(text) + [special("<|eot_id|>")]
        return ids + self.encode("Assistant: ")


def load_json(path):
    with open(path, encoding="utf-8") as file:
        raw = json.load(file)
    if raw["model"].get("byte_fallback"):
        return sentencepiece.load_json(raw)
    form = (raw["normalizer"] or {}).get("type")
    if form not in (None, "NFC"):
        raise ValueError("the normalizer is not supported")

    def to_bytes(token):
        return bytes(splits.ALPHABET[c] for c in token)

    added = {}
    for entry in raw["added_tokens"]:
        if any(entry[flag] for flag in
               ("single_word", "lstrip", "rstrip", "normalized")):
            raise ValueError("flags of added tokens are not of this family")
        added[entry["content"]] = (entry["id"], entry["special"])
    model = raw["model"]
    vocabulary = {to_bytes(token): i for token, i in model["vocab"].items()
                  if token not in added}
    ranks = {}
    for rank, pair in enumerate(model["merges"]):
        left, right = pair.split(" ") if isinstance(pair, str) else pair
        ranks[to_bytes(left), to_bytes(right)] = rank
    return Tokenizer(vocabulary, lambda *pair: ranks.get(pair), added,
                     model.get("ignore_merges", False),
                     splits.splitter(raw["pre_tokenizer"]), form)


def load_tiktoken(path):
    vocabulary = {}
    with open(path, "rb") as file:
        for line in file:
            if line.strip():
                token, rank = line.split()
                vocabulary[base64.b64decode(token)] = int(rank)
    added = {name: (i, True)
             for name, i in llama3_specials(len(vocabulary)).items()}
    return Tokenizer(vocabulary,
                     lambda left, right: vocabulary.get(left + right), added,
                     whole_pieces=True)


def load(path):
    if path.endswith(".json"):
        return load_json(path)
    with open(path, "rb") as file:
        is_protobuf = file.read(1) == b"\n"
    return sentencepiece.load_model(path) if is_protobuf \
        else load_tiktoken(path)


def as_text(value):
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"]).decode("utf-8", errors="replace")
    # JSON can spell lone surrogates; as UTF-8 they would be ill-formed.
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tokenizer", required=True, metavar="PATH")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--texts", metavar="FILE")
    group.add_argument("--chats", metavar="FILE")
    parser.add_argument("--special", choices=["recognise", "text"],
                        default="text")
    options = parser.parse_args()
    tokenizer = load(options.tokenizer)
    with open(options.texts or options.chats, encoding="utf-8") as file:
        for line in file:
            value = json.loads(line)
            ids = tokenizer.chat(value) if options.chats else \
                tokenizer.encode(as_text(value),
                                 options.special == "recognise")
            print(*ids)


if __name__ == "__main__":
    sys.exit(main())
