"""A BitNet b1.58 checkpoint of any family: its numbers and matrices."""

import json
import os
from dataclasses import dataclass

import numpy as np

from safetensors import TensorDirectory, round_to


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
    activation: str  # relu2, silu, gelu_pytorch_tanh
    sub_norms: tuple  # of (attention, ffn), without ".weight"; or ()
    tied: bool
    divides: bool  # a stored weight_scale divides the product
    keeps_ternary: bool  # float matrices of -a, 0, a have the scale a
    embeds: bool  # norms in front of projections and over heads; vectors
    gemma: bool  # norms of 1 + w, also behind each half; a scaled embedding
    score_scale: float
    prefix: str  # of the names of all tensors


# Class in "architectures": sub-norms, default of rope_theta and hidden_act.
FAMILIES = {
    "BitNetForCausalLM": (("self_attn.attn_sub_norm", "mlp.ffn_sub_norm"),
                          500000.0, "relu2"),
    "BitnetForCausalLM": (("self_attn.inner_attn_ln", "mlp.ffn_layernorm"),
                          10000.0, "silu"),
    "LlamaForCausalLM": ((), 10000.0, "silu"),
    "Qwen3Model": ((), 10000.0, "silu"),
    "Gemma3TextModel": ((), 1000000.0, "gelu_pytorch_tanh"),
}


def read_config(directory):
    with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
        raw = json.load(file)
    architecture = raw["architectures"][0]
    sub_norms, theta, activation = FAMILIES[architecture]
    embeds = architecture in ("Qwen3Model", "Gemma3TextModel")
    quantization = raw.get("quantization_config")
    linear = (quantization or {}).get("linear_class", "bitlinear")
    heads = raw["num_attention_heads"]
    if "rope_theta" in raw:
        theta = raw["rope_theta"]
    elif "rope_parameters" in raw:
        theta = raw["rope_parameters"]["rope_theta"]
    head_dim = raw.get("head_dim") or raw["hidden_size"] // heads
    return Config(
        vocab=raw["vocab_size"], hidden=raw["hidden_size"],
        ffn=raw["intermediate_size"], layers=raw["num_hidden_layers"],
        heads=heads, kv_heads=raw.get("num_key_value_heads") or heads,
        head_dim=head_dim,
        context=raw.get("max_position_embeddings", 2048),
        eps=raw["rms_norm_eps"], theta=float(theta),
        activation=raw.get("hidden_activation",
                           raw.get("hidden_act", activation)),
        sub_norms=sub_norms, tied=raw.get("tie_word_embeddings", False),
        embeds=embeds, gemma=architecture == "Gemma3TextModel",
        score_scale=raw.get("query_pre_attn_scalar", head_dim) ** -0.5,
        prefix="" if embeds else "model.",
        divides=quantization is not None and linear == "bitlinear",
        keeps_ternary=quantization is None and "weight_bits" not in raw
        and not embeds)


def unpack(packed, rows):
    """Offline weights: uint8 [R, K] -> int8 [rows, K] of -1, 0, 1.

    Bits 2i and 2i+1 of byte [r, c] hold the weight of row i*R + r, plus one.
    """
    strips = [(packed >> (2 * i)) & 3 for i in range(4)]
    codes = np.concatenate(strips, axis=0)[:rows]
    if (codes == 3).any():
        raise ValueError("ternary code 3")
    return codes.astype(np.int8) - np.int8(1)


def quantize_weights(master, dtype="BF16", keeps_ternary=False):
    """Online weights: float32 [N, K] -> (int8 ternary, float32 scale).

    One scale for the whole matrix: s = 1 / mean|W|, the mean taken in double
    and rounded to float32; what multiplies the integer product is 1/s, rounded
    to the type of the weights. A matrix of -a, 0 and a may keep a.
    """
    sizes = np.abs(master)
    mean = np.float32(sizes.astype(np.float64).mean())
    if keeps_ternary and len(np.unique(sizes[sizes > 0])) == 1:
        mean = sizes.max()
    s = np.float32(1) / max(mean, np.float32(1e-5))
    ternary = np.clip(np.rint(master * s), -1, 1).astype(np.int8)
    return ternary, round_to(dtype, np.float32(1) / s)


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
            scale = np.float32(scale.reshape(()))
            if self.config.divides:
                scale = np.float32(1) / scale
            return unpack(self.tensors.tensor(weight), rows), scale
        ternary, scale = quantize_weights(
            self.floats(weight), self.tensors.dtype(weight),
            self.config.keeps_ternary)
        return ternary, np.float32(scale)
