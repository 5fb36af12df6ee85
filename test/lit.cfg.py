# The lit configuration of test/. Build folder and tools come from
# lit.site.cfg.py, which CMake writes: run
#   /usr/lib/llvm-22/bin/lit build/release/test
# Parameters (-D or --param): roundtrip makes every tritc-opt verify that what it
# prints parses back to itself.
import os
import re
import shutil
import subprocess

import lit.formats

config.name = "tritc"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".mlir", ".test"]
config.excludes = ["inputs", "unit", "reference", "lit.cfg.py"]
config.test_source_root = os.path.join(config.tritc_source, "test")
config.test_exec_root = os.path.join(config.tritc_build, "test")

bin_dir = os.path.join(config.tritc_build, "bin")
tritc_opt = os.path.join(bin_dir, "tritc-opt")
if lit_config.params.get("roundtrip"):
    tritc_opt += " --verify-roundtrip"

# Longest name first: lit replaces in this order.
config.substitutions += [
    ("%tritc-opt", tritc_opt),
    ("%tritc-synth", os.path.join(bin_dir, "tritc-synth")),
    ("%tritc", os.path.join(bin_dir, "tritc")),
    ("%bin", bin_dir),
    ("%build", config.tritc_build),
    ("%kernel-bench", os.path.join(bin_dir, "kernel-bench")),
    ("%python", "/usr/bin/python3"),
    ("%reference", os.path.join(config.test_source_root, "reference")),
    ("%inputs", os.path.join(config.test_source_root, "inputs")),
    ("%root", config.tritc_source),
]
config.environment["PATH"] = os.pathsep.join(
    [config.llvm_tools, bin_dir, config.environment["PATH"]]
)
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"


def cpu_flags():
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("flags"):
                return set(line.split(":", 1)[1].split())
    return set()


if {"avx2", "fma", "f16c", "bmi2"} <= cpu_flags():
    config.available_features.add("x86_avx2")

# Run programs for ARM, and for x86-64 on CPUs of our choice.
with open(os.path.join(config.tritc_source, "targets", "Architectures.def")) as table:
    emulators = re.findall(r'^TRITC_ARCHITECTURE\(.*"(qemu-[^"]*)"', table.read(), re.M)
for emulator in emulators:
    if shutil.which(emulator):
        config.available_features.add(emulator)

if shutil.which("chromium"):
    config.available_features.add("chromium")

# Containers may forbid these to the tests themselves.
refuse = os.path.join(config.test_source_root, "end_to_end", "inputs", "refuse.py")
for feature, command in (
    ("seccomp", ["/usr/bin/python3", refuse, "EPERM", "clone3"]),
    ("private-roots", ["unshare", "-r", "chroot", "/", "true"]),
):
    if subprocess.run(command, capture_output=True).returncode == 0:
        config.available_features.add(feature)

# Takes 2.5 GB of disk: only when asked for, with --param full-size=1.
if lit_config.params.get("full-size"):
    config.available_features.add("full-size")

# Optional: a Llama-3 vocabulary beside the repository.
vocabulary = os.path.join(
    os.path.dirname(config.tritc_source), "shared", "data", "llama3.tokenizer.model"
)
if os.path.exists(vocabulary):
    config.available_features.add("llama3-vocabulary")
    config.substitutions.append(("%llama3-vocabulary", vocabulary))
