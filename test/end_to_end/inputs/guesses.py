"""guesses.py PROGRAM - Compares answers with and without guesses ahead.

Everything that an answer records is compared, but for times and counts of
guesses. Another seed must give another answer, or the comparison sees nothing.
"""
import json
import subprocess
import sys

PROMPT = "The cat sat on the mat. The cat sat on the mat. The cat sat on"
# Where a token ends an answer, answers are too short to repeat themselves.
ENDLESS = [word for token in range(1270, 1280) for word in ("--logit-bias", f"{token}-100")]
PLAIN = ["--draft", "0"]
GUESSING = [
    ["--draft-min", "7"],
    ["--draft-min", "3", "--draft", "3"],
    ["--draft-min", "7", "-t", "1"],
    ["--draft-min", "7", "--chunk", "3"],
    ["--draft-min", "7", "--chunk", "1"],
    [],
]


def cases():
    drawn = [["--temp", "0"], ["--temp", "0.8", "-s", "1"], ["--temp", "1.3", "-s", "2", "--top-k", "20", "--top-p", "0.9"]]
    for how in drawn:
        yield [*how, "-n", "300"]
        yield [*how, "-n", "120", "--repeat-penalty", "0.5", "--repeat-last-n", "8"]
        yield [*how, "-n", "120", "--frequency-penalty", "0.3", "--presence-penalty", "-0.5"]
        yield [*how, "-n", "80", "--grammar", 'root ::= ("ab" | "abc " | "b") root | "."']
        yield [*how, "-n", "-1"]  # until the context is full
    for count in range(1, 14):
        yield ["--temp", "0", "--repeat-penalty", "0.01", "--repeat-last-n", "4", "-n", str(count)]


def answer(program, arguments, **options):
    command = [program, "--raw", "-p", PROMPT, "--json", "--logprobs", *ENDLESS, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, **options)
    record = json.loads(done.stdout)
    counts = record.pop("guessed_tokens"), record.pop("right_guesses")
    for key in [key for key in record if key.endswith("seconds") or key.endswith("per_second")]:
        del record[key]
    return record, counts


def batch(program, arguments):
    """Several prompts of one session, some of which begin alike."""
    lines = "".join(json.dumps({"prompt": PROMPT[:size]}) + "\n" for size in (20, 60, 61, 40, 62))
    command = [program, "--batch", "-", "-n", "60", "--temp", "0.7", "-s", "3", *ENDLESS, *arguments]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line)["text"] for line in done.stdout.splitlines()]


def main(program):
    same = differ = guessed = right = 0
    for case in cases():
        expected, (none, _) = answer(program, [*case, *PLAIN])
        assert none == 0, f"{case}: guessed {none} tokens that nobody wanted"
        for how in GUESSING:
            found, counts = answer(program, [*case, *how])
            assert found == expected, f"{case} {how}:\n{found}\n{expected}"
            same += 1
            guessed += counts[0]
            right += counts[1]
        if "-s" in case:
            differ += answer(program, [*case, *PLAIN, "-s", "77"])[0] != expected
    expected = batch(program, PLAIN)
    assert len(expected) == 5, expected
    for how in GUESSING:
        assert batch(program, how) == expected, how
        same += 1
    assert differ, "nothing differs for another seed"
    print(f"{same} answers the same, {differ} differ without guesses for another seed")
    print(f"guessed {guessed} tokens: {right} right, {guessed - right} wrong")


main(sys.argv[1])
