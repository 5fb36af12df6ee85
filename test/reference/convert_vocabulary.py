"""Rewrites a tokenizer.json with the vocabulary of a tiktoken rank list.

    python3 convert_vocabulary.py RANKS.model TEMPLATE.json OUTPUT.json

As the published Llama-3 files were made: a merge for every split of a token
into two tokens, by rank of the result, then of the parts. TEMPLATE gives
everything but tokens, merges and the ids of special tokens.
"""

import json
import sys

import splits
import tokenizer


def merges_of(vocabulary):
    """bytes -> id of all tokens; yields (left, right)."""
    for token in sorted(vocabulary, key=vocabulary.get):
        splits = [(token[:i], token[i:]) for i in range(1, len(token))]
        known = [pair for pair in splits
                 if pair[0] in vocabulary and pair[1] in vocabulary]
        yield from sorted(known, key=lambda p: [vocabulary[t] for t in p])


def main(ranks, template, output):
    source = tokenizer.load(ranks)
    character = {b: c for c, b in splits.ALPHABET.items()}

    def spell(token):
        return "".join(character[b] for b in token)

    with open(template, encoding="utf-8") as file:
        raw = json.load(file)
    flags = raw["added_tokens"][0]
    raw["added_tokens"] = [{**flags, "id": i, "content": name}
                           for name, (i, _) in source.added.items()]
    raw["model"]["vocab"] = {spell(t): i for t, i in source.vocabulary.items()}
    raw["model"]["merges"] = [f"{spell(left)} {spell(right)}" for left, right
                              in merges_of(source.vocabulary)]
    with open(output, "w", encoding="utf-8") as file:
        json.dump(raw, file, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
