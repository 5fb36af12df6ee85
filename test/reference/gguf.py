"""Reads GGUF files: metadata, tensors, and every ternary encoding.

Written from the descriptions of the formats, with whole arrays at a time.
"""

import glob
import os
import re
import struct

import numpy as np

from checkpoint import Checkpoint, Config, add_optional_parts
from gguf_encodings import FLOATS, MATRICES

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?",
            10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9

# How a file calls tensors, and what the model calls them.
LAYER_NAMES = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "self_attn.attn_sub_norm": "attn_sub_norm",
    "mlp.ffn_sub_norm": "ffn_sub_norm"}
_PROJECTIONS = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
                "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
                "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
                "mlp.down_proj": "ffn_down"}
LAYER_NAMES.update(_PROJECTIONS)
LAYER_NAMES.update({ours + ".norm": theirs + "_norm_in"
                     for ours, theirs in _PROJECTIONS.items()})
# Gemma's second norm is behind the attention.
_GEMMA_NAMES = LAYER_NAMES | {
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm"}
_NAMES = {"model.embed_tokens": "token_embd", "model.norm": "output_norm",
          "lm_head": "output"}

# Activation, sub-norms, tied whatever the file has, permuted heads.
_ARCHITECTURES = {
    "bitnet-b1.58": ("relu2", True, False, False),
    "bitnet-25": ("relu2", True, False, False),
    "bitnet-1.58": ("relu2", True, False, False),
    "bitnet": ("silu", True, True, False),
    "llama": ("silu", False, False, True),
    "qwen2": ("silu", False, False, False),
    "qwen3": ("silu", False, True, False),
    "gemma3": ("gelu_pytorch_tanh", False, True, False)}


class GgufFile:
    """One file. values: key -> value; tensors: name -> (shape, type, begin),
    shape slowest first, begin from the first byte of the file."""

    def __init__(self, path):
        self.data = np.memmap(path, np.uint8, "r")
        self.at = 4
        if bytes(self.data[:4]) != b"GGUF" or self._number("I") not in (2, 3):
            raise ValueError(f"{path}: not GGUF")
        tensor_count, key_count = self._number("Q"), self._number("Q")
        self.values, self.tensors = {}, {}
        for _ in range(key_count):
            key = self._string()
            self.values[key] = self._value(self._number("I"))
        for _ in range(tensor_count):
            name = self._string()
            shape = [self._number("Q") for _ in range(self._number("I"))]
            kind, offset = self._number("I"), self._number("Q")
            self.tensors[name] = (tuple(reversed(shape)), kind, offset)
        alignment = self.values.get("general.alignment", 32)
        start = -(-self.at // alignment) * alignment
        self.tensors = {name: (shape, kind, start + offset) for
                        name, (shape, kind, offset) in self.tensors.items()}

    def _number(self, code):
        size = struct.calcsize("<" + code)
        self.at += size
        return struct.unpack("<" + code,
                             bytes(self.data[self.at - size:self.at]))[0]

    def _string(self):
        length = self._number("Q")
        self.at += length
        return bytes(self.data[self.at - length:self.at]).decode()

    def _value(self, kind):
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            element, count = self._number("I"), self._number("Q")
            return [self._value(element) for _ in range(count)]
        return self._number(_NUMBERS[kind])

    def bytes(self, begin, count):
        if begin + count > len(self.data):
            raise ValueError("beyond the end of the file")
        return np.array(self.data[begin:begin + count])


# Floats: bytes uint8 of whole blocks -> float32, flat.

def _files_of(path):
    """The file, or all parts of a split one; of a directory, its files."""
    if os.path.isdir(path):
        return sorted(glob.glob(os.path.join(path, "*.gguf")))
    part = re.fullmatch(r"(.*)-\d{5}-of-(\d{5})\.gguf", path)
    if part:
        return sorted(glob.glob(f"{part[1]}-*-of-{part[2]}.gguf"))
    return [path]


def is_gguf(path):
    return path.endswith(".gguf") or (
        os.path.isdir(path) and bool(_files_of(path)) and
        not os.path.exists(os.path.join(path, "config.json")))


def stored_name(name, layer_names=LAYER_NAMES):
    """What GGUF calls the tensor `name` of a directory, without ".weight"."""
    layer = re.fullmatch(r"model\.layers\.(\d+)\.(.*)", name)
    return f"blk.{layer[1]}.{layer_names[layer[2]]}" if layer else _NAMES[name]


def _windows(value):
    """By layer: how many tokens a token sees, or None. Every sixth sees all,
    where nothing else is said."""
    window = value("attention.sliding_window")
    pattern = value("attention.sliding_window_pattern", 6)
    if isinstance(pattern, int):
        pattern = [(i + 1) % pattern != 0 for i in range(value("block_count"))]
    return tuple(window if is_local else None for is_local in pattern)


class GgufCheckpoint:
    """As Checkpoint. options: layout "a", "b" or "c" of I2_S; tiles (BM, BY,
    bm) of TL1 and TL2."""

    def __init__(self, path, options=None):
        self.options = {"layout": "a", "tiles": None, **(options or {})}
        self.files = [GgufFile(name) for name in _files_of(path)]
        self.owner = {name: file for file in self.files
                      for name in file.tensors}
        values = self.files[0].values
        arch = values["general.architecture"]
        activation, sub_norms, always_tied, self.permuted = \
            _ARCHITECTURES[arch]

        def value(key, default=None):
            return values.get(f"{arch}.{key}", default)
        heads = value("attention.head_count")
        head_dim = value("attention.key_length",
                         value("embedding_length") // heads)
        self.config = Config(
            vocab=self.shape("token_embd.weight")[0],
            hidden=value("embedding_length"), ffn=value("feed_forward_length"),
            layers=value("block_count"), heads=heads,
            kv_heads=value("attention.head_count_kv", heads),
            head_dim=head_dim,
            context=value("context_length"),
            eps=float(np.float32(value("attention.layer_norm_rms_epsilon"))),
            theta=float(value("rope.freq_base", 10000.0)),
            local_theta=float(value("rope.freq_base_swa", 10000.0)),
            windows=_windows(value),
            activation=value("hidden_activation", activation),
            sub_norms=("self_attn.attn_sub_norm",
                       "mlp.ffn_sub_norm") if sub_norms else (),
            tied=always_tied or "output.weight" not in self.owner,
            embeds=arch in ("qwen3", "gemma3"), gemma=arch == "gemma3",
            score_scale=head_dim ** -0.5,
            prefix="model.", divides=False, keeps_ternary=True)
        add_optional_parts(self.config, self._has)

    def shape(self, name):
        return self.owner[name].tensors[name][0]

    def _name(self, name):
        return stored_name(name, _GEMMA_NAMES if self.config.gemma
                           else LAYER_NAMES)

    def _stored(self, name):
        """The same with its ending, ".weight" or ".bias"."""
        part, ending = name.rsplit(".", 1)
        return f"{self._name(part)}.{ending}"

    def _has(self, name):
        return self._stored(name) in self.owner

    def _floats(self, name):
        file = self.owner[name]
        shape, kind, begin = file.tensors[name]
        elements, size, decode = FLOATS[kind]
        count = int(np.prod(shape)) // elements * size
        return decode(file.bytes(begin, count)).reshape(shape)

    def floats(self, name):
        """An unquantized tensor as float32, exact. Gemma's own norms have one
        more here than in a directory."""
        values = self._floats(self._stored(name))
        if name.endswith(("q_proj.bias", "k_proj.bias")):
            values = self._unpermuted(values)
        is_own = "norm" in name and not name.endswith("_proj.norm.weight")
        return values - np.float32(1) if self.config.gemma and is_own \
            else values

    def _unpermuted(self, rows):
        """Of heads that are rotated as neighbours: [head, j, e] -> [head, e, j]
        """
        if not self.permuted:
            return rows
        half = self.config.head_dim // 2
        return rows.reshape(-1, half, 2, *rows.shape[1:]).swapaxes(
            1, 2).reshape(rows.shape)

    def ternary(self, name, rows):
        """(int8 [rows, K], float32 factor) of the linear layer `name`."""
        stored = self._name(name)
        weight = stored + ".weight"
        file = self.owner[weight]
        (_, columns), kind, begin = file.tensors[weight]
        if kind in FLOATS:
            values = self._floats(weight)
            scale = np.abs(values).max()
            ternary = np.sign(values).astype(np.int8)
        else:
            ternary, scale = MATRICES[kind](
                lambda count: file.bytes(begin, count), rows, columns,
                self.options)
        if stored + ".weight_scale" in self.owner:
            scale = self._floats(stored + ".weight_scale").reshape(())
        if stored + ".scale" in self.owner:
            scale = scale * self._floats(stored + ".scale").reshape(())
        if stored.endswith(("attn_q", "attn_k")):
            ternary = self._unpermuted(ternary)
        if scale < 0:
            ternary, scale = -ternary, -scale
        return ternary, np.float32(scale)


def open_checkpoint(path, gguf_options=None):
    """A Hugging Face directory or GGUF files."""
    if is_gguf(path):
        return GgufCheckpoint(path, gguf_options)
    return Checkpoint(path)
