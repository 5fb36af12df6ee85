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
    local_theta: float  # of layers with a window
    windows: tuple  # by layer: how many tokens a token sees, or None: all
    activation: str  # relu2, silu, gelu_pytorch_tanh
    sub_norms: tuple  # of (attention, ffn), without ".weight"; or ()
    tied: bool
    divides: bool  # a stored weight_scale divides the product
    keeps_ternary: bool  # float matrices of -a, 0, a have the scale a
    embeds: bool  # vectors instead of logits
    gemma: bool  # norms of 1 + w, also behind each half; a scaled embedding
    score_scale: float
    prefix: str  # of the names of all tensors
    projection_norm: str = ""  # "norm", "rms_norm": in front of projections
    projection_eps: float = 0.0  # of such norms
    head_norms: bool = False  # q_norm and k_norm
    biased: tuple = ()  # projections with a bias, such as self_attn.q_proj


# Class in "architectures": sub-norms, default of rope_theta and hidden_act.
FAMILIES = {
    "BitNetForCausalLM": (("self_attn.attn_sub_norm", "mlp.ffn_sub_norm"),
                          500000.0, "relu2"),
    "BitnetForCausalLM": (("self_attn.inner_attn_ln", "mlp.ffn_layernorm"),
                          10000.0, "silu"),
    "LlamaForCausalLM": ((), 10000.0, "silu"),
    "Qwen2ForCausalLM": ((), 10000.0, "silu"),
    "Qwen3Model": ((), 10000.0, "silu"),
    "Gemma3TextModel": ((), 1000000.0, "gelu_pytorch_tanh"),
}


def read_windows(raw, gemma):
    """How many tokens a token sees, by layer; None: all before it."""
    count = raw["num_hidden_layers"]
    window = raw.get("sliding_window", 4096)
    if "layer_types" in raw:
        local = [name == "sliding_attention" for name in raw["layer_types"]]
    elif gemma:
        pattern = raw.get("sliding_window_pattern", 6)
        local = [(i + 1) % pattern != 0 for i in range(count)]
    else:
        first = raw.get("max_window_layers", 28)
        local = [raw.get("use_sliding_window", False) and i >= first
                 for i in range(count)]
    return tuple(window if is_local else None for is_local in local)


def read_config(directory):
    with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
        raw = json.load(file)
    architecture = raw["architectures"][0]
    sub_norms, theta, activation = FAMILIES[architecture]
    embeds = architecture in ("Qwen3Model", "Gemma3TextModel")
    quantization = raw.get("quantization_config")
    linear = (quantization or {}).get("linear_class", "bitlinear")
    heads = raw["num_attention_heads"]
    gemma = architecture == "Gemma3TextModel"
    local_theta = raw.get("rope_local_base_freq", 10000.0)
    rope = raw.get("rope_parameters", {})
    if "full_attention" in rope:  # an object per kind of layer
        local_theta = rope["sliding_attention"]["rope_theta"]
        rope = rope["full_attention"]
    theta = raw.get("rope_theta", rope.get("rope_theta", theta))
    head_dim = raw.get("head_dim") or raw["hidden_size"] // heads
    return Config(
        vocab=raw["vocab_size"], hidden=raw["hidden_size"],
        ffn=raw["intermediate_size"], layers=raw["num_hidden_layers"],
        heads=heads, kv_heads=raw.get("num_key_value_heads") or heads,
        head_dim=head_dim,
        context=raw.get("max_position_embeddings", 2048),
        eps=raw["rms_norm_eps"], theta=float(theta),
        local_theta=float(local_theta if gemma else theta),
        windows=read_windows(raw, gemma),
        activation=raw.get("hidden_activation",
                           raw.get("hidden_act", activation)),
        sub_norms=sub_norms, tied=raw.get("tie_word_embeddings", False),
        embeds=embeds, gemma=gemma,
        score_scale=raw.get("query_pre_attn_scalar", head_dim) ** -0.5,
        prefix="" if embeds else "model.",
        divides=quantization is not None and linear == "bitlinear",
        keeps_ternary=quantization is None and "weight_bits" not in raw
        and not embeds)


PROJECTIONS = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
               "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj",
               "mlp.down_proj")


def add_optional_parts(config, has, rms_norm_eps=None):
    """What the tensors of the first layer say, by has(name); rms_norm_eps is
    that of norms which the configuration asks for."""
    layer = config.prefix + "layers.0."
    config.biased = tuple(name for name in PROJECTIONS
                          if has(f"{layer}{name}.bias"))
    config.head_norms = has(layer + "self_attn.q_norm.weight")
    if not config.sub_norms and has(layer + "self_attn.attn_sub_norm.weight"):
        config.sub_norms = ("self_attn.attn_sub_norm", "mlp.ffn_sub_norm")
    if rms_norm_eps is not None:
        config.projection_norm, config.projection_eps = "rms_norm", rms_norm_eps
    elif has(layer + "self_attn.q_proj.norm.weight"):
        config.projection_norm, config.projection_eps = "norm", config.eps


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
        with open(os.path.join(directory, "config.json"),
                  encoding="utf-8") as file:
            quantization = json.load(file).get("quantization_config") or {}
        add_optional_parts(
            self.config, self.tensors.__contains__, quantization.get(
                "rms_norm_eps", 1e-6) if quantization.get("use_rms_norm")
            else None)

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
