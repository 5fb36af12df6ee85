"""load_stand_in OPTION... - load_serve before the stand-in for a server."""
import os
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), *[".."] * 3))
sys.path.insert(0, os.path.join(ROOT, "test", "runtime", "serve", "inputs"))
import stand_in  # noqa: E402

server = stand_in.Server()
code = subprocess.run([os.path.join(ROOT, "tools", "dev", "load_serve"), f"--url={server.url}", *sys.argv[1:]]).returncode
print(f"asked {len(server.requests)} times, left {server.left} times", flush=True)
sys.exit(code)
