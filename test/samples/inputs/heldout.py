"""Asks programs of every target held-out questions of samples/pocket.

    heldout.py TRITC CHECKPOINT QUESTIONS WORK COUNT

COUNT questions, spread over the single ones of QUESTIONS. Fails unless all
programs that run here give the same answers, and 9 of 10 are right.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "end_to_end", "inputs"))
import workshop  # noqa: E402


def read_questions(path, count):
    with open(path, encoding="utf-8") as file:
        conversations = [json.loads(line) for line in file]
    single = [[turn["content"] for turn in conversation]
              for conversation in conversations if len(conversation) == 2]
    return single[::len(single) // count][:count]


def main():
    tritc, checkpoint, path, work, count = sys.argv[1:]
    questions = read_questions(path, int(count))
    expected = None
    for target in workshop.run(tritc, "--print-targets").decode().split():
        output = os.path.join(work, target)
        workshop.run(tritc, checkpoint, f"--target={target}", "--selftest=none",
                    "-o", output)
        if workshop.runner(output) is None:
            print(f"skipped: nothing here can run {target}")
            continue
        program = workshop.Program(output)
        answers = [workshop.run(*program.command, "-p", question, "--temp", "0")
                   .decode().strip() for question, _ in questions]
        expected = expected or answers
        if answers != expected:
            workshop.fail(f"{target}: expected {expected}, found {answers}")
        right = sum(answer == truth
                    for answer, (_, truth) in zip(answers, questions))
        print(f"{target}: {right} of {len(questions)} right")
        if right < 0.9 * len(questions):
            workshop.fail(f"{target}: too few right: {answers}")


if __name__ == "__main__":
    main()
