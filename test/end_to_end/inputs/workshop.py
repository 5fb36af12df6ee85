"""Synthetic checkpoints, the programs that tritc makes of them, how to run them.

A Workshop keeps both in a folder of its own; the options are emitted.py's.
"""

import os
import platform
import random
import shutil
import subprocess
import sys
from collections import namedtuple

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")


def fail(message):
    sys.exit(f"emitted: {message}")


def run(*command, **options):
    if "input" not in options:
        options.setdefault("stdin", subprocess.DEVNULL)
    result = subprocess.run([str(c) for c in command], capture_output=True,
                            check=False, **options)
    if result.returncode != 0:
        fail(f"{' '.join(map(str, command))[:500]}: exit code "
             f"{result.returncode}\n{result.stderr.decode(errors='replace')}")
    return result.stdout


Architecture = namedtuple("Architecture", "name llvm elf debian emulator plain best")


def architectures():
    """The rows of targets/Architectures.def."""
    rows = []
    with open(os.path.join(ROOT, "targets", "Architectures.def"),
              encoding="utf-8") as table:
        for line in table:
            if line.startswith("TRITC_ARCHITECTURE("):
                words = line[line.index("(") + 1:line.rindex(")")].split(",")
                rows.append(Architecture(*(word.strip(' "') for word in words)))
    return rows


ARCHITECTURES = {row.name: row for row in architectures()}


def architecture_of(path):
    """The row of an ELF file."""
    with open(path, "rb") as file:
        machine = int.from_bytes(file.read(20)[18:], "little")
    return next(row for row in ARCHITECTURES.values() if int(row.elf) == machine)


# What runs the programs of another architecture: the oldest processor that
# has it.
EMULATORS = {row.name: [[row.emulator, "-cpu", cpu] for cpu in (row.plain, row.best)]
             for row in ARCHITECTURES.values()}


def runner(path):
    """Words before the name of a program with which it runs here: none, or the
    plainest emulated CPU that has what it needs. Else None."""
    architecture = architecture_of(path).name
    ways = [[]] if architecture == platform.machine() else EMULATORS[architecture]
    for way in ways:
        if way and not shutil.which(way[0]):
            continue
        result = subprocess.run([*way, path, "info"], capture_output=True,
                                check=False)
        if result.returncode == 0:
            return way
        # This CPU lacks a feature; anything else is a failure.
        if result.returncode != 4 or result.stderr.count(b"\n") != 1:
            fail(f"{path} info: exit code {result.returncode}, "
                 f"{result.stderr!r}")
    return None


class Program:
    """An emitted executable, and how it is called."""

    def __init__(self, path):
        self.path = path
        self.command = [*(runner(path) or []), path]

    def logits(self, ids, *options):
        """-> list of lines, hash"""
        *lines, last = run(*self.command, "logits", "--ids",
                           ",".join(map(str, ids)), *options) \
            .decode().splitlines()
        word, digits = last.split()
        if word != "hash" or len(digits) != 16 or len(lines) != len(ids):
            fail(f"{self.path}: unexpected output of logits: {last}")
        return lines, digits

    def all_logits(self, ids, vocab, *options):
        """-> float32 [ids, vocab], hash"""
        dump = self.path + ".logits"
        lines, digits = self.logits(ids, "--dump", dump, *options)
        logits = np.fromfile(dump, "<f4").reshape(len(ids), vocab)
        os.remove(dump)
        for line, row in zip(lines, logits):
            if int(line.split()[2]) != row.argmax() or \
                    np.float32(line.split()[3]) != row.max():
                fail(f"{self.path}: --dump disagrees with the line {line}")
        return logits, digits

    def text(self, prompt, count, *options):
        return run(*self.command, "-p", prompt, "--raw", "-n", count, *options)


class Workshop:
    def __init__(self, options):
        self.options = options
        shutil.rmtree(options.work, ignore_errors=True)
        os.makedirs(options.work)

    def path(self, name):
        return os.path.join(self.options.work, name)

    def synthesize(self, name, *options):
        run(self.options.synth, *self.options.shape, *options, "-o",
            self.path(name))
        return self.path(name)

    def tritc(self, checkpoint, target, *options):
        run(self.options.tritc, checkpoint, f"--target={target}",
            f"--head={self.options.head}", f"--kv={self.options.kv}", *options)

    def compile(self, checkpoint, target):
        program = f"{checkpoint}.{target}"
        self.tritc(checkpoint, target, "--selftest=none", "-o", program)
        return Program(program)

    def image(self, checkpoint, target):
        """The bytes that a program of this checkpoint reads, without a name."""
        path = f"{checkpoint}.{target}.image"
        self.tritc(checkpoint, target, "--name=model", "--emit=image", "-o", path)
        with open(path, "rb") as file:
            return file.read()

    def programs(self, checkpoint):
        """What can be run, by target; the rest is skipped by name."""
        names = self.options.targets.split(",")
        if names == ["all"]:
            names = run(self.options.tritc, "--print-targets").decode().split()
        programs = {target: self.compile(checkpoint, target)
                    for target in names}
        for target, program in list(programs.items()):
            if runner(program.path) is None:
                print(f"skipped: nothing here can run {target}")
                del programs[target]
        return programs


def random_ids(config, count, seed=1):
    """BOS of the synthetic vocabulary, then any tokens."""
    rng = random.Random(seed)
    specials = 16 if config.vocab < 2048 else 256
    return [config.vocab - specials] + \
        [rng.randrange(config.vocab) for _ in range(count - 1)]
