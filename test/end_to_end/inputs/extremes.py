"""Rewrites a packed checkpoint so that every integer product is as large as its
width allows: activations quantize to 127 with signs that alternate, and each
row of a matrix has exactly these signs, or their opposites."""

import os
import sys

import numpy as np

from safetensors import SafetensorsFile, round_bf16
from small_checkpoint import Matrices


def _bf16(values):
    bits = round_bf16(np.asarray(values, np.float32)).view(np.uint32)
    return (bits >> 16).astype(np.uint16)


def _contents(name, shape):
    """The new elements of a stored tensor, or None to keep it."""
    signs = np.where(np.arange(shape[-1]) % 2, -1, 1)
    if name == "model.embed_tokens.weight":
        # Alternating signs; rows differ in size.
        return _bf16(np.linspace(1, 2, shape[0])[:, None] * signs)
    if name.endswith("norm.weight"):
        # The network's inner activations are positive: give them signs.
        return _bf16(signs if "ffn_sub_norm" in name else np.ones(shape))
    if not name.endswith("proj.weight"):
        return None
    # Heads' outputs are positive, gate and up too; the residual alternates.
    rows = np.arange(4 * shape[0])
    flips = np.where(rows % 2, -1, 1) if "o_proj" in name or \
        "down_proj" in name else np.ones_like(rows)
    columns = np.ones_like(signs) if "o_proj" in name else signs
    return Matrices.pack(flips[:, None] * columns)


def rewrite(checkpoint):
    """All row counts must be multiples of four."""
    path = os.path.join(checkpoint, "model.safetensors")
    file = SafetensorsFile(path)
    data = np.memmap(path, np.uint8, "r+", offset=file.data.offset)
    for name, entry in file.entries.items():
        new = _contents(name, entry["shape"])
        if new is not None:
            begin, end = entry["data_offsets"]
            data[begin:end] = np.frombuffer(new.tobytes(), np.uint8)
    data.flush()


if __name__ == "__main__":
    rewrite(sys.argv[1])
