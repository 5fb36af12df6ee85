"""Runs programs on emulated CPUs that lack what they need.

    features.py TRITC CHECKPOINT WORK

A program for any target that TRITC prints must run on the plainest CPU of its
architecture, or refuse there with exit code 4 and one line that names every
feature it needs beyond that CPU. A program for all targets of an architecture
takes one that runs.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import workshop  # noqa: E402

# What the plainest CPU has of cpu_features.def.
PLAIN_HAS = {"x86_64": set(), "aarch64": {"neon"}}


def info(command, target=""):
    """-> exit code, fields of info, standard error"""
    result = subprocess.run([*command, "info"], capture_output=True,
                            env={**os.environ, "TRITC_TARGET": target},
                            check=False, text=True)
    fields = dict(line.split(" ", 1) for line in result.stdout.splitlines())
    return result.returncode, fields, result.stderr


def check(target, path):
    """Returns whether the plainest CPU runs the program."""
    row = workshop.architecture_of(path)
    emulator, plain, best, has = row.emulator, row.plain, row.best, PLAIN_HAS[row.name]
    code, _, error = info([emulator, "-cpu", plain, path])
    able = [emulator, "-cpu", best, path]
    best_code, fields, _ = info(able)
    if best_code == 4:  # not even that: ask the machine itself
        able = [path]
        best_code, fields, _ = info(able)
    if best_code == 0:  # the plainest of its programs lacks the least
        plainest = fields["targets"].split()[0]
        _, fields, _ = info(able, plainest)
    needs = set(fields.get("cpu_features", "").split()) - has
    if best_code == 0 and (code == 0) != (not needs):
        workshop.fail(f"{target}: needs {needs}, exit code {code} on {plain}")
    if code == 0:
        print(f"{target}: runs on {plain}")
        return True
    start = "error: this CPU cannot run code compiled for "
    found, _, list_of_features = error.removeprefix(start).partition(
        ", it lacks: ")
    if (code != 4 or error.count("\n") != 1 or not error.startswith(start)
            or (best_code == 0 and found != plainest)):
        workshop.fail(f"{target}: exit code {code} on {plain}, {error!r}")
    named = set(list_of_features.split()) - has
    if not named or (best_code == 0 and named != needs):
        workshop.fail(f"{target}: needs {needs}, names {named}")
    print(f"{target}: refuses on {plain}, which lacks {' '.join(sorted(named))}")
    return False


def main():
    tritc, checkpoint, work = sys.argv[1:]
    families = {}
    for target in workshop.run(tritc, "--print-targets").decode().split():
        path = os.path.join(work, target)
        workshop.run(tritc, checkpoint, f"--target={target}", "--selftest=none",
                    "-o", path)
        runs = check(target, path)
        families.setdefault(workshop.architecture_of(path), []).append((target, runs))
    for architecture, members in families.items():
        emulator, plain = architecture.emulator, architecture.plain
        best = [target for target, runs in members if runs][-1]
        path = os.path.join(work, architecture.name)
        names = ",".join(target for target, _ in members)
        workshop.run(tritc, checkpoint, f"--target={names}", "--selftest=none",
                    "-o", path)
        code, fields, error = info([emulator, "-cpu", plain, path])
        if code or fields["target"] != best:
            workshop.fail(f"{names}: expected {best} on {plain}, found "
                         f"{fields.get('target')}, {error!r}")
        print(f"{names}: {best} on {plain}")


if __name__ == "__main__":
    main()
