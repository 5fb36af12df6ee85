"""wheel.py SOURCES FOLDER - Builds a wheel by PEP 517, and looks at what is in it."""

import base64
import hashlib
import importlib
import os
import sys
import tomllib
import zipfile

sources, folder = sys.argv[1:]
os.chdir(sources)
with open("pyproject.toml", "rb") as file:
    system = tomllib.load(file)["build-system"]
assert system["requires"] == [], "needs something that a machine without network lacks"
sys.path[:0] = system["backend-path"]
backend = importlib.import_module(system["build-backend"])
name = backend.build_wheel(folder)

with zipfile.ZipFile(f"{folder}/{name}") as wheel:
    names = set(wheel.namelist())
    record = next(each for each in names if each.endswith("/RECORD"))
    for line in wheel.read(record).decode().splitlines():
        path, digest, _ = line.rsplit(",", 2)
        names.remove(path)
        actual = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(path)).digest()).rstrip(b"=").decode()
        assert path == record or digest == f"sha256={actual}", f"{path}: not what the record says"
    assert not names, f"not in the record: {names}"
    assert "tritc/py.typed" in wheel.namelist()
print(name)
