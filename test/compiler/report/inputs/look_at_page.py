"""look_at_page PAGE WIDTH light|dark [PICTURE] - Looks at a page in Chromium.

Prints what a reader could not read: text that overlaps or leaves its place, text
too small or too faint, anything wider than the window; then the number of texts
it saw. PICTURE takes a screenshot. Exit code 1 if there was anything.
"""
import html
import json
import re
import subprocess
import sys
import tempfile

page, width, scheme, *picture = sys.argv[1:]
text = open(page, encoding="utf-8").read()

# A window of Chromium is at least 500 pixels wide, a frame is as wide as we like.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0 }
iframe { border: 0; width: %spx; height: %spx; }</style>
<iframe id="frame" srcdoc="%s"></iframe><pre id="found"></pre>
<script>
const complaints = [];
let texts = 0;
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
function look() {
  const frame = document.getElementById("frame"), view = frame.contentWindow;
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
  document.getElementById("found").textContent =
      JSON.stringify({complaints, texts, height: root.scrollHeight});
}
document.getElementById("frame").onload = look;
</script>"""


def chromium(height, *arguments):
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as wrapper, \
            tempfile.TemporaryDirectory() as profile:
        wrapper.write(FRAME % (width, height, html.escape(text, quote=True)))
        wrapper.flush()
        return subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
             "--disable-quic", "--disable-background-networking", "--disable-component-update",
             "--disable-dev-shm-usage", "--hide-scrollbars", f"--user-data-dir={profile}",
             # 0 is dark, 1 is light.
             f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
             f"--window-size={max(int(width), 500)},{height}", *arguments, f"file://{wrapper.name}"],
            check=True, capture_output=True, encoding="utf-8", timeout=100).stdout


dom = chromium(1000, "--dump-dom")
found = json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', dom, re.S)[1]))
if picture:
    chromium(found["height"], f"--screenshot={picture[0]}")
for complaint in found["complaints"]:
    print(complaint)
print(found["texts"], "texts")
sys.exit(bool(found["complaints"]) or found["texts"] < 50)
