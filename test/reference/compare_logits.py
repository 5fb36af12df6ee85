"""Compares two sets of logits of the same tokens.

    python3 compare_logits.py REFERENCE OTHER [--tolerance 1e-4]
        [--vocab N] [--margins FILE [--boundary 3e-5] [--loose 1e-1]]

A file is one of
  - .npy as model.py --dump-logits writes it: [tokens, vocab];
  - text, lines `position id argmax max-logit`; what follows on a line and
    lines of another form are ignored;
  - anything else: raw little-endian float32, --vocab numbers per token.

With two arrays the error of a token is max |a - b| / max |a|, a the reference.
With a text on either side only the largest logit is compared: the error is
|a - b| / |a|, and the positions, ids and arg maxima must be the same.

The output lists the tokens that fail; exit code 0 if there are none, 1 if
there are, 2 if the two cannot be compared.

--margins names a text of model.py --margin. An 8-bit activation whose value
before rounding is within --boundary of a half may round the other way in
float32 arithmetic, which moves every later number by far more than the
tolerance although nothing is wrong. From the first such token on, tokens that
exceed the tolerance are held to --loose instead and reported as such. At least
half of the tokens must meet the tolerance all the same.
"""

import argparse
import re
import sys

import numpy as np

_LINE = re.compile(r"(\d+) (\d+) (\d+) (\S+)(?: (\S+))?")


class Incomparable(Exception):
    pass


def read_text(path):
    """-> rows (position, id, argmax, max logit), margins or None."""
    rows, margins = [], []
    with open(path, encoding="utf-8") as file:
        for match in map(_LINE.fullmatch, file.read().splitlines()):
            if match:
                position, token, best, top, margin = match.groups()
                rows.append((int(position), int(token), int(best), float(top)))
                margins.append(np.nan if margin is None else float(margin))
    if not rows:
        raise Incomparable(f"{path}: no line `position id argmax max-logit`")
    return rows, np.array(margins)


def read(path, vocab):
    """-> float64 [tokens, vocab], or the rows of a text."""
    with open(path, "rb") as file:
        start = file.read(6)
    if start == b"\x93NUMPY":
        return np.load(path).astype(np.float64)
    if path.endswith(".txt"):
        return read_text(path)[0]
    if not vocab:
        raise Incomparable(f"{path}: raw logits need --vocab")
    raw = np.fromfile(path, "<f4")
    if raw.size % vocab:
        raise Incomparable(f"{path}: {raw.size} numbers are no multiple of "
                           f"the vocabulary, {vocab}")
    return raw.reshape(-1, vocab).astype(np.float64)


def errors_of_arrays(a, b):
    if a.shape != b.shape:
        raise Incomparable(f"shapes differ: {a.shape} and {b.shape}")
    error = np.abs(a - b).max(axis=1) / np.abs(a).max(axis=1)
    return np.where(np.isfinite(b).all(axis=1), error, np.inf)


def errors_of_texts(a, b):
    """Arrays are reduced to what a text has."""
    def reduce(x):
        if isinstance(x, np.ndarray):
            return [(i, None, int(row.argmax()), row.max())
                    for i, row in enumerate(x)]
        return x

    a, b = reduce(a), reduce(b)
    if len(a) != len(b):
        raise Incomparable(f"{len(a)} tokens and {len(b)}")
    errors = []
    for (i, token, best, top), (j, other, best2, top2) in zip(a, b):
        same = i == j and best == best2 and \
            (token is None or other is None or token == other)
        error = abs(top - top2) / abs(top)
        errors.append(error if same and np.isfinite(error) else np.inf)
    return np.array(errors)


def judge(errors, tolerance, margins=None, boundary=0.0, loose=0.0):
    """-> per token: "ok", "boundary" (excused) or "wrong"."""
    verdicts = np.where(errors <= tolerance, "ok", "wrong").astype(object)
    if margins is not None:
        near = np.minimum.accumulate(margins) < boundary
        verdicts[near & (errors > tolerance) & (errors <= loose)] = "boundary"
        if 2 * (verdicts == "ok").sum() < len(verdicts):
            verdicts[verdicts == "boundary"] = "wrong"
    return verdicts


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("reference")
    parser.add_argument("other")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--vocab", type=int)
    parser.add_argument("--margins", metavar="FILE")
    parser.add_argument("--boundary", type=float, default=3e-5)
    parser.add_argument("--loose", type=float, default=1e-1)
    options = parser.parse_args()
    try:
        a = read(options.reference, options.vocab)
        b = read(options.other, options.vocab)
        arrays = isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
        errors = (errors_of_arrays if arrays else errors_of_texts)(a, b)
        margins = None
        if options.margins:
            margins = read_text(options.margins)[1]
            if margins.shape != errors.shape or np.isnan(margins).any():
                raise Incomparable(f"{options.margins}: expected a margin for "
                                   f"each of {len(errors)} tokens")
    except (Incomparable, OSError, ValueError) as error:
        print(f"compare_logits: {error}", file=sys.stderr)
        return 2

    verdicts = judge(errors, options.tolerance, margins, options.boundary,
                     options.loose)
    for i, verdict in enumerate(verdicts):
        if verdict != "ok":
            note = "" if margins is None else f", margin {margins[i]:.3g}"
            print(f"token {i}: {verdict}, error {errors[i]:.3g}{note}")
    print(f"largest error {errors.max():.3g} of {len(errors)} tokens, "
          f"{(verdicts == 'ok').sum()} within {options.tolerance:g}")
    return int((verdicts == "wrong").any())


if __name__ == "__main__":
    sys.exit(main())
