"""Rewrites the table of embeddings of a GGUF file, Q6_K or Q8_0, with any
integers, scales and steps: of either sign, none at all, the smallest and the
largest."""

import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "reference"))
from gguf import GgufFile  # noqa: E402

# Type: elements and bytes of a block, where its scales and its step are.
KINDS = {8: (32, 34, slice(0, 0), slice(0, 2)),
         14: (256, 210, slice(192, 208), slice(208, 210))}


def rewrite(path):
    (rows, columns), kind, begin = GgufFile(path).tensors["token_embd.weight"]
    elements, size, scales, step = KINDS[kind]
    count = columns // elements
    blocks = np.memmap(path, np.uint8, "r+", offset=begin,
                       shape=(rows, count, size))
    random = np.random.default_rng(kind)
    blocks[:] = random.integers(0, 256, blocks.shape, np.uint8)
    # Values of about one, whatever the scales.
    usual = 1e-3 if scales.stop else 1e-2
    steps = (random.normal(0, usual, (rows, count))).astype(np.float16)
    steps[1] = 0
    steps[2] = -steps[1]
    steps[3] = np.float16(2.0 ** -24)
    steps[4] = np.float16(-65504)
    blocks[5, :, :scales.start] = 0
    blocks[6, :, scales] = 128  # -128
    blocks[7, :, scales] = 0
    blocks[:, :, step] = steps[:, :, None].view(np.uint8)
    blocks.flush()


if __name__ == "__main__":
    rewrite(sys.argv[1])
