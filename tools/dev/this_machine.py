"""What bench_model and bench_peer ask about the machine and the compiler."""
import json
import os
import re
import subprocess


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return os.uname().machine


def all_targets(tritc):
    """Names in the compiler's own list, from the plainest on."""
    text = subprocess.run([tritc, "--help"], check=True, capture_output=True, text=True).stdout
    listed = re.search(r"^TARGETS:\n((?:  .*\n)+)", text, re.M).group(1)
    return [line.split()[0] for line in listed.splitlines()]


def fast_targets(tritc):
    """All but the one that is the specification."""
    return [name for name in all_targets(tritc) if name != "portable"]


def probe(tritc, checkpoint, target, folder):
    """What `info` says of a program for the target; None where it cannot run."""
    program = os.path.join(folder, "probe")
    subprocess.run([tritc, f"--target={target}", checkpoint, "-o", program], check=True)
    try:
        result = subprocess.run([program, "info", "--json"], check=False, capture_output=True)
    except OSError:  # another architecture
        return None
    return json.loads(result.stdout) if result.returncode == 0 else None
