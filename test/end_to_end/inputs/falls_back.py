"""Runs a program with a fallback, and a program for the fallback alone.

    falls_back.py TARGET FALLBACK PROGRAM ALONE

Whichever code the machine takes, logits and image are those of ALONE; where it
cannot run TARGET's, asking for it is refused in one line with exit code 4.
"""

import os
import subprocess
import sys


def call(program, *arguments, target=""):
    result = subprocess.run([program, *arguments], capture_output=True,
                            env={**os.environ, "TRITC_TARGET": target},
                            check=False, text=True)
    return result.returncode, result.stdout, result.stderr


def fields_of(program):
    code, out, error = call(program, "info")
    return code, dict(line.split(" ", 1) for line in out.splitlines()), error


def main():
    target, fallback, program, alone = sys.argv[1:]
    code, fields, error = fields_of(program)
    if code == 4:
        assert f"compiled for {fallback}, it lacks: " in error, error
        print(f"skipped: nothing here can run {fallback}")
        return
    assert fields["targets"] == f"{fallback} {target}", fields["targets"]
    assert fields["target"] in (target, fallback), fields["target"]
    _, only, _ = fields_of(alone)
    assert fields["image_bytes"] == only["image_bytes"]
    ids = ("logits", "--ids", ",".join(map(str, range(5, 45))), "-t", "2")
    assert call(program, *ids) == call(alone, *ids)
    code, out, error = call(program, *ids, target=target)
    if fields["target"] == target:
        assert (code, out) == call(alone, *ids)[:2]
    else:
        assert code == 4 and not out and error.count("\n") == 1, error
        assert f" code compiled for {target}" in error, error
        assert "it lacks: amx" in error or "it refuses: amx" in error, error
    print(f"{fields['target']} of {fields['targets']}")


if __name__ == "__main__":
    main()
