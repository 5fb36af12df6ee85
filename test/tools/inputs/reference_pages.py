"""reference_pages.py ROOT PAGES: the pages of reference show every operation and
pass that is defined, each with its summary and an example."""
import glob
import os
import re
import runpy
import sys

root, pages = sys.argv[1:]
twin_check = runpy.run_path(f"{root}/tools/dev/twin_check")
OP, PASS, read = (twin_check[name] for name in ("OP", "PASS", "read"))


def wanted():
    """(page, its heading) of everything that is defined."""
    for path in glob.glob(f"{root}/dialects/*/*.td"):
        dialect = os.path.basename(os.path.dirname(path))
        for name in OP.findall(read(path)):
            yield dialect, f"`{dialect}.{name}`"
    for path in glob.glob(f"{root}/passes/*/Passes.td"):
        for _, name in PASS.findall(read(path)):
            yield "passes-" + os.path.basename(os.path.dirname(path)), f"`-{name}`"


count = 0
for page, heading in wanted():
    sections = re.split(r"^### ", read(f"{pages}/{page}.md"), flags=re.M)
    text = next((each for each in sections if each.startswith(heading)), None)
    if text is None:
        sys.exit(f"{page}.md: no {heading}")
    if not re.search(r"^_.+_$", text, re.M) or "```mlir" not in text:
        sys.exit(f"{page}.md: {heading}: no summary, or no example")
    count += 1
print(f"{count} sections")
