"""A BitNet b1.58 checkpoint of the 2B4T family: its numbers and matrices."""

import json
import os
from dataclasses import dataclass

import numpy as np

from safetensors import TensorDirectory, round_bf16


@dataclass
class Config:
    vocab: int
    hidden: int
    ffn: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    context: int
    eps: float
    theta: float


def read_config(directory):
    with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
        raw = json.load(file)
    if raw["hidden_act"] != "relu2":
        raise ValueError(f"hidden_act {raw['hidden_act']} is not of this family")
    linear = raw.get("quantization_config", {}).get("linear_class")
    if linear not in (None, "autobitlinear"):
        raise ValueError(f"linear_class {linear} is not of this family")
    heads = raw["num_attention_heads"]
    theta = raw.get("rope_theta")
    if theta is None:
        theta = raw["rope_parameters"]["rope_theta"]
    return Config(
        vocab=raw["vocab_size"], hidden=raw["hidden_size"],
        ffn=raw["intermediate_size"], layers=raw["num_hidden_layers"],
        heads=heads, kv_heads=raw.get("num_key_value_heads", heads),
        head_dim=raw.get("head_dim") or raw["hidden_size"] // heads,
        context=raw.get("max_position_embeddings", 2048),
        eps=raw["rms_norm_eps"], theta=float(theta))


def unpack(packed, rows):
    """Offline weights: uint8 [R, K] -> int8 [rows, K] of -1, 0, 1.

    Bits 2i and 2i+1 of byte [r, c] hold the weight of row i*R + r, plus one.
    """
    strips = [(packed >> (2 * i)) & 3 for i in range(4)]
    codes = np.concatenate(strips, axis=0)[:rows]
    if (codes == 3).any():
        raise ValueError("ternary code 3")
    return codes.astype(np.int8) - np.int8(1)


def quantize_weights(master):
    """Online weights: float32 [N, K] -> (int8 ternary, float32 scale).

    One scale for the whole matrix: s = 1 / mean|W|, the mean taken in double
    and rounded to float32; what multiplies the integer product is bf16(1/s).
    """
    mean = np.float32(np.abs(master.astype(np.float64)).mean())
    s = np.float32(1) / max(mean, np.float32(1e-5))
    ternary = np.clip(np.rint(master * s), -1, 1).astype(np.int8)
    return ternary, round_bf16(np.float32(1) / s)


class Checkpoint:
    def __init__(self, directory):
        self.config = read_config(directory)
        self.tensors = TensorDirectory(directory)

    def floats(self, name):
        """An unquantized tensor as float32, exact."""
        return self.tensors.tensor(name).astype(np.float32)

    def ternary(self, name, rows):
        """(int8 [rows, K], float32 factor) of the linear layer `name`."""
        weight = name + ".weight"
        if self.tensors.dtype(weight) == "U8":
            scale = self.tensors.tensor(name + ".weight_scale")
            return (unpack(self.tensors.tensor(weight), rows),
                    np.float32(scale.reshape(())))
        ternary, scale = quantize_weights(self.floats(weight))
        return ternary, np.float32(scale)
