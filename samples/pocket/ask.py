"""Asks an emitted program every held-out question and counts right answers.

    python3 ask.py CHECKPOINT [--tritc TRITC | --program PROGRAM]
        [--threshold PERCENT] [--verbose]

Compiles the checkpoint with --tritc, or takes a --program. Then

- holds each conversation of heldout.jsonl with the program on a terminal,
  greedily; a question counts when the answer is the expected text exactly;
- lets the NumPy reference hold the same conversations, and checks that the
  program chooses the same tokens as the reference in every answer.

Without either, only the reference answers. Fails below the threshold or where
the two disagree.
"""

import argparse
import multiprocessing
import os
import pty
import select
import subprocess
import sys
import tempfile

import numpy as np

import dialogue
from oracle import FLOAT32, LONGEST, Oracle


class Chat:
    """A program's chat, on a terminal, with its answers in a pipe."""

    def __init__(self, program):
        master, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [program, "--temp", "0", "-n", str(LONGEST), "--no-history"],
            stdin=terminal, stdout=subprocess.PIPE, stderr=terminal,
            env={**os.environ, "TERM": "dumb"})
        os.close(terminal)
        self.terminal = master
        self.answers = self.process.stdout.fileno()
        self.until_mark()

    def until_mark(self):
        """Waits for the program's `> ` -> what it answered until then."""
        answer, shown = b"", b""
        while not shown.endswith(b"> "):
            ready, _, _ = select.select([self.answers, self.terminal], [], [], 60)
            if not ready:
                raise RuntimeError("the program does not answer")
            if self.answers in ready:
                answer += os.read(self.answers, 65536)
            if self.terminal in ready:
                new = os.read(self.terminal, 65536)
                if not new:
                    raise RuntimeError(f"the program ended: {shown!r}")
                shown += new
        # The answer is written before the mark, so it can be read now.
        while select.select([self.answers], [], [], 0)[0]:
            answer += os.read(self.answers, 65536)
        return answer.decode("utf-8", "replace")

    def say(self, line):
        os.write(self.terminal, line.encode("utf-8") + b"\n")
        return self.until_mark().removesuffix("\n")

    def close(self):
        os.close(self.terminal)
        self.process.terminate()
        self.process.communicate()


def hold_conversations(program, conversations):
    """-> the program's answers, conversation by conversation"""
    chat = Chat(program)
    answers = []
    for turns in conversations:
        answers.append([chat.say(user) for user, _ in turns])
        chat.say("/clear")
    chat.close()
    return answers


def hold_with_reference(checkpoint, conversations):
    """-> Held of each, in several processes"""
    with multiprocessing.Pool(initializer=_start, initargs=(checkpoint,)) \
            as pool:
        return pool.map(_hold, conversations, chunksize=8)


def _start(checkpoint):
    global _oracle
    _oracle = Oracle(checkpoint)


def _hold(turns):
    return _oracle.hold(turns)


def choices_of(program, ids):
    """The program's best token after each of the ids."""
    result = subprocess.run(
        [program, "logits", "--ids", ",".join(map(str, ids))], check=True,
        stdout=subprocess.PIPE, text=True)
    return np.array([int(line.split()[2])
                     for line in result.stdout.splitlines()
                     if not line.startswith("hash")])


def differences(program, held, answer):
    """How many tokens of a conversation the program chooses otherwise, given
    the same tokens before; at least one if its chat said something else."""
    choices = choices_of(program, held.ids[:-1])
    count = sum(int(choices[place] != held.ids[place + 1])
                for place in held.places)
    return count or int(answer != held.answers)


def compare(program, checkpoint, conversations, held, answers):
    """Prints where program and reference differ -> do they agree?

    The reference computes in float64. Where an activation lies at the boundary
    of two 8-bit values, float32 may round it to the other one, and a token that
    was a toss-up may change. There, the reference in float32 decides, which
    makes the same operations as the program in the same order.
    """
    different = [i for i, (h, answer) in enumerate(zip(held, answers))
                 if differences(program, h, answer)]
    tokens = sum(len(h.places) for h in held)
    print(f"program and reference: {len(different)} of {len(held)} "
          f"conversations differ, {tokens} tokens")
    if not different:
        return True
    oracle = Oracle(checkpoint, FLOAT32)
    count = sum(differences(program, oracle.hold(conversations[i]), answers[i])
                for i in different)
    print(f"in float32: {count} tokens of these differ")
    return count == 0


def count(conversations, answers, verbose):
    """Prints and returns the share of right answers."""
    right, total = [0, 0], [0, 0]
    for turns, given in zip(conversations, answers):
        for i, ((user, expected), answer) in enumerate(zip(turns, given)):
            total[i > 0] += 1
            right[i > 0] += answer == expected
            if verbose and answer != expected:
                print(f"  {user!r}: {answer!r}, expected {expected!r}")
    share = sum(right) / sum(total)
    print(f"  {sum(right)} of {sum(total)} right ({share:.2%}); first "
          f"questions {right[0]} of {total[0]}, later ones {right[1]} of "
          f"{total[1]}")
    return share


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--tritc")
    group.add_argument("--program")
    parser.add_argument("--threshold", type=float, default=97.0,
                        metavar="PERCENT")
    parser.add_argument("--verbose", action="store_true",
                        help="print wrong answers")
    options = parser.parse_args()
    conversations = list(dialogue.read_turns(
        os.path.join(dialogue.HERE, "heldout.jsonl")))
    with tempfile.TemporaryDirectory() as folder:
        program = options.program and os.path.abspath(options.program)
        if options.tritc:
            program = os.path.join(folder, "pocket")
            subprocess.run([options.tritc, options.checkpoint, "-o", program],
                           check=True)
        shares, agree = [], True
        if program:
            print("program")
            answers = hold_conversations(program, conversations)
            shares.append(count(conversations, answers, options.verbose))
        print("reference")
        held = hold_with_reference(options.checkpoint, conversations)
        shares.append(count(conversations, [h.answers for h in held],
                            options.verbose))
        if program:
            agree = compare(program, options.checkpoint, conversations, held,
                            answers)
    return 0 if agree and min(shares) * 100 >= options.threshold else 1


if __name__ == "__main__":
    sys.exit(main())
