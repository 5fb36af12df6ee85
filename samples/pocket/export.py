"""Writes the checkpoint of a trained network, as 2B4T's is published."""

import json
import os
import shutil
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "..", "test", "reference"))

from checkpoint import quantize_weights  # noqa: E402
from safetensors import TensorDirectory, round_bf16  # noqa: E402

TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json",
                   "special_tokens_map.json"]


def bf16(values):
    """-> what a safetensors file stores of float32 numbers."""
    bits = round_bf16(np.ascontiguousarray(values, np.float32))
    return "BF16", (bits.view(np.uint32) >> 16).astype("<u2")


def pack(ternary):
    """[N, K] of -1, 0, 1 -> uint8 [N/4, K]: row i*N/4 + r in bits 2i, 2i+1 of
    row r, each plus one."""
    strips = np.split((ternary + 1).astype(np.uint8), 4)
    return sum(strip << np.uint8(2 * i) for i, strip in enumerate(strips))


def published_name(name):
    """A parameter's name in a checkpoint."""
    owner, _, last = name.rpartition(".")
    if last.endswith("_proj") or last.endswith("_sub_norm"):
        owner += ".self_attn" if last[0] in "qkvoa" else ".mlp"
    return "model." + (owner + "." if owner else "") + last + ".weight"


def tensors(network, packed):
    """(name, (type, stored array)) of all tensors."""
    for parameter_name, parameter in network.named_parameters():
        name = published_name(parameter_name)
        values = parameter.detach().cpu().float().numpy()
        if packed and name.endswith("_proj.weight"):
            ternary, scale = quantize_weights(round_bf16(values))
            yield name, ("U8", pack(ternary))
            yield name + "_scale", bf16([scale])
        else:
            yield name, bf16(values)


def write_safetensors(path, entries):
    header, parts, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, (dtype, values) in sorted(entries):
        raw = values.tobytes()
        header[name] = {"dtype": dtype, "shape": list(values.shape),
                        "data_offsets": [offset, offset + len(raw)]}
        parts.append(raw)
        offset += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(parts))


def config(shape, begin, end, packed):
    return {
        "architectures": ["BitNetForCausalLM"], "bos_token_id": begin,
        "eos_token_id": end, "hidden_act": "relu2",
        "hidden_size": shape.hidden, "initializer_range": 0.02,
        "intermediate_size": shape.ffn,
        "max_position_embeddings": shape.context, "model_type": "bitnet",
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "num_key_value_heads": shape.kv_heads, "rms_norm_eps": shape.eps,
        "rope_theta": shape.theta, "tie_word_embeddings": True,
        "torch_dtype": "bfloat16", "use_cache": True,
        "vocab_size": shape.vocab,
        "quantization_config": {
            "quant_method": "bitnet", "linear_class": "autobitlinear",
            "quantization_mode": "offline" if packed else "online"}}


def write_checkpoint(directory, network, tokenizer_directory, packed):
    os.makedirs(directory, exist_ok=True)
    for name in TOKENIZER_FILES:
        shutil.copyfile(os.path.join(tokenizer_directory, name),
                        os.path.join(directory, name))
    with open(os.path.join(directory, "tokenizer.json"),
              encoding="utf-8") as file:
        ids = {entry["content"]: entry["id"]
               for entry in json.load(file)["added_tokens"]}
    begin, end = ids["<|begin_of_text|>"], ids["<|end_of_text|>"]
    generation = {"bos_token_id": begin, "do_sample": False,
                  "eos_token_id": [ids["<|eot_id|>"], end]}
    for name, value in (
            ("config.json", config(network.shape, begin, end, packed)),
            ("generation_config.json", generation)):
        with open(os.path.join(directory, name), "w",
                  encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.write("\n")
    write_safetensors(os.path.join(directory, "model.safetensors"),
                      tensors(network, packed))


def read_master(directory, network):
    """Sets the network's parameters to those of a bfloat16 checkpoint."""
    stored = TensorDirectory(directory)
    for name, parameter in network.named_parameters():
        values = stored.tensor(published_name(name))
        parameter.data.copy_(parameter.new_tensor(values))
