"""inner_loops - The loops of a function that read matrices, and what they cost.

A loop is found in LLVM's IR, where the origin of an address is plain, and cut out
of the assembly of the same module; llvm-mca says what a turn of it costs.
"""
import re
import subprocess
import sys
from collections import namedtuple

# What begins a comment in its assembly.
Architecture = namedtuple("Architecture", "name comment")
ARCHITECTURES = {"aarch64": Architecture("aarch64", "//"), "x86_64": Architecture("x86_64", "#")}

# What LLVM's model of a processor lacks: its Neoverse N1 does not know products of
# sixteen bytes, and takes them for sums. Arm's manual has one line for them and
# for products of eight words, which the model knows.
CORRECTIONS = {"neoverse-n1": (r"\b(mul|mla|mls)(\s+v\d+)\.16b, (v\d+)\.16b, (v\d+)\.16b", r"\1\2.8h, \3.8h, \4.8h")}

# The `bytes` that begin `offset` bytes after the function's first argument.
Matrix = namedtuple("Matrix", "name weights offset bytes packing")
# A loop over a matrix: lines of assembly, and the weights that a turn reads.
Loop = namedtuple("Loop", "matrix lines weights")


def fail(message):
    sys.exit(f"predict_speed: {message}")


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        fail(f"{' '.join(command)}:\n{done.stderr.strip()}")
    return done.stdout


def blocks_of(ir, function):
    """The function's first argument, and its basic blocks: name -> lines."""
    body = re.search(rf"^define [^\n]*@{function}\([^\n]*?(%[\w.]+)[^\n]*\{{\n(.*?)^\}}", ir, re.M | re.S)
    if not body:
        fail(f"no function '{function}'")
    blocks = {}
    for line in filter(None, body[2].splitlines()):
        label = re.match(r"([\w.$-]+):", line)
        if label or not blocks:
            current = blocks.setdefault(label[1] if label else "", [])
        if not label:
            current.append(line.strip())
    return body[1], blocks


def address_origins(blocks):
    """Maps a pointer to its base, and the bytes that the first step from it adds;
    None for bytes that are not a constant."""
    steps = {}
    for block, lines in blocks.items():
        for line in lines:
            step = re.match(r"(%[\w.]+) = getelementptr .*?i8, ptr (%[\w.]+), i64 (\S+)", line)
            if step:
                steps[step[1]] = (step[2], int(step[3]) if re.fullmatch(r"-?\d+", step[3]) else None)
            phi = re.match(r"(%[\w.]+) = phi ptr ", line)
            if phi:  # as the block is entered
                entering = [p for p, before in re.findall(r"\[ (%[\w.]+), %([\w.$-]+) \]", line) if before != block]
                steps[phi[1]] = (entering[0], 0)

    def origin(pointer):
        added = 0
        for _ in range(len(steps)):
            if pointer not in steps:
                break
            pointer, added = steps[pointer]
        return pointer, added

    return origin


def loops_in_ir(ir, function, matrices):
    """For each matrix, (block, bytes) of the loop that reads most of it a turn."""
    argument, blocks = blocks_of(ir, function)
    origin = address_origins(blocks)
    found = {}
    for block, lines in blocks.items():
        if not re.search(rf"label %{re.escape(block)}(,|$)", lines[-1]):
            continue
        read = {}
        for line in lines:
            load = re.match(r"%[\w.]+ = load (?:<(\d+) x )?i(\d+)>?, ptr (%[\w.]+)", line)
            base, offset = origin(load[3]) if load else (None, None)
            if base != argument or offset is None:
                continue
            for matrix in matrices:
                if matrix.offset <= offset < matrix.offset + matrix.bytes:
                    read[matrix] = read.get(matrix, 0) + int(load[1] or 1) * int(load[2]) // 8
        for matrix, size in read.items():
            if size > found.get(matrix, ("", 0))[1]:
                found[matrix] = (block, size)
    return found


def plain(architecture, assembly):
    """Instructions alone, every label called the same."""
    assembly = re.sub(rf"\s*{architecture.comment}.*|^\s*\..*|^\S.*", "", assembly, flags=re.M)
    assembly = re.sub(r"\.LBB\w+", ".Lloop", assembly)
    return re.sub(r"\n\s*(?=\n)", "", assembly).strip("\n")


def loop_in_assembly(architecture, assembly, function, block):
    """From the block's label to the branch back to it, or None."""
    body = re.search(rf"^{function}:.*?^\.Lfunc_end", assembly, re.M | re.S)[0]
    label = rf"^(\.LBB\w+):\s*{architecture.comment} %{re.escape(block)}$"
    loop = re.search(rf"{label}(.*?\s\1)\s*$", body, re.M | re.S)
    return loop and plain(architecture, loop[2])


def loops_of(architecture, ir, function, matrices, emitted=None):
    """The inner loop over each of `matrices`; all of them must be in the assembly
    `emitted`, if there is one."""
    named = run(["opt-22", "-passes=instnamer", "-S"], ir)
    assembly = run(["llc-22", "-O2", "-o", "-"], named)
    found = loops_in_ir(named, function, matrices)
    emitted = emitted and plain(architecture, emitted)
    loops = []
    for matrix in matrices:
        block, size = found.get(matrix, (None, 0))
        lines = block and loop_in_assembly(architecture, assembly, function, block)
        if not lines or (emitted and lines not in emitted):
            fail(f"no inner loop of '{function}' reads {matrix.name}")
        loops.append(Loop(matrix, lines, size * matrix.weights / matrix.bytes))
    return loops


def model_of(architecture, cpu):
    """The name of LLVM's scheduling model, as its resources spell it; None if the
    processor is of another architecture."""
    command = ["llvm-mca-22", f"-mtriple={architecture.name}", f"-mcpu={cpu}"]
    done = subprocess.run(command, input="nop\n", capture_output=True, text=True, check=False)
    if "not a recognized processor" in done.stderr:
        return None
    return re.search(r"^\[0[.0]*\] +- (\w+?)(?:Unit|Divider|Port|AGU)", done.stdout, re.M)[1]


def cycles_per_turn(architecture, lines, cpu, turns=100):
    """llvm-mca's cycles, or None where the processor lacks an instruction."""
    command = ["llvm-mca-22", f"-mtriple={architecture.name}", f"-mcpu={cpu}", f"-iterations={turns}"]
    text = f".Lloop:\n{lines}\n"
    if cpu in CORRECTIONS:
        text = re.sub(*CORRECTIONS[cpu], text)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        if not re.search("instruction requires|unsupported instruction", done.stderr):
            fail(f"{' '.join(command)}:\n{done.stderr.strip()}")
        return None
    return int(re.search(r"Total Cycles: +(\d+)", done.stdout)[1]) / turns
