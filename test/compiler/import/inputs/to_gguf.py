"""Writes a Hugging Face directory of the 2B4T family as one GGUF file.

    to_gguf.py REFERENCE DIRECTORY OUT [a|b|c]

Matrices as I2_S in the given order of codes, the rest as f32. REFERENCE is the
folder of the reference, whose reader it uses.
"""

import json
import os
import struct
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import gguf  # noqa: E402
from checkpoint import Checkpoint  # noqa: E402


def string(text):
    data = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(data)) + data


def value(item):
    if isinstance(item, str):
        return struct.pack("<I", 8) + string(item)
    if isinstance(item, float):
        return struct.pack("<If", 6, item)
    if isinstance(item, int):
        return struct.pack("<II", 4, item)
    if isinstance(item[0], str):
        return struct.pack("<IIQ", 9, 8, len(item)) + b"".join(
            map(string, item))
    return struct.pack(f"<IIQ{len(item)}i", 9, 5, len(item), *item)


def i2_s(ternary, scale, layout):
    codes = (ternary + 1).astype(np.uint8)
    groups = {"a": (-1, 4, 32), "b": (-1, 4, 16),
              "c": (len(ternary) // 4, 4, -1)}[layout]
    codes = codes.reshape(groups)
    packed = codes[:, 0] << 6 | codes[:, 1] << 4 | codes[:, 2] << 2 | codes[:, 3]
    return packed.tobytes() + struct.pack("<f28x", scale)


def keys(directory, config):
    with open(os.path.join(directory, "tokenizer.json"),
              encoding="utf-8") as file:
        tokenizer = json.load(file)
    names = {number: text for text, number in
             tokenizer["model"]["vocab"].items()}
    types = dict.fromkeys(names, 1)
    for token in tokenizer["added_tokens"]:
        names[token["id"]], types[token["id"]] = token["content"], 3
    merges = [merge if isinstance(merge, str) else " ".join(merge)
              for merge in tokenizer["model"]["merges"]]
    with open(os.path.join(directory, "config.json"),
              encoding="utf-8") as file:
        raw = json.load(file)
    prefix = "bitnet-b1.58."
    return {
        "general.architecture": "bitnet-b1.58",
        prefix + "context_length": config.context,
        prefix + "embedding_length": config.hidden,
        prefix + "block_count": config.layers,
        prefix + "feed_forward_length": config.ffn,
        prefix + "attention.head_count": config.heads,
        prefix + "attention.head_count_kv": config.kv_heads,
        prefix + "attention.layer_norm_rms_epsilon": config.eps,
        prefix + "rope.freq_base": config.theta,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": [names[i] for i in range(len(names))],
        "tokenizer.ggml.token_type": [types[i] for i in range(len(names))],
        "tokenizer.ggml.merges": merges,
        "tokenizer.ggml.bos_token_id": raw["bos_token_id"],
        "tokenizer.ggml.eos_token_id": raw["eos_token_id"]}


def tensors(checkpoint, layout):
    """-> name, shape, type, bytes"""
    config = checkpoint.config
    rows = {"q_proj": config.heads * config.head_dim,
            "k_proj": config.kv_heads * config.head_dim,
            "v_proj": config.kv_heads * config.head_dim,
            "o_proj": config.hidden, "gate_proj": config.ffn,
            "up_proj": config.ffn, "down_proj": config.hidden}
    names = ["model.embed_tokens", "model.norm"] + [
        f"model.layers.{i}.{part}" for i in range(config.layers)
        for part in gguf.LAYER_NAMES]
    for name in names:
        if name + ".weight" not in checkpoint.tensors.owner:
            continue
        stored = gguf.stored_name(name) + ".weight"
        part = name.split(".")[-1]
        if part in rows:
            ternary, scale = checkpoint.ternary(name, rows[part])
            yield stored, ternary.shape, 36, i2_s(ternary, scale, layout)
        else:
            floats = checkpoint.floats(name + ".weight")
            yield stored, floats.shape, 0, floats.tobytes()


def main():
    directory, out = sys.argv[2:4]
    layout = sys.argv[4] if len(sys.argv) > 4 else "a"
    checkpoint = Checkpoint(directory)
    metadata = keys(directory, checkpoint.config)
    head, data, count = b"", b"", 0
    for key, item in metadata.items():
        head += string(key) + value(item)
    for name, shape, kind, raw in tensors(checkpoint, layout):
        head += string(name) + struct.pack(
            f"<I{len(shape)}QIQ", len(shape), *reversed(shape), kind, len(data))
        data += raw + bytes(-len(raw) % 32)
        count += 1
    head = b"GGUF" + struct.pack("<IQQ", 3, count, len(metadata)) + head
    with open(out, "wb") as file:
        file.write(head + bytes(-len(head) % 32) + data)


if __name__ == "__main__":
    main()
