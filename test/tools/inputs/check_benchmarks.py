"""check_benchmarks FILE - Google Benchmark's JSON: portable runs anywhere, so
its kernels have a result; what has none, was skipped; shares are no nonsense."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    runs = json.load(file)["benchmarks"]
kinds = set()
for run in runs:
    name = run["name"]
    if run.get("error_occurred"):
        assert run["error_message"] == "skipped: this machine cannot run it", run
        assert not name.startswith("portable/"), name
        continue
    kinds.add("/".join(name.split("/")[:2]))
    for share in ("of_bandwidth", "of_dot_peak", "of_fma_peak"):
        assert 0 <= run.get(share, 0) < 20, run
for kind in ("limits", "ternary", "head", "attention"):
    assert f"portable/{kind}" in kinds, kind
