"""The 2B4T architecture for quantization-aware training.

Weights are kept in float32; every forward pass sees them rounded to bfloat16
and then to one ternary matrix and one scale each, and activations rounded to
8 bits per token. Gradients pass both roundings as if they were not there
(straight-through estimator).
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass
class Shape:
    vocab: int = 1280
    hidden: int = 256
    ffn: int = 512
    layers: int = 6
    heads: int = 8
    kv_heads: int = 2
    context: int = 512
    eps: float = 1e-5
    theta: float = 10000.0

    @property
    def head_dim(self):
        return self.hidden // self.heads


def ternary(weight):
    """[N, K] -> (-1, 0, 1 as float32, scale): absmean of the whole matrix."""
    w = weight.bfloat16().float()
    mean = w.abs().mean().clamp_(min=1e-5)
    return (w / mean).round_().clamp_(-1, 1), mean.bfloat16().float()


class NormedLinear(torch.autograd.Function):
    """RMSNorm, quantization to 8 bits and ternary matrices, in one step.

    (x float32 [T, K], norm weight [K], eps, product type, matrices [N_i, K])
    -> float32 [T, sum of N_i]. Integers to 127 and ternary weights are exact
    in bfloat16, so that the product type only rounds the results.
    """

    @staticmethod
    def forward(ctx, x, gain, eps, dtype, *weights):
        rate = (x * x).mean(-1, keepdim=True).add_(eps).rsqrt_()
        normal = x * rate
        gain = gain.bfloat16().float()
        scaled = normal * gain
        largest = scaled.abs().amax(-1, keepdim=True).clamp_(min=1e-5)
        q = scaled.mul_(127 / largest).round_().to(dtype)
        parts = [ternary(w) for w in weights]
        matrix = torch.cat([t for t, _ in parts]).to(dtype)
        scale = torch.cat([s.expand(len(t)) for t, s in parts])
        step = largest / 127
        ctx.save_for_backward(normal, rate, gain, q, step, matrix, scale)
        ctx.sizes = [len(w) for w in weights]
        return (q @ matrix.T).float().mul_(step).mul_(scale)

    @staticmethod
    def backward(ctx, dy):
        normal, rate, gain, q, step, matrix, scale = ctx.saved_tensors
        dtype = matrix.dtype
        dweights = (dy * step).to(dtype).T @ q
        dscaled = ((dy * scale).to(dtype) @ matrix).float()
        product = dscaled * normal
        dgain = product.sum(0)
        mean = product.mul_(gain).mean(-1, keepdim=True)
        dx = dscaled.mul_(gain).addcmul_(normal, mean, value=-1).mul_(rate)
        return (dx, dgain, None, None,
                *(d.float() for d in dweights.split(ctx.sizes)))


class Gate(torch.autograd.Function):
    """[gate, up] float32 [T, 2F] -> relu(gate)^2 * up."""

    @staticmethod
    def forward(ctx, y):
        gate, up = y.chunk(2, -1)
        gate = gate.relu()
        ctx.save_for_backward(gate, up)
        return (gate * gate).mul_(up)

    @staticmethod
    def backward(ctx, df):
        gate, up = ctx.saved_tensors
        dy = df.new_empty(len(df), 2 * df.shape[-1])
        dgate, dup = dy.chunk(2, -1)
        slope = df * gate
        torch.mul(slope, gate, out=dup)
        torch.mul(slope.mul_(2), up, out=dgate)
        return dy


def rotate(x, cos, sin):
    """x [B, T, heads, d]; cos, sin [B, T, 1, d/2]: rotate-half."""
    low, high = x.chunk(2, -1)
    return torch.cat([low * cos - high * sin, high * cos + low * sin], -1)


class Layer(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        hidden, ffn = shape.hidden, shape.ffn
        kv = shape.kv_heads * shape.head_dim
        for name, rows, columns in (
                ("q_proj", hidden, hidden), ("k_proj", kv, hidden),
                ("v_proj", kv, hidden), ("o_proj", hidden, hidden),
                ("gate_proj", ffn, hidden), ("up_proj", ffn, hidden),
                ("down_proj", hidden, ffn)):
            weight = torch.randn(rows, columns) / math.sqrt(columns)
            self.register_parameter(name, nn.Parameter(weight))
        for name, size in (("input_layernorm", hidden),
                           ("post_attention_layernorm", hidden),
                           ("attn_sub_norm", hidden), ("ffn_sub_norm", ffn)):
            self.register_parameter(name, nn.Parameter(torch.ones(size)))

    def attention(self, x, batch, dtype):
        s = self.shape
        rows, count = batch.ids.shape
        y = NormedLinear.apply(x, self.input_layernorm, s.eps, dtype,
                               self.q_proj, self.k_proj, self.v_proj)
        y = y.view(rows, count, -1, s.head_dim)
        q, k = rotate(y[:, :, :-s.kv_heads], batch.cos, batch.sin) \
            .split([s.heads, s.kv_heads], 2)
        v = y[:, :, -s.kv_heads:]
        # The query heads of one key head are rows of one product.
        group = s.heads // s.kv_heads
        q = q.reshape(rows, count, s.kv_heads, group, s.head_dim) \
            .permute(0, 2, 3, 1, 4).reshape(-1, group * count, s.head_dim)
        k, v = (part.transpose(1, 2).reshape(-1, count, s.head_dim)
                for part in (k, v))
        if dtype == torch.float32:  # as an emitted program's cache keeps them
            k, v = k.half().float(), v.half().float()
        scores = (q / math.sqrt(s.head_dim)).to(dtype) \
            @ k.to(dtype).transpose(1, 2)
        scores = scores.float().view(rows, -1, count, count)
        scores += batch.mask
        weights = scores.softmax(-1).to(dtype)
        out = weights.view(-1, group * count, count) @ v.to(dtype)
        out = out.float().view(rows, s.heads, count, s.head_dim) \
            .transpose(1, 2).reshape(rows * count, -1)
        return NormedLinear.apply(out, self.attn_sub_norm, s.eps, dtype,
                                  self.o_proj)

    def forward(self, x, batch, dtype):
        s = self.shape
        x = x + self.attention(x, batch, dtype)
        y = NormedLinear.apply(x, self.post_attention_layernorm, s.eps, dtype,
                               self.gate_proj, self.up_proj)
        return x + NormedLinear.apply(Gate.apply(y), self.ffn_sub_norm, s.eps,
                                      dtype, self.down_proj)


class Network(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embed_tokens = nn.Parameter(
            torch.randn(shape.vocab, shape.hidden) * 0.05)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.hidden))

    def forward(self, batch, where, dtype=torch.float32):
        """Logits [len(where), vocab] at the places `where` of the flattened
        batch. Products have the type `dtype`; in float32 the results are those
        of the exported checkpoint, but for the order of sums."""
        table = self.embed_tokens.bfloat16().float()
        x = functional.embedding(batch.ids.flatten(), table)
        for layer in self.layers:
            x = layer(x, batch, dtype)
        x = x[where]
        x = x * torch.rsqrt(x.square().mean(-1, keepdim=True)
                            + self.shape.eps)
        x = x * self.norm.bfloat16().float()
        return (x.to(dtype) @ table.to(dtype).T).float()


class Batch:
    """Rows of token ids with several conversations each.

    ids, positions, owner: int64 [B, T]; a token sees those before it of the
    same owner.
    """

    def __init__(self, ids, positions, owner, shape):
        half = shape.head_dim // 2
        exponent = torch.arange(half, device=ids.device) * (-2 / shape.head_dim)
        frequency = torch.tensor(shape.theta, device=ids.device) ** exponent
        angle = positions[:, :, None, None].float() * frequency
        self.ids = ids
        self.cos, self.sin = angle.cos(), angle.sin()
        count = ids.shape[1]
        earlier = torch.ones(count, count, dtype=torch.bool,
                             device=ids.device).tril()
        seen = earlier & (owner[:, :, None] == owner[:, None, :])
        self.mask = torch.zeros(seen.shape, device=ids.device) \
            .masked_fill_(~seen, -1e9)[:, None]
