"""Whether an executable still works once a tool has rewritten it.

    survives.py [--runner=EMULATOR] PROGRAM COPY TOOL [ARGUMENT...]

TOOL rewrites COPY, a copy of PROGRAM, in place. Both must print the same logits,
and the segment of the image must still begin on a large page of the file.
"""
import shutil
import struct
import subprocess
import sys

LARGE_PAGE = 2 << 20


def logits(runner, program):
    return subprocess.run(runner + [program, "logits", "--ids", "1,2,3"],
                          check=True, capture_output=True).stdout


def last_segment(path):
    """Type, offset and alignment of the last program header."""
    with open(path, "rb") as file:
        data = file.read(4096)
    table, = struct.unpack_from("<Q", data, 32)
    count, = struct.unpack_from("<H", data, 56)
    kind, _, offset, _, _, _, _, alignment = struct.unpack_from(
        "<IIQQQQQQ", data, table + 56 * (count - 1))
    return kind, offset, alignment


def main():
    arguments = sys.argv[1:]
    runner = []
    if arguments[0].startswith("--runner="):
        runner = [arguments.pop(0).partition("=")[2]]
    program, copy, *tool = arguments
    shutil.copy(program, copy)
    subprocess.run(tool + [copy], check=True)
    with open(program, "rb") as one, open(copy, "rb") as other:
        if one.read() == other.read() and "--strip-sections" not in tool:
            sys.exit(f"survives: {tool[0]} changed nothing")
    if logits(runner, copy) != logits(runner, program):
        sys.exit("survives: the logits differ")
    kind, offset, alignment = last_segment(copy)
    if kind != 1 or offset % LARGE_PAGE or alignment != LARGE_PAGE:
        sys.exit(f"survives: expected a PT_LOAD on a large page, found type "
                 f"{kind} at {offset}, aligned to {alignment}")


if __name__ == "__main__":
    main()
