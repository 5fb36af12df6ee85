"""Compiles synthetic checkpoints and compares what the programs say.

    emitted.py CHECK --tritc TRITC --synth SYNTH --work DIR [options] [SHAPE..]

SHAPE are options of tritc-synth. Each CHECK prints what it compared and exits
with 1 at the first difference:

  accuracy   logits of the first target against the reference: within 1e-4 of
             float64, equal bits in the contract's float32; of master weights,
             the same, or the image of the packed ones where they are one model
  extremes   the same for a checkpoint whose integer products are as large as
             they can be, on all --targets
  blocks     the same for a GGUF file whose table of embeddings is of any
             numbers in blocks (--table-encoding in SHAPE), and on all
             --targets, with all numbers of threads and sizes of chunks
  bits       logits of all --targets, thread counts and chunk sizes against each
             other; --length random tokens
  everywhere logits and a text of all --targets and thread counts, decode and
             prefill; `--targets all` are those that TRITC prints
  greedy     texts that the --targets write on several prompts, greedily
  sampled    the same, drawn with a fixed seed at --temp 0.9
  terminal   what the --targets show in a chat on a terminal
  forgetting what is saved once the context was full, against a chat that only
             heard what was kept
  tokens     token ids against the reference
  embed      vectors of texts against the reference
  pooling    vectors of all modes of pooling against the reference, on all
             --targets; numbers of threads go with sizes of chunks
  chat       answers to conversations, whose ids the reference makes
  full-size  time and memory of compiling, time of `info`
"""

import argparse
import subprocess
import time

import against_each_other
import against_reference
from workshop import Workshop, fail, run


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


def full_size(shop):
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
    checks = {"full-size": full_size}
    for check in (against_reference.accuracy, against_reference.extremes,
                  against_reference.blocks, against_reference.tokens, against_reference.embed,
                  against_reference.pooling, against_reference.chat, against_each_other.bits,
                  against_each_other.everywhere, against_each_other.greedy,
                  against_each_other.sampled, against_each_other.terminal,
                  against_each_other.forgetting):
        checks[check.__name__] = check
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
