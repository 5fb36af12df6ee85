"""Reads safetensors files: a JSON header, then the bytes of the tensors."""

import json
import os

import numpy as np

_PLAIN_TYPES = {"U8": np.uint8, "I8": np.int8, "F16": np.float16,
                "F32": np.float32, "BF16": np.uint16}


def widen_bf16(bits):
    """bf16 bit patterns (uint16) -> the same numbers as float32."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def round_bf16(values):
    """float32 -> float32 that bf16 can hold, round to nearest even."""
    values = np.asarray(values, np.float32)
    bits = np.atleast_1d(values).view(np.uint32)
    bits = bits + np.uint32(0x7FFF) + (bits >> 16 & 1)
    return (bits >> 16 << 16).view(np.float32).reshape(values.shape)


def round_to(dtype, values):
    """float32 -> float32 that the stored type can hold."""
    if dtype == "BF16":
        return round_bf16(values)
    return np.asarray(values, np.float32).astype(_PLAIN_TYPES[dtype]) \
        .astype(np.float32)


class SafetensorsFile:
    """One file, mapped. tensor() gives stored elements, bf16 as float32."""

    def __init__(self, path):
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        self.entries = header
        self.data = np.memmap(path, np.uint8, "r", offset=8 + length)

    def dtype(self, name):
        return self.entries[name]["dtype"]

    def tensor(self, name):
        entry = self.entries[name]
        begin, end = entry["data_offsets"]
        # A copy, because nothing aligns the bytes of a tensor in its file.
        stored = np.frombuffer(self.data[begin:end].tobytes(),
                               _PLAIN_TYPES[entry["dtype"]])
        stored = stored.reshape(entry["shape"])
        return widen_bf16(stored) if entry["dtype"] == "BF16" else stored


class TensorDirectory:
    """The tensors of a checkpoint directory, in one file or in shards."""

    def __init__(self, directory):
        single = os.path.join(directory, "model.safetensors")
        if os.path.exists(single):
            names = [single]
        else:
            with open(single + ".index.json", encoding="utf-8") as file:
                shards = set(json.load(file)["weight_map"].values())
            names = [os.path.join(directory, name) for name in sorted(shards)]
        self.owner = {}
        for path in names:
            file = SafetensorsFile(path)
            for name in file.entries:
                self.owner[name] = file

    def __contains__(self, name):
        return name in self.owner

    def dtype(self, name):
        return self.owner[name].dtype(name)

    def tensor(self, name):
        return self.owner[name].tensor(name)
