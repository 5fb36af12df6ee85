"""The build backend of pyproject.toml: a wheel of pure Python, by Python alone.

`pip wheel .` and `pip install .` call it, and so does `python3 build_wheel.py FOLDER`, which needs no pip.
"""

import base64
import hashlib
import os
import re
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


def _read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def _version():
    return re.search(r'^__version__ = "(.*)"$', _read("tritc/__init__.py"), re.M)[1]


def _metadata():
    """PEP 621 says it in pyproject.toml; here is what follows of it."""
    project = _read("pyproject.toml")
    says = lambda key: re.search(rf'^{key} = "(.*)"$', project, re.M)[1]
    fields = (
        "Metadata-Version: 2.1",
        f"Name: {says('name')}",
        f"Version: {_version()}",
        f"Summary: {says('description')}",
        f"Requires-Python: {says('requires-python')}",
        "License: Apache-2.0 WITH LLVM-exception",
        "Provides-Extra: numpy",
        'Requires-Dist: numpy; extra == "numpy"',
        "Description-Content-Type: text/markdown",
    )
    return "\n".join((*fields, "", _read("README.md")))


def _files(information):
    """(name, content) of all but the list of them."""
    package = os.path.join(HERE, "tritc")
    for name in sorted(os.listdir(package)):
        if name.endswith((".py", ".typed")):
            yield f"tritc/{name}", _read(f"tritc/{name}")
    yield f"{information}/METADATA", _metadata()
    yield f"{information}/WHEEL", "Wheel-Version: 1.0\nGenerator: tritc\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """As PEP 517 has it: the name of what was made. The same sources give the same bytes."""
    stem = f"tritc-{_version()}"
    name = f"{stem}-py3-none-any.whl"
    information = f"{stem}.dist-info"
    record = []
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:

        def add(path, content):
            entry = zipfile.ZipInfo(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            wheel.writestr(entry, content)

        for path, content in _files(information):
            data = content.encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{path},sha256={digest},{len(data)}")
            add(path, data)
        add(f"{information}/RECORD", "\n".join((*record, f"{information}/RECORD,,", "")))
    return name


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("the sources are tritc's own")


if __name__ == "__main__":
    print(build_wheel(sys.argv[1] if len(sys.argv) > 1 else "."))
