"""Gives a tokenizer.json the pre-tokenizer of Falcon 7B.

    python3 falcon_stages.py TOKENIZER.json
"""

import json
import sys

STAGES = [
    {"type": "Punctuation", "behavior": "Contiguous"},
    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
     "use_regex": True},
    {"type": "Digits", "individual_digits": False},
    {"type": "Split", "pattern": {"Regex": "[0-9][0-9][0-9]"},
     "behavior": "Isolated", "invert": False}]

with open(sys.argv[1], encoding="utf-8") as file:
    tokenizer = json.load(file)
tokenizer["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": STAGES}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(tokenizer, file)
