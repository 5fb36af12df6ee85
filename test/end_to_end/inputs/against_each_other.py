"""Checks of emitted.py: programs for several targets against each other."""

import os
import pty
import re
import select
import subprocess
import sys

from workshop import fail, random_ids

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = os.path.join(HERE, "..", "..", "reference")
sys.path.insert(0, REFERENCE)
import model as reference_model  # noqa: E402


def bits(shop):
    checkpoint = shop.synthesize("packed")
    ids = random_ids(reference_model.Model(checkpoint).config,
                     shop.options.length)
    expected = None
    for target, program in shop.programs(checkpoint).items():
        for threads in shop.options.threads.split(","):
            for chunk in shop.options.chunks.split(","):
                found = program.logits(ids, "-t", threads, "--chunk", chunk)
                expected = expected or found
                if found != expected:
                    first = next((i for i, (a, b) in enumerate(
                        zip(found[0], expected[0])) if a != b), "none")
                    fail(f"{target}, {threads} threads, chunks of {chunk}: "
                         f"other logits; first line that differs: {first}")
        print(f"{target}: {len(ids)} tokens, hash {expected[1]}")


PROMPTS = ["Hello", "The first", "What is a tree?", "def main():\n", "1, 2, 3",
           "Привет", "once upon a time", "世界"]


def everywhere(shop):
    """One model for every target: logits, and texts of one seed."""
    checkpoint = shop.synthesize("packed")
    ids = random_ids(reference_model.Model(checkpoint).config,
                     shop.options.length)
    expected = None
    programs = shop.programs(checkpoint)
    for target, program in programs.items():
        for threads in shop.options.threads.split(","):
            found = [program.logits(ids, "-t", threads, "--chunk", chunk)[1]
                     for chunk in shop.options.chunks.split(",")]
            found.append(program.text("Hello", shop.options.length, "-t",
                                      threads, "--temp", 0.9, "-s", 1))
            expected = expected or [found[0]] * (len(found) - 1) + [found[-1]]
            if found != expected:
                fail(f"{target}, {threads} threads: expected {expected}, "
                     f"found {found}")
        print(f"{target}: {expected[0]}, {len(expected[-1])} bytes of text")
    if len(programs) < 2 or not expected[-1].strip():
        fail("nothing was compared")


def greedy(shop):
    texts(shop, "--temp", 0)


def sampled(shop):
    texts(shop, "--temp", 0.9, "-s", 7)


def texts(shop, *sampling):
    checkpoint = shop.synthesize("packed")
    programs = shop.programs(checkpoint)
    total = 0
    for prompt in PROMPTS:
        expected = None
        for target, program in programs.items():
            for threads in shop.options.threads.split(","):
                text = program.text(prompt, shop.options.length, "-t",
                                    threads, *sampling)
                expected = text if expected is None else expected
                if text != expected:
                    fail(f"{target}, {threads} threads: another text on "
                         f"{prompt!r}")
        total += len(expected)
    if total < 1000:
        fail(f"only {total} bytes of text: nothing was compared")
    print(f"{len(PROMPTS)} texts, {total} bytes, equal")


LINES = [b"/help", b"Hello", b"What is\\", b"a tree?", b"/clear", b"Hello"]


def terminal_session(program, lines, *options):
    """What a terminal without escape sequences shows while lines are typed, each
    at a prompt."""
    ours, theirs = pty.openpty()
    command = [*program.command, "--temp", "0", "--no-history", *options]
    seen = b""
    with subprocess.Popen(command, stdin=theirs, stdout=theirs,
                          stderr=theirs,
                          env={**os.environ, "TERM": "dumb"}) as process:
        os.close(theirs)
        for line in [*lines, None]:
            while not seen.endswith((b"\n> ", b"\n| ")):
                if not select.select([ours], [], [], 60)[0]:
                    process.kill()
                    fail(f"{program.path}: no prompt after {seen!r}")
                seen += os.read(ours, 4096)
            os.write(ours, b"\x04" if line is None else line + b"\n")
            seen += b"\0"  # no prompt any more
        if process.wait() != 0:
            fail(f"{program.path}: exit code {process.returncode}")
    os.close(ours)
    return seen.replace(b"\0", b"")


def terminal(shop):
    checkpoint = shop.synthesize("packed")
    expected = None
    for target, program in shop.programs(checkpoint).items():
        shown = terminal_session(program, LINES, "-n", str(shop.options.length)) \
            .replace(target.encode(), b"TARGET")
        expected = expected or shown
        if shown != expected:
            fail(f"{target}: expected {expected!r}, found {shown!r}")
    print(f"{len(LINES)} lines typed, {len(expected)} bytes shown, equal")


def forgetting(shop):
    """Messages without answers until the oldest are forgotten, then one with an
    answer: the keys and values, and the answer, of a chat that only heard the
    messages that were kept."""
    checkpoint = shop.synthesize("packed")
    messages = [f"{word} is message number {number}".encode() for number, word in
                enumerate("One Two Three Four Five Six Seven Eight".split())]

    def chat(program, messages, context):
        """-> what the terminal showed behind the messages, the bytes of /save"""
        saved = shop.path("conversation")
        lines = [*messages, b"/set predict 16", b"Now answer", b"/save " + saved.encode()]
        shown = terminal_session(program, lines, "-n", "0", "-c", str(context),
                                 "-s", "1", "-sys", "A system prompt stays")
        with open(saved, "rb") as file:
            return shown, shown[shown.index(b"Now answer"):], file.read()

    for target, program in shop.programs(checkpoint).items():
        shown, *full = chat(program, messages, 128)
        forgotten = sum(int(count) for count in
                        re.findall(rb"the oldest (\d+) turns? ", shown))
        if not 0 < forgotten < len(messages):
            fail(f"{target}: {forgotten} turns forgotten in {shown!r}")
        if tuple(full) != chat(program, messages[forgotten:], 128)[1:]:
            fail(f"{target}: not as if begun anew: {shown!r}")
        if full[1] == chat(program, messages[forgotten - 1:], 256)[2]:
            fail(f"{target}: what was saved does not depend on the messages")
        print(f"{target}: {forgotten} turns forgotten, {len(full[1])} bytes equal")
