"""Writes what sentence-transformers has beside a model.

    sentences.py DIR MODULE.. [NAME=JSON..]

MODULE is a class of the library, in this order in modules.json; NAME, a file
below DIR, gets this JSON. 1_Pooling/config.json is that of the last token
unless it is named.
"""

import os
import sys

directory, words = sys.argv[1], sys.argv[2:]
files = dict(word.split("=", 1) for word in words if "=" in word)
modules = [word for word in words if "=" not in word]
if modules:
    files["modules.json"] = "[%s]" % ", ".join(
        f'{{"idx": {i}, "name": "{i}", "path": "{f"{i}_{name}" if i else ""}",'
        f' "type": "sentence_transformers.models.{name}"}}'
        for i, name in enumerate(modules))
    files.setdefault("1_Pooling/config.json",
                     '{"pooling_mode_lasttoken": true}')
for name, text in files.items():
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
