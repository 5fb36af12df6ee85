"""Measures a checkpoint of the sample.

    python3 measure.py CHECKPOINT [--program PROGRAM] [--master DIRECTORY]

prints, by the NumPy reference on the held-out conversations,
- per layer the share of zeros among the relu^2 activations,
- per matrix how many weights are -1, 0 and 1, and its scale,
and the perplexity of heldout.txt for the reference, for the emitted program
and, given the bfloat16 master that train.py wrote, for PyTorch. Fails when
perplexities differ by 0.1 % or more.
"""

import argparse
import json
import math
import os
import subprocess
import sys

import numpy as np

import dialogue
from oracle import reference


WINDOW = 96  # tokens of context, as in training
TEXT = os.path.join(dialogue.HERE, "heldout.txt")


class Observed(reference.Model):
    """Counts what relu cuts off, by the name of the gate's matrix."""

    def __init__(self, directory):
        super().__init__(directory)
        self.zeros = {}

    def linear(self, quantized, name, rows):
        y = super().linear(quantized, name, rows)
        if name.endswith("gate_proj"):
            zeros, total = self.zeros.get(name, (0, 0))
            self.zeros[name] = zeros + int((y <= 0).sum()), total + y.size
        return y


def print_zeros(checkpoint, encoder):
    model = Observed(checkpoint)
    turns = dialogue.read_turns(os.path.join(dialogue.HERE, "heldout.jsonl"))
    for conversation in turns:
        ids, _ = encoder.conversation(conversation)
        model.forward(ids, reference.Session(model))
    print("zeros among relu^2 activations, held-out conversations")
    for layer, (zeros, total) in enumerate(model.zeros.values()):
        print(f"  layer {layer} {zeros / total:.2%}")


def matrices(config):
    """(name, rows) of all ternary matrices."""
    kv = config.kv_heads * config.head_dim
    for layer in range(config.layers):
        for name, rows in (
                ("self_attn.q_proj", config.heads * config.head_dim),
                ("self_attn.k_proj", kv), ("self_attn.v_proj", kv),
                ("self_attn.o_proj", config.hidden),
                ("mlp.gate_proj", config.ffn), ("mlp.up_proj", config.ffn),
                ("mlp.down_proj", config.hidden)):
            yield f"model.layers.{layer}.{name}", rows


def print_histograms(checkpoint):
    stored = reference.open_checkpoint(checkpoint)
    print("weights that are -1, 0, 1, and the scale")
    total = np.zeros(3, np.int64)
    for name, rows in matrices(stored.config):
        ternary, scale = stored.ternary(name, rows)
        counts = np.bincount(ternary.ravel() + 1, minlength=3)
        total += counts
        shares = " ".join(f"{share:.2%}" for share in counts / ternary.size)
        print(f"  {name} {shares} {scale:.4g}")
    shares = " ".join(f"{share:.2%}" for share in total / total.sum())
    print(f"  all {total.sum()} {shares}")


def perplexity(encoder, logits_of):
    """exp(mean surprise) over windows that do not overlap; each begins with
    <|begin_of_text|>, and every later token is predicted. Special tokens in
    the text are text."""
    with open(TEXT, encoding="utf-8") as file:
        ids = encoder.tokenizer.encode(file.read())
    surprise = count = 0
    for start in range(0, len(ids), WINDOW - 1):
        window = [encoder.begin] + ids[start:start + WINDOW - 1]
        logits = logits_of(window).astype(np.float64)
        best = logits.max(axis=1)
        total = best + np.log(np.exp(logits - best[:, None]).sum(axis=1))
        chosen = logits[np.arange(len(window) - 1), window[1:]]
        surprise += float((total[:-1] - chosen).sum())
        count += len(chosen)
    return math.exp(surprise / count)


def reference_perplexity(checkpoint, encoder, head="int8"):
    model = reference.Model(checkpoint, head=head)
    return perplexity(encoder, lambda ids: model.forward(
        ids, reference.Session(model)))


def torch_perplexity(master, encoder):
    import torch
    import network
    import export
    model = network.Network(network.Shape())
    export.read_master(master, model)

    def logits_of(ids):
        count = len(ids)
        batch = network.Batch(
            torch.tensor([ids]), torch.arange(count)[None],
            torch.zeros(1, count, dtype=torch.int64), model.shape)
        with torch.no_grad():
            return model(batch, torch.arange(count)).numpy()
    return perplexity(encoder, logits_of)


def program_perplexity(program):
    result = subprocess.run(
        [os.path.abspath(program), "perplexity", TEXT, "-c", str(WINDOW),
         "--json"], check=True, stdout=subprocess.PIPE, text=True)
    return float(json.loads(result.stdout)["perplexity"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("--program", metavar="PROGRAM")
    parser.add_argument("--master", metavar="DIRECTORY")
    options = parser.parse_args()
    encoder = dialogue.Encoder(options.checkpoint)
    print_zeros(options.checkpoint, encoder)
    print_histograms(options.checkpoint)
    values = {"reference": reference_perplexity(options.checkpoint, encoder)}
    if options.program:
        values["program"] = program_perplexity(options.program)
    if options.master:
        values["PyTorch"] = torch_perplexity(options.master, encoder)
    print(f"perplexity of {os.path.basename(TEXT)}")
    for name, value in values.items():
        print(f"  {name} {value:.6f}")
    spread = max(values.values()) / min(values.values()) - 1
    print(f"  largest difference {spread:.4%}")
    return 0 if spread < 0.001 else 1


if __name__ == "__main__":
    sys.exit(main())
