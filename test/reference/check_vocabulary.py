"""Checks the promises of a tokenizer.json of the Llama-3 kind.

    python3 check_vocabulary.py CHECKPOINT

Every byte is a token; both parts of a merge and its result are tokens; merges
agree with a rank list, so that a tokenizer that looks up ranks of
concatenations gives the same ids; ids are dense; special tokens follow in the
published order; config.json names the right ones. Prints the counts.
"""

import json
import os
import sys

import splits
import tokenizer


def check(condition, what):
    if not condition:
        sys.exit(f"check_vocabulary: {what}")


def main(directory):
    def read(name):
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            return json.load(file)

    raw, config = read("tokenizer.json"), read("config.json")
    vocabulary, merges = raw["model"]["vocab"], raw["model"]["merges"]
    specials = {t["content"]: t["id"] for t in raw["added_tokens"]}

    check(all(c in vocabulary for c in splits.ALPHABET),
          "a byte is missing")
    ranks = []
    for merge in merges:
        left, right = merge.split(" ")
        check(left in vocabulary and right in vocabulary, f"part of {merge}")
        check(left + right in vocabulary, f"result of {merge}")
        ranks.append(vocabulary[left + right])
    check(len(set(merges)) == len(merges), "a merge is there twice")
    check(ranks == sorted(ranks), "merges do not follow the ids of results")
    check(set(ranks) == set(range(256, len(vocabulary))),
          "a token that no merge makes")
    check(sorted([*vocabulary.values(), *specials.values()]) ==
          list(range(config["vocab_size"])), "ids are not dense")
    published = tokenizer.llama3_specials(len(vocabulary))
    check(all(published[name] == i for name, i in specials.items()),
          "special tokens are not in the published order")
    check(config["bos_token_id"] == specials["<|begin_of_text|>"], "bos")
    check(config["eos_token_id"] == specials["<|end_of_text|>"], "eos")
    check(specials["<|eot_id|>"] in
          read("generation_config.json")["eos_token_id"], "end of turn")
    print(f"{len(vocabulary)} tokens, {len(merges)} merges, "
          f"{len(specials)} special tokens")


if __name__ == "__main__":
    main(sys.argv[1])
