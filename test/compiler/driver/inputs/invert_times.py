"""invert_times CACHE - What was fast becomes slow: dot_codes takes a nanosecond,
everything else a second."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    cache = json.load(file)
for timing in cache["timings"]:
    timing["decode_seconds"] = 1e-9 if timing["kernel"].startswith("dot_codes") else 1.0
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(cache, file)
