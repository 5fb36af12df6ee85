"""The model, written for clarity: the accuracy oracle of every target.

    python3 model.py CHECKPOINT --ids 1,2,3 [--generate N] [--chunk N]
        [--precision f64|f32] [--head int8|int6|exact]
        [--kv f16|int8] [--dump-logits FILE.npy]
        [--dump-rounded FILE.npz] [--follow FILE.npz] [--margin]

prints a line `position id argmax max-logit` per token. Everything is float64
except what the numerics contract fixes to a smaller type: quantized
activations, the rows of a rounded head, the KV cache (float16) and the tables of the rotations (float32).
--precision f32 follows the contract's float32 operations and their order
instead, to the last bit (single.py).
"""

import argparse
import sys

import numpy as np

import single
from gguf import open_checkpoint
from roundings import (HEAD_BITS, Decisions, head_limit, margin_of, quantize,
                       rounded_rows, to_half)

F32 = np.float32


def rotation_tables(theta, head_dim, positions):
    """cos, sin float32 [T, head_dim/2] for the given positions."""
    exponent = -2.0 * np.arange(head_dim // 2) / head_dim
    frequency = np.power(float(theta), exponent).astype(F32)
    angle = np.asarray(positions, F32)[:, None] * frequency[None, :]
    angle = angle.astype(np.float64)
    return np.cos(angle).astype(F32), np.sin(angle).astype(F32)


class Float64:
    """Arithmetic of the oracle."""

    dtype = np.float64

    @staticmethod
    def dot(a, b):
        """Sum of products over the last axis, of arrays that broadcast."""
        return (a * b).sum(axis=-1)

    @staticmethod
    def activate(name, x):
        if name == "relu2":
            return np.maximum(x, 0) ** 2
        if name == "silu":
            return x / (1 + np.exp(-x))
        assert name == "gelu_pytorch_tanh"
        return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi)
                                      * (x + 0.044715 * x ** 3)))

    @staticmethod
    def attend(query, keys, values, steps, seen, scale):
        """query [T, H, d]; keys, values [P, H, d], in multiples of two steps
        [P, H]; token t sees those from seen[0][t] to before seen[1][t]
        -> [T, H, d]"""
        keys, values = keys * steps[0][..., None], values * steps[1][..., None]
        scores = np.einsum("thd,phd->thp", query, keys) * scale
        index = np.arange(len(keys))
        is_seen = (index >= seen[0][:, None]) & (index < seen[1][:, None])
        scores = np.where(is_seen[:, None], scores, -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return np.einsum("thp,phd->thd", weights, values)


class Float32:
    """Arithmetic of the numerics contract, bit by bit."""

    dtype = np.float32
    dot = staticmethod(single.dot)
    activate = staticmethod(single.activate)
    attend = staticmethod(single.attend)


class Model:
    """Weights are read when they are used: a layer at a time in memory."""

    def __init__(self, directory, arithmetic=Float64, head="int8",
                 gguf_options=None, kv="f16"):
        self.checkpoint = open_checkpoint(directory, gguf_options)
        self.config = self.checkpoint.config
        self.arithmetic = arithmetic
        self.head_bits = HEAD_BITS[head]
        self.kv = kv
        self.cached = {}
        self.observers = []  # called with (name, rounded, exact)
        self.decisions = None  # of another computation, to be followed
        self.position = 0  # of the first token of this pass

    def _keep(self, name, make):
        """Small weights stay; those of a large model are read again."""
        if name in self.cached:
            return self.cached[name]
        value = make()
        size = sum(v.nbytes for v in value) if isinstance(value, tuple) \
            else value.nbytes
        if size < 1 << 22:
            self.cached[name] = value
        return value

    def floats(self, name):
        return self._keep(name, lambda: self.checkpoint.floats(name))

    def rms_norm(self, x, name, plain=False, eps=None):
        """Over the last axis, which is as long as the weight."""
        a = self.arithmetic
        eps = self.config.eps if eps is None else eps
        weight = self.floats(name + ".weight")
        if self.config.gemma and not plain:
            weight = weight + F32(1)
        weight = weight.astype(a.dtype)
        mean = a.dot(x, x)[..., None] / a.dtype(x.shape[-1])
        return x * (a.dtype(1) / np.sqrt(mean + a.dtype(eps))) \
            * weight

    def rounded(self, name, own, exact):
        """`own`, or what self.decisions says; observers see the result."""
        if self.decisions:
            own = self.decisions.apply(name, self.position, own, exact)
        for observe in self.observers:
            observe(name, own, exact)
        return own

    def quantized(self, x, name):
        q, m, exact = quantize(x)
        return self.rounded(name, q, exact), m

    def linear(self, quantized, name, rows):
        """y = (ternary . q) * (weight_scale * (m / 127)), the product exact;
        then the bias, where there is one."""
        q, m = quantized
        # No sum of integers leaves the 24 bits (or 53) of its type: exact in
        # any order.
        integers = F32 if 128 * q.shape[1] < 1 << 24 else np.float64
        def weights():
            ternary, scale = self.checkpoint.ternary(name, rows)
            return ternary.T.astype(integers), scale
        ternary, scale = self._keep(name, weights)
        product = q.astype(integers) @ ternary
        dtype = self.arithmetic.dtype
        factor = dtype(scale) * (m.astype(dtype) / dtype(127))
        result = product.astype(dtype) * factor
        if ".".join(name.split(".")[-2:]) in self.config.biased:
            result = result + self.floats(name + ".bias").astype(dtype)
        return result

    def rotate(self, x, tables):
        """x [T, heads, d]: pairs (i, i + d/2) turn by the angle of i."""
        dtype = self.arithmetic.dtype
        cos, sin = (t[:, None, :].astype(dtype) for t in tables)
        low, high = np.split(x, 2, axis=-1)
        return np.concatenate([low * cos - high * sin,
                               high * cos + low * sin], axis=-1)

    def stored(self, name, x):
        """x [T, kv_heads, d] as the cache has it, and steps [T, kv_heads] of
        which it holds multiples; 1 for float16."""
        if self.kv == "f16":
            return self.rounded(name, *to_half(x)), np.ones(x.shape[:2], F32)
        q, m, exact = quantize(x)
        return self.rounded(name, q, exact), m[..., 0] / F32(127)

    def attention(self, q, cache, position, window=None):
        """q [T, heads, d]; cache of the layer -> [T, heads * d].

        Query heads share key heads in groups of neighbours. A token sees
        itself and the tokens before it, `window` of them together.
        """
        a, c = self.arithmetic, self.config
        scale = a.dtype(c.score_scale)
        end = position + 1 + np.arange(len(q))
        first = np.maximum(end - window, 0) if window else np.zeros_like(end)
        keys, key_steps, values, value_steps = (
            np.repeat(x.astype(a.dtype), c.heads // c.kv_heads, axis=1)
            for x in cache)
        return a.attend(q, keys, values, (key_steps, value_steps),
                        (first, end), scale).reshape(len(q), -1)

    def projections(self, x, prefix, names, group):
        """Each projection of x, quantized once or, where each has a norm in
        front, by itself."""
        norm = self.config.projection_norm
        if not norm:
            q = self.quantized(x, prefix + group)
            return [self.linear(q, prefix + name, rows)
                    for name, rows in names]
        return [self.linear(
            self.quantized(self.rms_norm(x, f"{prefix}{name}.{norm}", True,
                                         self.config.projection_eps),
                           prefix + name), prefix + name, rows)
            for name, rows in names]

    def layer(self, index, h, session, tables):
        a, c = self.arithmetic, self.config
        prefix = f"{c.prefix}layers.{index}."
        attn, mlp = prefix + "self_attn.", prefix + "mlp."
        count, position = h.shape[0], session.length
        q_width, kv_width = c.heads * c.head_dim, c.kv_heads * c.head_dim

        x = self.rms_norm(h, prefix + "input_layernorm")
        q, k, v = self.projections(
            x, attn, (("q_proj", q_width), ("k_proj", kv_width),
                      ("v_proj", kv_width)), "qkv")
        q = q.reshape(count, c.heads, c.head_dim)
        k = k.reshape(count, c.kv_heads, c.head_dim)
        if c.head_norms:
            q = self.rms_norm(q, attn + "q_norm")
            k = self.rms_norm(k, attn + "k_norm")
        window = c.windows[index]
        tables = tables[c.theta if window is None else c.local_theta]
        q, k = self.rotate(q, tables), self.rotate(k, tables)
        cache = session.append(index, [
            *self.stored(attn + "keys", k),
            *self.stored(attn + "values",
                         v.reshape(count, c.kv_heads, c.head_dim))])
        o = self.attention(q, cache, position, window)
        if c.sub_norms:
            o = self.rms_norm(o, prefix + c.sub_norms[0])
        o, = self.projections(o, attn, (("o_proj", c.hidden),), "o")
        if c.gemma:
            o = self.rms_norm(o, prefix + "post_attention_layernorm")
        h = h + o

        x = self.rms_norm(h, prefix + (
            "pre_feedforward_layernorm" if c.gemma
            else "post_attention_layernorm"))
        gate, up = self.projections(
            x, mlp, (("gate_proj", c.ffn), ("up_proj", c.ffn)), "gate_up")
        f = a.activate(c.activation, gate) * up
        if c.sub_norms:
            f = self.rms_norm(f, prefix + c.sub_norms[1])
        f, = self.projections(f, mlp, (("down_proj", c.hidden),), "down")
        if c.gemma:
            f = self.rms_norm(f, prefix + "post_feedforward_layernorm")
        return h + f

    def head(self, h):
        """Logits [T, vocab] in the arithmetic's type; or vectors of length 1,
        [T, hidden]."""
        a = self.arithmetic
        x = self.rms_norm(h, self.config.prefix + "norm")
        if self.config.embeds:
            length = np.sqrt(a.dot(x, x))[:, None]
            return x / np.maximum(length, a.dtype(1e-12))
        embedding = self.floats("model.embed_tokens.weight"
                                if self.config.tied else "lm_head.weight")
        if self.head_bits:
            return self.rounded_head(x, embedding)
        step = max(1, (1 << 24) // x.size)  # bounds the memory for products
        return np.concatenate(
            [a.dot(x[:, None], embedding[i:i + step].astype(a.dtype))
             for i in range(0, self.config.vocab, step)], axis=1)

    def rounded_head(self, x, embedding):
        """Rows and activations as integers, whose products are exact."""
        dtype = self.arithmetic.dtype
        limit = head_limit(x.shape[1])
        q, m, exact = quantize(x, limit, np.int16)
        q = self.rounded("head", q, exact)
        def table():
            rows, scales = rounded_rows(embedding, self.head_bits)
            return rows.T.astype(np.float64), scales
        rows, scales = self._keep("head", table)
        product = q.astype(np.float64) @ rows
        step = m.astype(dtype) / dtype(limit)
        return product.astype(dtype) * (scales.astype(dtype) * step)

    def forward(self, ids, session):
        """ids: the next tokens of the session -> logits [len(ids), vocab]."""
        return self.head(self.hidden(ids, session))

    def states(self, ids):
        """The final states of a text's tokens, [len(ids), hidden]."""
        return self.rms_norm(self.hidden(ids, Session(self)),
                             self.config.prefix + "norm")

    def hidden(self, ids, session):
        """ids: the next tokens of the session -> what the last layer makes of
        them, [len(ids), hidden]"""
        c = self.config
        if min(ids) < 0 or max(ids) >= c.vocab:
            raise ValueError("token id out of range")
        if session.length + len(ids) > c.context:
            raise ValueError("longer than the context")
        self.position = session.length
        positions = session.length + np.arange(len(ids))
        tables = {theta: rotation_tables(theta, c.head_dim, positions)
                  for theta in (c.theta, c.local_theta)}
        h = self.floats(c.prefix + "embed_tokens.weight")[ids]
        h = h.astype(self.arithmetic.dtype)
        if c.gemma:
            h = h * self.arithmetic.dtype(np.sqrt(float(c.hidden)))
        for index in range(c.layers):
            h = self.layer(index, h, session, tables)
        session.length += len(ids)
        return h


class Session:
    """Keys and values of the tokens so far, [P, kv_heads, d], each with its
    steps [P, kv_heads]."""

    def __init__(self, model):
        c = model.config
        self.layers = [None] * c.layers
        self.length = 0

    def append(self, index, new):
        """keys, their steps, values, their steps -> the same of all tokens"""
        old = self.layers[index]
        self.layers[index] = new if old is None else [
            np.concatenate(pair) for pair in zip(old, new)]
        return self.layers[index]


class Recorder:
    """Keeps all rounded values: integer activations, float16 keys and values."""

    def __init__(self, model):
        self.chunks = {}
        model.observers.append(self.observe)

    def observe(self, name, rounded, exact):
        self.chunks.setdefault(name, []).append(rounded)

    def rounded(self):
        """name -> [tokens, ...]"""
        return {name: np.concatenate(x) for name, x in self.chunks.items()}


class Margins:
    """The smallest distance of an activation to a boundary, by token."""

    def __init__(self, model):
        self.rows = []
        self.current = []
        model.observers.append(self.observe)

    def observe(self, name, rounded, exact):
        if rounded.dtype == np.int8 and rounded.ndim == 2:
            self.current.append(margin_of(exact))

    def close(self):
        """One chunk is done."""
        self.rows.extend(np.min(self.current, axis=0))
        self.current = []


def run(model, ids, chunk, generate):
    """-> ids, logits of every position, margins of every position."""
    session, margins, logits = Session(model), Margins(model), []
    for start in range(0, len(ids), chunk):
        logits.append(model.forward(ids[start:start + chunk], session))
        margins.close()
    for _ in range(generate):
        ids = ids + [int(np.argmax(logits[-1][-1]))]
        logits.append(model.forward(ids[-1:], session))
        margins.close()
    return ids, np.concatenate(logits), np.array(margins.rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("--ids", required=True, help="comma-separated")
    parser.add_argument("--generate", type=int, default=0, metavar="N",
                        help="continue greedily with N tokens")
    parser.add_argument("--chunk", type=int, default=1 << 30, metavar="N",
                        help="tokens per forward pass")
    parser.add_argument("--precision", choices=["f64", "f32"], default="f64")
    parser.add_argument("--head", choices=HEAD_BITS, default="int8")
    parser.add_argument("--i2s-layout", default="a",
                        help="of GGUF files: a, b or c")
    parser.add_argument("--tl-tiles", metavar="BM,BY,bm",
                        help="of GGUF files with TL1 or TL2")
    parser.add_argument("--kv", choices=["f16", "int8"], default="f16")
    parser.add_argument("--dump-logits", metavar="FILE.npy")
    parser.add_argument("--dump-rounded", metavar="FILE.npz",
                        help="the int8 activations of every linear layer, "
                        "and keys and values")
    parser.add_argument("--follow", metavar="FILE.npz",
                        help="round as that --dump-rounded did, where a "
                        "value is on a boundary; fail where it is not")
    parser.add_argument("--margin", action="store_true",
                        help="add the smallest distance of a quantized "
                        "activation to a rounding boundary to each line")
    options = parser.parse_args()

    model = Model(options.checkpoint,
                  Float64 if options.precision == "f64" else Float32,
                  options.head,
                  {"layout": options.i2s_layout, "tiles": options.tl_tiles and
                   tuple(map(int, options.tl_tiles.split(",")))})
    recorder = Recorder(model)
    if options.follow:
        model.decisions = Decisions(dict(np.load(options.follow)))
    ids = [int(i) for i in options.ids.split(",")]
    ids, logits, margins = run(model, ids, options.chunk, options.generate)
    for position, (token, row) in enumerate(zip(ids, logits)):
        best = int(np.argmax(row))
        line = f"{position} {token} {best} {row[best]:.9g}"
        print(line + (f" {margins[position]:.3g}" if options.margin else ""))
    if options.dump_logits:
        np.save(options.dump_logits, logits)
    if options.dump_rounded:
        np.savez(options.dump_rounded, **recorder.rounded())


if __name__ == "__main__":
    sys.exit(main())
