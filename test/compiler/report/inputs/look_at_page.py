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

# Chromium starts in a second where it is alone, in minutes where it is not; what
# hangs is ended before lit would.
SECONDS = 600
# A window of Chromium is at least 500 pixels wide, a frame is as wide as we like.
FRAME = '<iframe style="width: %spx; height: %spx" srcdoc="%s"></iframe>'
WRAPPER = """<!DOCTYPE html><meta charset="utf-8">
<style>body { margin: 0 } iframe { border: 0; display: block }</style>
%s<pre id="found"></pre>
<script>
function numbers(colour) { return colour.match(/[\\d.]+/g).map(Number); }
function luminance(colour) {
  const [r, g, b] = numbers(colour).slice(0, 3).map(
      c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
function behind(element, view) {
  for (; element; element = element.parentElement) {
    const colour = view.getComputedStyle(element).backgroundColor;
    if ((numbers(colour)[3] ?? 1) > 0) return colour;
  }
  return "rgb(255, 255, 255)";
}
function look(frame) {
  const complaints = [], view = frame.contentWindow;
  let texts = 0;
  const page = frame.contentDocument, root = page.documentElement;
  if (root.scrollWidth > root.clientWidth)
    complaints.push(`wider than the window: ${root.scrollWidth} > ${root.clientWidth}`);
  const boxes = [];
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, element = node.parentElement;
    if (!node.data.trim() || element.closest("title, style")) continue;
    const range = page.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width === 0) continue;
      const name = node.data.trim().slice(0, 40);
      ++texts;
      if (box.left < -0.5 || box.right > root.clientWidth + 0.5)
        complaints.push(`beyond the window: ${name}`);
      if (box.height < 9) complaints.push(`too small: ${name}`);
      const style = view.getComputedStyle(element);
      const ink = element.closest("svg") ? style.fill : style.color;
      const ratio = contrast(ink, behind(element, view));
      if (ratio < 4.5) complaints.push(`too faint (${ratio.toFixed(1)}): ${name}`);
      boxes.push({name, box, place: element.closest("svg, td, th, dd, dt, p, h1, h2, h3")});
    }
  }
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      if (Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
          Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
        complaints.push(`overlap: ${a.name} | ${b.name}`);
  for (const {name, box, place} of boxes) {
    const around = place.getBoundingClientRect();
    if (box.left < around.left - 1 || box.right > around.right + 1)
      complaints.push(`leaves its place: ${name}`);
  }
  return {complaints, texts, height: root.scrollHeight};
}
window.onload = () => document.getElementById("found").textContent =
    JSON.stringify([...document.querySelectorAll("iframe")].map(look));
</script>"""


def chromium(pages, height, dark, *arguments):
    """What it prints of `pages`, pairs of a width and a text, one below the other."""
    frames = "".join(FRAME % (width, height, html.escape(text, quote=True)) for width, text in pages)
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as wrapper, \
            tempfile.TemporaryDirectory() as profile:
        wrapper.write(WRAPPER % frames)
        wrapper.flush()
        return subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
             "--disable-quic", "--disable-background-networking", "--disable-component-update",
             "--disable-dev-shm-usage", "--hide-scrollbars", f"--user-data-dir={profile}",
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
