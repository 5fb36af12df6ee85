"""A text's vector from the final states of its tokens, and how a directory of
sentence-transformers, or a GGUF file, says that it is made."""

import json
import os

import numpy as np

# The order of the vectors of several modes, where each is a key of its own.
KEYS = {"pooling_mode_cls_token": "cls", "pooling_mode_max_tokens": "max",
        "pooling_mode_mean_tokens": "mean",
        "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
        "pooling_mode_weightedmean_tokens": "weightedmean",
        "pooling_mode_lasttoken": "lasttoken"}


def of_directory(directory):
    """-> modes, normalizes"""
    path = os.path.join(directory, "modules.json")
    if not os.path.exists(path):
        return ["lasttoken"], True
    with open(path, encoding="utf-8") as file:
        modules = {module["type"].split(".")[-1]: module
                   for module in json.load(file)}
    if not set(modules) <= {"Transformer", "Pooling", "Normalize"}:
        raise ValueError(f"unknown modules: {sorted(modules)}")
    path = os.path.join(directory, modules["Pooling"]["path"], "config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    modes = config.get("pooling_mode",
                       [mode for key, mode in KEYS.items() if config.get(key)]
                       or ["mean"])
    return [modes] if isinstance(modes, str) else modes, \
        "Normalize" in modules


def _in_order(states):
    """The sum over tokens, one after the other, in the type of the states."""
    total = states[0].copy()
    for state in states[1:]:
        total = total + state
    return total


def pool(mode, states):
    """states [T, width] -> [width]"""
    dtype, count = states.dtype.type, len(states)
    if mode == "cls":
        return states[0]
    if mode == "lasttoken":
        return states[-1]
    if mode == "max":
        return states.max(axis=0)
    if mode == "mean":
        return _in_order(states) / dtype(count)
    if mode == "mean_sqrt_len_tokens":
        return _in_order(states) / np.sqrt(dtype(count))
    if mode == "weightedmean":
        weights = np.arange(1, count + 1).astype(dtype)
        return _in_order(states * weights[:, None]) / \
            dtype(count * (count + 1) // 2)
    raise ValueError(f"unknown mode {mode}")


def vector(arithmetic, states, modes, normalizes):
    """states [T, width] -> the vector of the text, [modes * width]"""
    joined = np.concatenate([pool(mode, states) for mode in modes])
    if not normalizes:
        return joined
    length = np.sqrt(arithmetic.dot(joined, joined))
    return joined / np.maximum(length, arithmetic.dtype(1e-12))
