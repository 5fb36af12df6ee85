"""overwrite.py CHECKPOINT TENSOR INDEX BYTE: damages one byte of a tensor."""
import json
import struct
import sys

folder, tensor, index, byte = sys.argv[1:]
with open(folder + "/model.safetensors", "r+b") as file:
    (size,) = struct.unpack("<Q", file.read(8))
    start, end = json.loads(file.read(size))[tensor]["data_offsets"]
    assert start + int(index) < end
    file.seek(8 + size + start + int(index))
    file.write(bytes([int(byte)]))
