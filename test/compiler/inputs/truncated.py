"""Whether an executable knows that its file is not all there.

    truncated.py [--runner=EMULATOR] PROGRAM CUT

CUT becomes PROGRAM, cut off at one place after the other behind its code, or
with zeros from there on. It must end with code 3 and one line each time.
"""
import os
import struct
import subprocess
import sys

PAGE = 4096


def segments(data):
    """(offset, bytes in the file) of each PT_LOAD; the image's is the last."""
    table, = struct.unpack_from("<Q", data, 32)
    count, = struct.unpack_from("<H", data, 56)
    for index in range(count):
        kind, _, offset, _, _, size, _, _ = struct.unpack_from(
            "<IIQQQQQQ", data, table + 56 * index)
        if kind == 1:
            yield offset, size


def check(runner, path, data, expected):
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, 0o755)
    result = subprocess.run(runner + [path, "info"], capture_output=True,
                            text=True)
    if (result.returncode, result.stdout, result.stderr) != (3, "", expected):
        sys.exit(f"truncated: expected code 3 and {expected!r}, found "
                 f"{result}")


def main():
    arguments = sys.argv[1:]
    runner = []
    if arguments[0].startswith("--runner="):
        runner = [arguments.pop(0).partition("=")[2]]
    program, cut = arguments
    with open(program, "rb") as file:
        data = file.read()
    *code, (image, size) = segments(data)
    end = image + size
    # Behind the page in which the data ends: what is not there reads as zero.
    first = max(offset + bytes for offset, bytes in code) // PAGE * PAGE + PAGE
    places = [first, image - 1, image, image + 1, image + PAGE,
              image + size // 2, end - PAGE - 1, end - PAGE, end - 16, end - 1]
    for place in places:
        check(runner, cut, data[:place],
              f"error: this program is incomplete: its file has {place} bytes, "
              f"expected {end}; copy it again\n")
        check(runner, cut, data[:place] + bytes(len(data) - place),
              "error: this program is incomplete: the end of its file is not "
              "what tritc wrote; copy it again\n")


if __name__ == "__main__":
    main()
