"""look_at_page [--dark] [--picture=FILE] WIDTH:PAGE... - Looks at pages in Chromium.

Prints what a reader could not read on each: text that overlaps or leaves its place,
text too small or too faint, anything wider than the window; then the number of texts
it saw. FILE is a screenshot of the first page. Exit code 1 if there was anything.
"""
import argparse
import html
import json
import os
import re
import subprocess
import sys
import tempfile

INPUTS = os.path.join(os.path.dirname(os.path.realpath(__file__)), *[".."] * 3, "inputs")
sys.path.insert(0, INPUTS)
from chromium import COMMAND, SECONDS  # noqa: E402

with open(os.path.join(INPUTS, "readable.js"), encoding="utf-8") as script:
    READABLE = script.read()
# A window of Chromium is at least 500 pixels wide, a frame is as wide as we like.
FRAME = '<iframe style="width: %spx; height: %spx" srcdoc="%s"></iframe>'
WRAPPER = """<!DOCTYPE html><meta charset="utf-8">
<style>body { margin: 0 } iframe { border: 0; display: block }</style>
%s<pre id="found"></pre>
<script>
%s
window.onload = () => document.getElementById("found").textContent =
    JSON.stringify([...document.querySelectorAll("iframe")].map(frame => look(frame.contentWindow)));
</script>"""


def chromium(pages, height, dark, *arguments):
    """What it prints of `pages`, pairs of a width and a text, one below the other."""
    frames = "".join(FRAME % (width, height, html.escape(text, quote=True)) for width, text in pages)
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as wrapper, \
            tempfile.TemporaryDirectory() as profile:
        wrapper.write(WRAPPER % (frames, READABLE))
        wrapper.flush()
        return subprocess.run(
            [*COMMAND, f"--user-data-dir={profile}",
             # 0 is dark, 1 is light.
             f"--blink-settings=preferredColorScheme={0 if dark else 1}",
             f"--window-size={max(500, *(width for width, _ in pages))},{height}", *arguments,
             f"file://{wrapper.name}"],
            check=True, capture_output=True, encoding="utf-8", timeout=SECONDS).stdout


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split(" - ", maxsplit=1)[0])
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--picture")
    parser.add_argument("pages", nargs="+")
    options = parser.parse_args()
    pages = []
    for width, path in (page.split(":", 1) for page in options.pages):
        with open(path, encoding="utf-8") as file:
            pages.append((int(width), file.read()))
    dom = chromium(pages, 1000, options.dark, "--dump-dom")
    found = json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', dom, re.S)[1]))
    if options.picture:
        chromium(pages[:1], found[0]["height"], options.dark, f"--screenshot={options.picture}")
    for page, seen in zip(options.pages, found):
        name = os.path.basename(page)
        for complaint in seen["complaints"]:
            print(f"{name}: {complaint}")
        print(f"{name}: {seen['texts']} texts")
    return any(seen["complaints"] or seen["texts"] < 50 for seen in found)


if __name__ == "__main__":
    sys.exit(main())
