"""Breaks one thing in a checkpoint and compiles it.

    refuses.py TRITC FOLDER CODE KIND [ARGUMENTS]

Copies FOLDER/good to FOLDER/bad, damages it there as KIND says, and runs tritc
on it. Expects the exit code CODE, one line on standard error, nothing on
standard output and no output file. Prints the line.
"""
import json
import os
import shutil
import struct
import subprocess
import sys

QUERY = "model.layers.0.self_attn.q_proj.weight"


def edit_json(directory, name, change):
    path = os.path.join(directory, name)
    with open(path) as file:
        value = json.load(file)
    change(value)
    with open(path, "w") as file:
        json.dump(value, file)


class Weights:
    """model.safetensors, taken apart and put together again."""

    def __init__(self, directory):
        self.path = os.path.join(directory, "model.safetensors")
        with open(self.path, "rb") as file:
            length, = struct.unpack("<Q", file.read(8))
            self.header = json.loads(file.read(length))
            self.data = bytearray(file.read())

    def write(self):
        header = json.dumps(self.header).encode()
        with open(self.path, "wb") as file:
            file.write(struct.pack("<Q", len(header)) + header + self.data)

    def begin(self, name):
        return self.header[name]["data_offsets"][0]

    def shift(self, name, by):
        self.header[name]["data_offsets"][0] += by
        self.header[name]["data_offsets"][1] += by


def truncate(directory, count):
    path = os.path.join(directory, "model.safetensors")
    os.truncate(path, os.path.getsize(path) - int(count))


def header_length(directory, length):
    with open(os.path.join(directory, "model.safetensors"), "r+b") as file:
        file.write(struct.pack("<Q", int(length)))


def config(directory, *arguments):
    """Keys and values in turns."""
    values = map(json.loads, arguments[1::2])
    edit_json(directory, "config.json",
              lambda settings: settings.update(zip(arguments[::2], values)))


def chat_template(directory, text):
    edit_json(directory, "tokenizer_config.json",
              lambda settings: settings.update({"chat_template": text}))


def rename(weights, name):
    weights.header[name + ".gone"] = weights.header.pop(name)


def dtype(weights, name, value):
    weights.header[name]["dtype"] = value


def shape(weights, name, value):
    weights.header[name]["shape"] = json.loads(value)


def overlap(weights, name):
    weights.shift(name, -1)


def gap(weights, name):
    weights.shift(name, 1)


def code3(weights):
    weights.data[weights.begin(QUERY)] |= 3


def scale(weights, bits):
    at = weights.begin(QUERY + "_scale")
    weights.data[at:at + 2] = struct.pack("<H", int(bits, 16))


def damage(directory, kind, *arguments):
    if kind in ("truncate", "header_length", "config", "chat_template"):
        globals()[kind](directory, *arguments)
        return
    weights = Weights(directory)
    globals()[kind](weights, *arguments)
    weights.write()


def main(tritc, folder, code, kind, *arguments):
    bad, output = os.path.join(folder, "bad"), os.path.join(folder, "output")
    shutil.rmtree(bad, ignore_errors=True)
    shutil.copytree(os.path.join(folder, "good"), bad)
    os.makedirs(output, exist_ok=True)
    damage(bad, kind, *arguments)
    result = subprocess.run([tritc, bad, "-o", os.path.join(output, "chat")],
                            capture_output=True, text=True, check=False)
    print(result.stderr, end="")
    for what, found, expected in (
            ("exit code", result.returncode, int(code)),
            ("lines", result.stderr.count("\n"), 1),
            ("standard output", result.stdout, ""),
            ("files", os.listdir(output), [])):
        if found != expected:
            sys.exit(f"{what}: expected {expected}, found {found}")


main(*sys.argv[1:])
