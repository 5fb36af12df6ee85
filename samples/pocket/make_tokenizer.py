"""Trains the sample's tokenizer: byte-level BPE with the Llama-3 pre-tokenizer.

    python3 make_tokenizer.py DIRECTORY [--vocabulary N]

writes tokenizer.json, tokenizer_config.json and special_tokens_map.json as the
2B4T checkpoint has them. The text comes from world.py.
"""

import argparse
import collections
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "test", "reference"))

import pieces  # noqa: E402
import world  # noqa: E402
from tokenizer import (LLAMA3_PATTERN, byte_alphabet,  # noqa: E402
                       llama3_specials)

SPECIALS = 10  # up to and with <|eot_id|>
CONVERSATIONS = 40000
FACT_WEIGHT = 40  # each fact's answer counts so often, besides

CHAT_TEMPLATE = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = message['role'] | capitalize + ': ' + "
    "message['content'] | trim + '<|eot_id|>' %}{{ content }}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant: ' }}{% endif %}")


def count_pieces():
    """Counter of the pieces, as tuples of characters of the byte alphabet."""
    to_character = {byte: c for c, byte in byte_alphabet().items()}
    texts = collections.Counter()
    for _, conversation in zip(range(CONVERSATIONS), world.training(0)):
        for user, assistant in conversation:
            texts["User: " + user] += 1
            texts["Assistant: "] += 1
            texts[assistant] += 1
    for kind, table in world.FACTS.items():
        for fields in table:
            texts[world.phrasings.KINDS[kind][0].format(**fields)] += \
                FACT_WEIGHT
    counts = collections.Counter()
    for text, count in texts.items():
        for piece in pieces.split(text):
            data = piece.encode("utf-8")
            counts[tuple(to_character[byte] for byte in data)] += count
    return counts


def merge(parts, pair):
    """All occurrences of the pair in a piece, leftmost first."""
    result, i = [], 0
    while i < len(parts):
        if parts[i:i + 2] == pair:
            result.append(pair[0] + pair[1])
            i += 2
        else:
            result.append(parts[i])
            i += 1
    return tuple(result)


def train(counts, merge_count):
    """-> the merges, most frequent pair first; ties by spelling."""
    merges, words = [], dict(counts)
    while len(merges) < merge_count:
        pairs = collections.Counter()
        for parts, count in words.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        if not pairs:
            raise ValueError("the text has too few pieces")
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        merged = collections.Counter()
        for parts, count in words.items():
            merged[merge(parts, best) if best[0] in parts else parts] += count
        words = merged
    return merges


def tokenizer_json(merges):
    vocabulary = {c: i for i, c in enumerate(byte_alphabet())}
    for left, right in merges:
        vocabulary[left + right] = len(vocabulary)
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"),
                          False)
    specials = [{"id": i, "content": name, **flags, "special": True}
                for name, i in list(llama3_specials(len(vocabulary)).items())
                [:SPECIALS]]
    begin = specials[0]["content"]
    byte_level = {"type": "ByteLevel", "add_prefix_space": True,
                  "trim_offsets": False, "use_regex": True}
    single = [{"SpecialToken": {"id": begin, "type_id": 0}},
              {"Sequence": {"id": "A", "type_id": 0}}]
    pair = single + [{"SpecialToken": {"id": begin, "type_id": 1}},
                     {"Sequence": {"id": "B", "type_id": 1}}]
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": specials, "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": LLAMA3_PATTERN},
             "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False,
             "trim_offsets": True, "use_regex": False}]},
        "post_processor": {"type": "Sequence", "processors": [
            byte_level,
            {"type": "TemplateProcessing", "single": single, "pair": pair,
             "special_tokens": {begin: {
                 "id": begin, "ids": [specials[0]["id"]],
                 "tokens": [begin]}}}]},
        "decoder": {**byte_level, "trim_offsets": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None,
                  "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False,
                  "byte_fallback": False, "ignore_merges": True,
                  "vocab": vocabulary,
                  "merges": [" ".join(pair) for pair in merges]}}


def write(path, value, **style):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, **style)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory")
    parser.add_argument("--vocabulary", type=int, default=1280, metavar="N",
                        help="tokens, with the special ones")
    options = parser.parse_args()
    merges = train(count_pieces(), options.vocabulary - 256 - SPECIALS)
    model = tokenizer_json(merges)
    os.makedirs(options.directory, exist_ok=True)

    def path(name):
        return os.path.join(options.directory, name)

    write(path("tokenizer.json"), model)
    begin, end_of_turn = "<|begin_of_text|>", "<|eot_id|>"
    write(path("special_tokens_map.json"),
          {"bos_token": begin, "eos_token": end_of_turn}, indent=2)
    write(path("tokenizer_config.json"), {
        "added_tokens_decoder": {
            str(entry["id"]): {key: entry[key] for key in (
                "content", "lstrip", "normalized", "rstrip", "single_word",
                "special")} for entry in model["added_tokens"]},
        "bos_token": begin, "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": True, "eos_token": end_of_turn,
        "model_input_names": ["input_ids", "attention_mask"],
        "model_max_length": 512,
        "tokenizer_class": "PreTrainedTokenizerFast"}, indent=2)


if __name__ == "__main__":
    sys.exit(main())
