"""Reads GGUF files: metadata, tensors, and every ternary encoding.

Written from the descriptions of the formats, with whole arrays at a time.
"""

import glob
import os
import re
import struct

import numpy as np

from checkpoint import Checkpoint, Config
from safetensors import widen_bf16

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?",
            10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9

# How a file calls tensors, and what the model calls them.
_LAYER_NAMES = {
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "self_attn.attn_sub_norm": "attn_sub_norm",
    "mlp.ffn_sub_norm": "ffn_sub_norm"}
_PROJECTIONS = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
                "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
                "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
                "mlp.down_proj": "ffn_down"}
_LAYER_NAMES.update(_PROJECTIONS)
_LAYER_NAMES.update({ours + ".norm": theirs + "_norm_in"
                     for ours, theirs in _PROJECTIONS.items()})
# Gemma's second norm is behind the attention.
_GEMMA_NAMES = _LAYER_NAMES | {
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

def _q8_0(raw):
    blocks = raw.reshape(-1, 34)
    d = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    return (d * blocks[:, 2:].view(np.int8)).ravel()


def _q6_k(raw):
    blocks = raw.reshape(-1, 210)
    # [block, half, 64] and [block, half, 32]
    low = blocks[:, :128].reshape(-1, 2, 64)
    high = blocks[:, 128:192].reshape(-1, 2, 32)
    nibbles = np.concatenate([low & 15, low >> 4], axis=2).reshape(-1, 2, 4, 32)
    pairs = np.stack([high >> (2 * j) & 3 for j in range(4)], axis=2)
    q = (nibbles | pairs << 4).astype(np.int32) - 32
    scales = blocks[:, 192:208].copy().view(np.int8).astype(np.int32)
    d = blocks[:, 208:].copy().view(np.float16).astype(np.float32)
    steps = q.reshape(-1, 16, 16) * scales[:, :, None]
    return (d[:, :, None] * steps.astype(np.float32)).ravel()


# id -> elements of a block, its bytes, decoder
_FLOATS = {
    0: (1, 4, lambda raw: raw.view(np.float32)),
    1: (1, 2, lambda raw: raw.view(np.float16).astype(np.float32)),
    30: (1, 2, lambda raw: widen_bf16(raw.view(np.uint16))),
    8: (32, 34, _q8_0),
    14: (256, 210, _q6_k)}


# Matrices: every decoder gives int8 [rows, columns] and one scale.

def _codes(raw, shifts):
    """bytes [..., n] -> codes [..., len(shifts), n]"""
    return np.stack([raw >> s & 3 for s in shifts], axis=-2)


def _ternary(codes, rows, columns):
    if codes.max() > 2:
        raise ValueError("ternary code 3")
    return codes.reshape(rows, columns).astype(np.int8) - np.int8(1)


def _one(scales, ternary):
    """The scale of all rows or blocks that have one; the others are zero."""
    scales = scales.astype(np.float32).ravel()
    found = np.unique(scales[scales != 0])
    if len(found) != 1:
        raise ValueError("a matrix has several scales")
    parts = ternary.reshape(len(scales), -1)
    return np.where(scales[:, None] == 0, 0, parts).astype(np.int8).reshape(
        ternary.shape), found[0]


def _i2_s(read, rows, columns, options):
    count = rows * columns // 4
    raw = read(count + 32)
    scale = raw[count:count + 4].view(np.float32)[0]
    raw = raw[:count]
    shifts = (6, 4, 2, 0)
    if options["layout"] == "c":
        codes = _codes(raw.reshape(rows // 4, columns), shifts)
    else:
        width = {"a": 32, "b": 16}[options["layout"]]
        codes = _codes(raw.reshape(-1, width), shifts)
    return _ternary(codes, rows, columns), scale


def _digits(raw, count):
    """Digits in base three, most significant first: [..., count, n]"""
    value, digits = raw.astype(np.uint32), []
    for _ in range(count):
        value = value * 3
        digits.append(value >> 8)
        value = value & 255
    return np.stack(digits, axis=-2)


def _tq1_0(read, rows, columns, options):
    blocks = read(rows * columns // 256 * 54).reshape(-1, 54)
    flat = [_digits(blocks[:, a:b], n).reshape(len(blocks), -1)
            for a, b, n in ((0, 32, 5), (32, 48, 5), (48, 52, 4))]
    return _one(blocks[:, 52:].copy().view(np.float16),
                _ternary(np.concatenate(flat, axis=1), rows, columns))


def _tq2_0(read, rows, columns, options):
    blocks = read(rows * columns // 256 * 66).reshape(-1, 66)
    codes = _codes(blocks[:, :64].reshape(-1, 2, 32), (0, 2, 4, 6))
    return _one(blocks[:, 64:].copy().view(np.float16),
                _ternary(codes, rows, columns))


def _iq1_bn(read, rows, columns, options):
    raw = read(rows * (2 + columns // 64 * 13)).reshape(rows, -1)
    groups = raw[:, 2:].reshape(rows, -1, 13)
    # A byte is ceil(256 v / 243); the first weight is v's lowest digit.
    table = np.zeros(256, np.uint32)
    for v in range(243):
        table[(256 * v + 242) // 243] = v
    value = table[groups]
    digits = np.stack([value // 3 ** j % 3 for j in range(5)], axis=-1)
    body = digits[:, :, :12].reshape(rows, -1, 4, 15)
    last = digits[:, :, 12, :4].reshape(rows, -1, 4, 1)
    return _one(raw[:, :2].copy().view(np.float16),
                _ternary(np.concatenate([body, last], axis=3), rows, columns))


def _iq2_bn(read, rows, columns, options):
    raw = read(rows * (4 + columns // 4)).reshape(rows, -1)
    codes = _codes(raw[:, 4:].reshape(rows, -1, 16), (0, 2, 4, 6))
    return _one(raw[:, :4].copy().view(np.float32),
                _ternary(codes, rows, columns))


def _iq2_bn_r4(read, rows, columns, options):
    raw = read(rows // 4 * (16 + columns)).reshape(rows // 4, -1)
    groups = raw[:, 16:].reshape(rows // 4, columns // 64, 4, 4, 4)
    codes = np.stack([groups >> s & 3 for s in (0, 2, 4, 6)], axis=-1)
    # [four rows, 64 columns, l, r, i, pair] -> [.., r, .., l, pair, i]
    codes = codes.transpose(0, 3, 1, 2, 5, 4)
    return _one(raw[:, :16].copy().view(np.float32),
                _ternary(codes, rows, columns))


def _pairs(nibbles):
    """nibbles 3a + b + 4 -> codes a + 1, b + 1 in a new last axis"""
    if nibbles.max() > 8:
        raise ValueError("no pair")
    return np.stack([nibbles // 3, nibbles % 3], axis=-1)


def _tail(read, base):
    """The bytes before, and the scale in, the last 32 bytes."""
    begin = -(-base // 32) * 32
    raw = read(begin + 32)
    return raw[:base], raw[begin:begin + 4].view(np.float32)[0]


def _tl1(read, rows, columns, options):
    tile_rows, tile_columns, block = options["tiles"]
    width = 256 // block
    raw, scale = _tail(read, rows * columns // 4)
    raw = raw.reshape(rows // tile_rows, columns // tile_columns,
                      tile_rows // block, tile_columns // width, block // 16,
                      width // 4, 16)
    codes = _pairs(np.stack([raw >> 4, raw & 15], axis=-1))
    # rows: mo, mi, mr, r; columns: ko, ki, kq, the four of a byte
    codes = codes.transpose(0, 2, 4, 6, 1, 3, 5, 7, 8)
    return _ternary(codes, rows, columns), scale


def _tl2(read, rows, columns, options):
    tile_rows, tile_columns, block = options["tiles"]
    triple = columns - columns % tile_columns
    mo, ko, mi = rows // tile_rows, triple // tile_columns, tile_rows // block
    base = max(rows * triple // 6 + rows * triple // 24 +
               rows * (columns - triple) // 4,
               (columns - 256) * rows // 3 * 5 // 8 + 256 * rows // 2 * 4 // 8
               if columns >= 256 else 0)
    raw, scale = _tail(read, base)
    order = [0, 2, 1, 3]

    nibbles = raw[:rows * triple // 6].reshape(mo, ko, mi, tile_columns // 6,
                                               4, 8)[:, :, :, :, order]
    nibbles = np.stack([nibbles >> 4, nibbles & 15], axis=-1).astype(np.int32)
    # [mo, mi, row, ko, ki, two] -> [rows, triples]
    nibbles = nibbles.transpose(0, 2, 4, 5, 1, 3, 6).reshape(rows, triple // 3)
    begin = rows * triple // 6
    words = raw[begin:begin + rows * triple // 24].copy().view(np.uint16)
    words = words.reshape(mo, ko, mi, tile_columns // 24, 16)
    bits = np.stack([words >> (15 - i) & 1 for i in range(16)], axis=-1)
    bits = bits.reshape(*bits.shape[:-1], 8, 2)  # triple, half of the rows
    # [mo, ko, mi, kj, c, u, half] -> rows mo, mi, half, c; ko, kj, u
    signs = bits.transpose(0, 2, 6, 4, 1, 3, 5).reshape(rows, triple // 3)
    if nibbles.max() > 13:
        raise ValueError("no triple")
    t = np.where(signs == 1, -nibbles, nibbles) + 13
    codes = np.stack([t // 9, t // 3 % 3, t % 3], axis=-1)
    codes = codes.reshape(rows, triple)
    if columns > triple:
        begin += rows * triple // 24
        pairs = raw[begin:begin + rows * (columns - triple) // 4].reshape(
            mo, (columns - triple) // 32, tile_rows // 32, 8, 4, 8)
        pairs = pairs[:, :, :, :, order]
        pairs = _pairs(np.stack([pairs >> 4, pairs & 15], axis=-1))
        pairs = pairs.transpose(0, 2, 4, 5, 1, 3, 6, 7)
        codes = np.concatenate(
            [codes, pairs.reshape(rows, columns - triple)], axis=1)
    return _ternary(codes, rows, columns), scale


_MATRICES = {36: _i2_s, 34: _tq1_0, 35: _tq2_0, 134: _iq1_bn, 135: _iq2_bn,
             335: _iq2_bn_r4, 38: _tl1, 39: _tl2}


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
            activation=value("hidden_activation", activation),
            sub_norms=("self_attn.attn_sub_norm",
                       "mlp.ffn_sub_norm") if sub_norms else (),
            tied=always_tied or "output.weight" not in self.owner,
            embeds=arch in ("qwen3", "gemma3"), gemma=arch == "gemma3", score_scale=head_dim ** -0.5,
            prefix="model.", divides=False, keeps_ternary=True)

    def shape(self, name):
        return self.owner[name].tensors[name][0]

    def _name(self, name):
        layer = re.fullmatch(r"model\.layers\.(\d+)\.(.*)", name)
        if layer:
            names = _GEMMA_NAMES if self.config.gemma else _LAYER_NAMES
            return f"blk.{layer[1]}.{names[layer[2]]}"
        return _NAMES[name]

    def _floats(self, name):
        file = self.owner[name]
        shape, kind, begin = file.tensors[name]
        elements, size, decode = _FLOATS[kind]
        count = int(np.prod(shape)) // elements * size
        return decode(file.bytes(begin, count)).reshape(shape)

    def floats(self, name):
        """An unquantized tensor as float32, exact. Gemma's own norms have one
        more here than in a directory."""
        values = self._floats(self._name(name.removesuffix(".weight")) +
                              ".weight")
        is_own = "norm" in name and not name.endswith("_proj.norm.weight")
        return values - np.float32(1) if self.config.gemma and is_own \
            else values

    def ternary(self, name, rows):
        """(int8 [rows, K], float32 factor) of the linear layer `name`."""
        stored = self._name(name)
        weight = stored + ".weight"
        file = self.owner[weight]
        (_, columns), kind, begin = file.tensors[weight]
        if kind in _FLOATS:
            values = self._floats(weight)
            scale = np.abs(values).max()
            ternary = np.sign(values).astype(np.int8)
        else:
            ternary, scale = _MATRICES[kind](
                lambda count: file.bytes(begin, count), rows, columns,
                self.options)
        if stored + ".weight_scale" in self.owner:
            scale = self._floats(stored + ".weight_scale").reshape(())
        if stored + ".scale" in self.owner:
            scale = scale * self._floats(stored + ".scale").reshape(())
        if self.permuted and stored.endswith(("attn_q", "attn_k")):
            # [head, j, e] -> [head, e, j]
            ternary = ternary.reshape(-1, self.config.head_dim // 2, 2, columns)
            ternary = ternary.swapaxes(1, 2).reshape(rows, columns)
        if scale < 0:
            ternary, scale = -ternary, -scale
        return ternary, np.float32(scale)


def open_checkpoint(path, gguf_options=None):
    """A Hugging Face directory or GGUF files."""
    if is_gguf(path):
        return GgufCheckpoint(path, gguf_options)
    return Checkpoint(path)
