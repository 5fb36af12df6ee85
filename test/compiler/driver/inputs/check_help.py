"""check_help.py FILE: the options in tritc's help that do not state a default.

Exits with 1 if there are any, or if the help has no options at all.
"""
import re
import sys

# They only print, or extend the option before them.
WITHOUT = ("--help", "--version", "--print-targets", "--mlir-", "--tune=",
           "--report=")

text = open(sys.argv[1]).read().split("TARGETS:")[0]
entries = re.split(r"^  (?=-)", text, flags=re.M)[1:]
missing = [entry.split()[0] for entry in entries
           if "default" not in entry and not entry.startswith(WITHOUT)]
if missing or len(entries) < 20:
    sys.exit(f"check_help: {len(entries)} options, no default: {missing}")
