"""Small checkpoints for the tests of the reference."""

import json
import os

import numpy as np

from safetensors import round_bf16

CONFIG = {
    "architectures": ["BitNetForCausalLM"], "model_type": "bitnet",
    "vocab_size": 40, "hidden_size": 12, "intermediate_size": 10,
    "num_hidden_layers": 2, "num_attention_heads": 3,
    "num_key_value_heads": 1, "hidden_act": "relu2", "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0, "max_position_embeddings": 64,
    "tie_word_embeddings": True,
    "quantization_config": {"linear_class": "autobitlinear"}}


class Matrices:
    """Names, shapes and random contents of a checkpoint's tensors."""

    @staticmethod
    def pack(ternary):
        """[N, K] of -1, 0, 1 -> uint8 [ceil(N/4), K]"""
        rows = -(-ternary.shape[0] // 4)
        packed = np.zeros((rows, ternary.shape[1]), np.uint8)
        for row, weights in enumerate(ternary):
            packed[row % rows] |= ((weights + 1) << (2 * (row // rows))) \
                .astype(np.uint8)
        return packed

    @staticmethod
    def linear(shape, rng):
        """(ternary, scale): half the weights are zero. Master weights are
        2 * scale * ternary, whose absmean is the scale."""
        count = shape[0] * shape[1]
        ternary = np.zeros(count, np.int64)
        ternary[:count // 2] = rng.choice([-1, 1], count // 2)
        scale = round_bf16(np.float32(rng.uniform(0.1, 0.3)))
        return rng.permutation(ternary).reshape(shape), scale


def _bf16(values):
    bits = round_bf16(np.asarray(values, np.float32)).view(np.uint32)
    return "BF16", (bits >> 16).astype(np.uint16)


def _tensors(config, rng, packed):
    hidden, ffn = config["hidden_size"], config["intermediate_size"]
    heads = config["num_attention_heads"]
    kv = config["num_key_value_heads"] * (hidden // heads)

    def norm(size):
        return _bf16(rng.uniform(0.7, 1.3, size))

    yield "model.embed_tokens.weight", \
        _bf16(rng.normal(0, 1, (config["vocab_size"], hidden)))
    yield "model.norm.weight", norm(hidden)
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}."
        yield prefix + "input_layernorm.weight", norm(hidden)
        yield prefix + "post_attention_layernorm.weight", norm(hidden)
        yield prefix + "self_attn.attn_sub_norm.weight", norm(hidden)
        yield prefix + "mlp.ffn_sub_norm.weight", norm(ffn)
        for name, shape in {
                "self_attn.q_proj": (hidden, hidden),
                "self_attn.k_proj": (kv, hidden),
                "self_attn.v_proj": (kv, hidden),
                "self_attn.o_proj": (hidden, hidden),
                "mlp.gate_proj": (ffn, hidden), "mlp.up_proj": (ffn, hidden),
                "mlp.down_proj": (hidden, ffn)}.items():
            ternary, scale = Matrices.linear(shape, rng)
            if packed:
                yield prefix + name + ".weight", ("U8", Matrices.pack(ternary))
                yield prefix + name + ".weight_scale", _bf16([scale])
            else:
                yield prefix + name + ".weight", _bf16(2 * scale * ternary)


def _write_file(path, tensors):
    header, data = {}, b""
    for name, (dtype, values) in tensors:
        raw = values.tobytes()
        header[name] = {"dtype": dtype, "shape": list(values.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


def write_checkpoint(directory, seed, packed=True, shards=1, **changes):
    """Writes config.json and the weights; equal seeds give equal models."""
    config = {**CONFIG, **changes}
    with open(os.path.join(directory, "config.json"), "w") as file:
        json.dump(config, file)
    tensors = list(_tensors(config, np.random.default_rng(seed), packed))
    if shards == 1:
        _write_file(os.path.join(directory, "model.safetensors"), tensors)
        return
    names = {}
    for i in range(shards):
        name = f"model-{i + 1:05}-of-{shards:05}.safetensors"
        _write_file(os.path.join(directory, name), tensors[i::shards])
        names.update({tensor: name for tensor, _ in tensors[i::shards]})
    with open(os.path.join(directory, "model.safetensors.index.json"),
              "w") as file:
        json.dump({"metadata": {}, "weight_map": names}, file)
