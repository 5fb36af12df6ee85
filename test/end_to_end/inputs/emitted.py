"""Compiles synthetic checkpoints and compares what the programs say.

    emitted.py CHECK --tritc TRITC --synth SYNTH --work DIR [options] [SHAPE..]

SHAPE are options of tritc-synth. Each CHECK prints what it compared and exits
with 1 at the first difference:

  accuracy   logits of the first target against the reference: within 1e-4 of
             float64, equal bits in the contract's float32; packed and master
             weights, against each other where they are one model
  extremes   the same for a checkpoint whose integer products are as large as
             they can be, on all --targets
  bits       logits of all --targets, thread counts and chunk sizes against each
             other; --length random tokens
  everywhere logits and a text of all --targets and thread counts, decode and
             prefill; `--targets all` are those that TRITC prints
  greedy     texts that the --targets write on several prompts, greedily
  sampled    the same, drawn with a fixed seed at --temp 0.9
  terminal   what the --targets show in a chat on a terminal
  tokens     token ids against the reference
  embed      vectors of texts against the reference
  chat       answers to conversations, whose ids the reference makes
  full-size  time and memory of compiling, time of `info`
"""

import argparse
import json
import os
import platform
import pty
import random
import select
import shutil
import subprocess
import sys
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = os.path.join(HERE, "..", "..", "reference")
sys.path.insert(0, REFERENCE)
import compare_logits  # noqa: E402
import extremes  # noqa: E402
import model as reference_model  # noqa: E402
import tokenizer as reference_tokenizer  # noqa: E402


def fail(message):
    sys.exit(f"emitted: {message}")


def run(*command, **options):
    result = subprocess.run([str(c) for c in command], capture_output=True,
                            check=False, **options)
    if result.returncode != 0:
        fail(f"{' '.join(map(str, command))[:500]}: exit code "
             f"{result.returncode}\n{result.stderr.decode(errors='replace')}")
    return result.stdout


# What runs the programs of another architecture: the oldest processor that
# has it.
MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine of ELF headers
EMULATORS = {"aarch64": [["qemu-aarch64", "-cpu", cpu]
                         for cpu in ("cortex-a53", "max")]}


def runner(path):
    """Words before the name of a program with which it runs here: none, or the
    plainest emulated CPU that has what it needs. Else None."""
    with open(path, "rb") as file:
        architecture = MACHINES[int.from_bytes(file.read(20)[18:], "little")]
    ways = [[]] if architecture == platform.machine() else \
        EMULATORS.get(architecture, [])
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

    def compile(self, checkpoint, target):
        program = f"{checkpoint}.{target}"
        run(self.options.tritc, checkpoint, f"--target={target}",
            f"--head={self.options.head}", f"--kv={self.options.kv}",
            "--selftest=none", "-o",
            program)
        return Program(program)

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


def compare_with_reference(program, checkpoint, ids, options):
    """Fails unless the logits are right; returns their hash."""
    single = reference_model.Model(checkpoint, reference_model.Float32,
                                   options.head, kv=options.kv)
    recorder = reference_model.Recorder(single)
    _, contract, _ = reference_model.run(single, ids, len(ids), 0)
    # Where a value lies on a rounding boundary, float64 follows float32.
    oracle = reference_model.Model(checkpoint, head=options.head,
                                   kv=options.kv)
    oracle.decisions = reference_model.Decisions(recorder.rounded())
    _, expected, _ = reference_model.run(oracle, ids, len(ids), 0)

    found, digits = program.all_logits(ids, expected.shape[1])
    errors = compare_logits.errors_of_arrays(expected,
                                             found.astype(np.float64))
    print(f"{len(errors)} tokens, largest error {errors.max():.3g}, "
          f"{oracle.decisions.followed} values on a boundary")
    if errors.max() > 1e-4:
        fail(f"token {errors.argmax()}: not the logits of the reference")
    if (contract != found).any():
        where = tuple(np.argwhere(contract != found)[0])
        fail(f"token {where[0]}: not the bits of the numerics contract; logit "
             f"{where[1]} is {found[where]!r}, expected {contract[where]!r}")
    if program.logits(ids, "--chunk", 1)[1] != digits:
        fail("tokens one by one give other logits than in a block")
    print("bits are those of the numerics contract")
    return digits


def check_accuracy(shop):
    packed = shop.synthesize("packed")
    config = reference_model.Model(packed).config
    ids = random_ids(config, shop.options.length)
    target = shop.options.targets.split(",")[0]
    digits = compare_with_reference(shop.compile(packed, target), packed, ids,
                                    shop.options)

    master = shop.synthesize("master", "--format=master", "--shards=3")
    program = shop.compile(master, target)
    if config.divides:
        # A stored reciprocal and the magnitude itself round differently.
        compare_with_reference(program, master, ids, shop.options)
        return
    if program.logits(ids)[1] != digits:
        fail("master weights give other logits than packed weights")
    print("master weights give the same bits")


def check_embed(shop):
    """The vector of a text is that of the reference for its last token, which
    is the end token; --ids and --json say the same."""
    checkpoint = shop.synthesize("model")
    program = shop.compile(checkpoint, shop.options.targets.split(",")[0])
    oracle = reference_tokenizer.load(checkpoint + "/tokenizer.json")
    with open(checkpoint + "/config.json", encoding="utf-8") as file:
        config = json.load(file)
    model = reference_model.Model(checkpoint, reference_model.Float32)
    for text in ("Hello world", "  What is\na tree? ", "x"):
        lines = run(*program.command, "tokenize", "-p", text).splitlines()
        ids = [int(line.split(b"\t")[0]) for line in lines]
        own = oracle.encode(text, True)
        if ids[-len(own):] != own:
            fail(f"{text!r}: the ids are not those of the reference")
        ids.append(config["eos_token_id"])
        expected = reference_model.run(model, ids, len(ids), 0)[1][-1]
        found = run(*program.command, "embed", "-p", text)
        vector = np.array(found.split(), np.float32)
        if (vector != expected).any():
            fail(f"{text!r}: not the vector of the reference")
        as_json = json.loads(run(*program.command, "embed", "-p", text,
                                 "--json"))
        if as_json["tokens"] != len(ids) or \
                (np.array(as_json["vector"], np.float32) != vector).any():
            fail(f"{text!r}: --json says something else")
        if run(*program.command, "embed", "--ids",
               ",".join(map(str, ids))) != found:
            fail(f"{text!r}: --ids give another vector")
        length = np.sqrt((vector.astype(np.float64) ** 2).sum())
        if abs(length - 1) > 1e-6:
            fail(f"{text!r}: a vector of length {length}")
    refused = subprocess.run([*program.command, "-p", "Hello"], check=False,
                             capture_output=True)
    if refused.returncode != 1 or b"use the command embed" not in \
            refused.stderr:
        fail("a model without logits answers a prompt")
    print("vectors are those of the numerics contract")


def check_extremes(shop):
    checkpoint = shop.synthesize("extremes")
    extremes.rewrite(checkpoint)
    model = reference_model.Model(checkpoint)
    smallest = []
    model.observers.append(
        lambda name, rounded, exact: rounded.dtype == np.int8 and
        smallest.append(np.abs(rounded.astype(int)).min()))
    ids = random_ids(model.config, shop.options.length)
    reference_model.run(model, ids, len(ids), 0)
    if min(smallest) != 127:
        fail(f"an activation is {min(smallest)}: not the extreme")
    for program in shop.programs(checkpoint).values():
        compare_with_reference(program, checkpoint, ids, shop.options)


def check_bits(shop):
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


def check_everywhere(shop):
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


def check_greedy(shop):
    check_texts(shop, "--temp", 0)


def check_sampled(shop):
    check_texts(shop, "--temp", 0.9, "-s", 7)


def check_texts(shop, *sampling):
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


def terminal_session(program, length):
    """What a terminal shows while LINES are typed, each at a prompt."""
    ours, theirs = pty.openpty()
    command = [*program.command, "-n", str(length), "--temp", "0"]
    seen = b""
    with subprocess.Popen(command, stdin=theirs, stdout=theirs,
                          stderr=theirs) as process:
        os.close(theirs)
        for line in [*LINES, None]:
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


def check_terminal(shop):
    checkpoint = shop.synthesize("packed")
    expected = None
    for target, program in shop.programs(checkpoint).items():
        shown = terminal_session(program, shop.options.length) \
            .replace(target.encode(), b"TARGET")
        expected = expected or shown
        if shown != expected:
            fail(f"{target}: expected {expected!r}, found {shown!r}")
    print(f"{len(LINES)} lines typed, {len(expected)} bytes shown, equal")


def read_tokens(program, text, *options):
    path = program.path + ".text"
    with open(path, "wb") as file:
        # A last newline belongs to the file.
        file.write(text + b"\n")
    lines = run(*program.command, "tokenize", "-f", path, "--no-bos", *options)
    return [int(line.split(b"\t")[0]) for line in lines.splitlines()]


def check_tokens(shop):
    checkpoint = shop.synthesize("packed")
    if shop.options.vocabulary:
        run(sys.executable, os.path.join(REFERENCE, "convert_vocabulary.py"),
            shop.options.vocabulary, checkpoint + "/tokenizer.json",
            checkpoint + "/converted.json")
        os.replace(checkpoint + "/converted.json",
                   checkpoint + "/tokenizer.json")
    program = shop.compile(checkpoint, shop.options.targets.split(",")[0])
    oracle = reference_tokenizer.load(shop.options.vocabulary or
                                      checkpoint + "/tokenizer.json")
    texts = run(sys.executable, os.path.join(REFERENCE, "texts.py"))
    count = 0
    for line in texts.splitlines()[::shop.options.every]:
        value = json.loads(line)
        raw = bytes.fromhex(value["hex"]) if isinstance(value, dict) else \
            value.encode("utf-8", "surrogatepass")
        for recognise in (True, False):
            expected = oracle.encode(reference_tokenizer.as_text(value),
                                     recognise)
            found = read_tokens(program, raw,
                                *([] if recognise else ["--no-parse-special"]))
            if found != expected:
                fail(f"{line.decode()}: expected {expected}, found {found}")
            count += len(found)
    print(f"{count} ids equal")


CHATS = [("Hello", None), ("  What is\na tree? \n", "Answer in one word."),
         ("it's <|eot_id|> 12345", " <|begin_of_text|> ")]


def check_chat(shop):
    """Greedy answers of the program against greedy steps from the ids that the
    reference makes of the conversation."""
    checkpoint = shop.synthesize("packed")
    program = shop.compile(checkpoint, shop.options.targets.split(",")[0])
    oracle = reference_tokenizer.load(checkpoint + "/tokenizer.json")
    spelled = {i: raw for raw, i in oracle.vocabulary.items()}
    stops = {oracle.added[name][0]
             for name in ("<|end_of_text|>", "<|eot_id|>")}
    for user, system in CHATS:
        messages = [{"role": "user", "content": user}]
        options = []
        if system is not None:
            messages.insert(0, {"role": "system", "content": system})
            options = ["-sys", system]
        ids, answer = oracle.chat(messages), b""
        for _ in range(shop.options.length):
            best = int(program.logits(ids)[0][-1].split()[2])
            if best in stops:
                break
            ids.append(best)
            answer += spelled.get(best, b"")  # other special tokens are silent
        found = run(*program.command, "-p", user, "-n", shop.options.length,
                    "--temp", 0, *options).decode()
        expected = answer.decode("utf-8", "replace")
        if found.strip() != expected.strip() or not expected.strip():
            fail(f"{messages}: expected {expected!r}, found {found!r}")
    print(f"{len(CHATS)} answers equal")


def anonymous_bytes(process):
    """Peak of the memory that is not mapped from a file, while it runs."""
    peak = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                for line in file:
                    if line.startswith("RssAnon:"):
                        peak = max(peak, int(line.split()[1]) * 1024)
        except (FileNotFoundError, ProcessLookupError):
            break
        time.sleep(0.01)
    return peak


def check_full_size(shop):
    checkpoint = shop.synthesize("full")
    path = checkpoint + ".program"
    start = time.monotonic()
    with subprocess.Popen([shop.options.tritc, checkpoint, "-o",
                           path]) as process:
        memory = anonymous_bytes(process)
    seconds = time.monotonic() - start
    if process.returncode != 0:
        fail(f"tritc: exit code {process.returncode}")
    print(f"compiled in {seconds:.1f} s with {memory / 1e6:.0f} MB")
    if seconds >= 60 or memory >= 2e9:
        fail("expected less than 60 s and 2000 MB")

    run(path, "info")
    start = time.monotonic()
    run(path, "info")
    milliseconds = 1000 * (time.monotonic() - start)
    print(f"info answers in {milliseconds:.0f} ms")
    if milliseconds >= 50:
        fail("expected less than 50 ms")
    print(run(path, "bench", "-p", 64, "-n", 32, "-t", 2).decode())


def main():
    checks = {"accuracy": check_accuracy, "extremes": check_extremes,
              "bits": check_bits, "everywhere": check_everywhere,
              "greedy": check_greedy,
              "sampled": check_sampled, "terminal": check_terminal,
              "tokens": check_tokens, "chat": check_chat,
              "embed": check_embed,
              "full-size": check_full_size}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0],
                                     allow_abbrev=False)
    parser.add_argument("check", choices=checks)
    parser.add_argument("--tritc", required=True)
    parser.add_argument("--synth", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--targets", default="portable")
    parser.add_argument("--length", type=int, default=24)
    parser.add_argument("--threads", default="1,2,3")
    parser.add_argument("--chunks", default="1,2,3,7,64")
    parser.add_argument("--every", type=int, default=1,
                        help="tokens: take every n-th text")
    parser.add_argument("--head", default="int8")
    parser.add_argument("--kv", default="f16")
    parser.add_argument("--vocabulary", help="a tiktoken rank list")
    options, options.shape = parser.parse_known_args()
    checks[options.check](Workshop(options))


if __name__ == "__main__":
    main()
