"""Damages a parameter in the image of an executable.

    corrupt.py TRITC CHECKPOINT TARGET PROGRAM OUTPUT PARAMETER [LAYER]

OUTPUT becomes PROGRAM, which TRITC compiled from CHECKPOINT for TARGET, with a
bit of every 30th byte of a parameter's copy for LAYER flipped. Where it lies,
the phase `tables` says.
"""

import os
import re
import struct
import subprocess
import sys

MAGIC = b"TRITCIMG"
WEIGHTS_FIELD = 32 + 3 * 16  # offset of TritcImageHeader::weights


def place(tritc, checkpoint, target, parameter):
    """Offset in the weight section, and bytes from one layer to the next."""
    text = subprocess.run(
        [tritc, checkpoint, f"--target={target}", "--stop-after=tables", "-o",
         "-"], check=True, capture_output=True, text=True).stdout
    for line in text.splitlines():
        if f"bitnet.weight @{parameter} " in line:
            layout = re.search(r"offset = (\d+), stride = (\d+)", line)
            return int(layout[1]), int(layout[2])
    sys.exit(f"corrupt: no parameter {parameter}")


def main():
    tritc, checkpoint, target, program, output, parameter = sys.argv[1:7]
    layer = int(sys.argv[7]) if len(sys.argv) > 7 else 0
    offset, stride = place(tritc, checkpoint, target, parameter)
    with open(program, "rb") as file:
        data = bytearray(file.read())
    images = [at for at in range(0, len(data), 4096)
              if data[at:at + 8] == MAGIC]
    if len(images) != 1:
        sys.exit(f"corrupt: expected one image, found {len(images)}")
    weights = struct.unpack_from("<Q", data, images[0] + WEIGHTS_FIELD)[0]
    first = images[0] + weights + offset + layer * stride
    for byte in range(first + 1, first + stride, 30):
        data[byte] ^= 0x40
    with open(output, "wb") as file:
        file.write(data)
    os.chmod(output, 0o755)


if __name__ == "__main__":
    main()
