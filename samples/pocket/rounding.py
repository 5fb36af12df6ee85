"""What rounding costs: kinds of output head and KV cache against the exact.

    python3 rounding.py CHECKPOINT --tritc TRITC

compiles the checkpoint with each kind and prints, per kind, the bytes of
head and cache, the perplexity of heldout.txt, the share of tokens of the
held-out conversations after which another token is the likeliest than with
the exact one, and the same for tokens that begin or continue an answer.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import dialogue
from measure import program_perplexity

KINDS = [["--head=exact"], ["--head=int8"], ["--head=int6"],
         ["--head=exact", "--kv=int8"]]


def choices(program, conversations):
    """The likeliest token after each token of each conversation."""
    result = []
    for ids, _ in conversations:
        lines = subprocess.run(
            [program, "logits", "--ids", ",".join(map(str, ids))], check=True,
            stdout=subprocess.PIPE, text=True).stdout.splitlines()
        result += [int(line.split()[2]) for line in lines[:-1]]
    return np.array(result)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("--tritc", required=True)
    options = parser.parse_args()
    encoder = dialogue.Encoder(options.checkpoint)
    turns = dialogue.read_turns(os.path.join(dialogue.HERE, "heldout.jsonl"))
    conversations = [encoder.conversation(turn) for turn in turns]
    # A place whose next token belongs to an answer.
    answers = np.concatenate(
        [np.array(weights[1:] + [0.0]) > 0 for _, weights in conversations])
    expected = None
    print("| | head, cache | perplexity | other choices | in answers |")
    print("|---|---|---|---|---|")
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as directory:
            program = os.path.join(directory, "program")
            subprocess.run([options.tritc, "--selftest=none", *kind,
                            options.checkpoint, "-o", program], check=True)
            info = json.loads(subprocess.run(
                [program, "info", "--json"], check=True,
                stdout=subprocess.PIPE).stdout)
            found = choices(program, conversations)
            perplexity = program_perplexity(program)
        expected = found if expected is None else expected
        other = found != expected
        print(f"| `{' '.join(kind)}` | {info['head_bytes']}, "
              f"{info['kv_cache_bytes']} | {perplexity:.3f} "
              f"| {other.sum()} of {len(other)} ({other.mean():.2%}) "
              f"| {other[answers].sum()} of {answers.sum()} "
              f"({other[answers].mean():.2%}) |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
