"""picture_page PROGRAM FOLDER - Pictures of the page, for READMEs.

A PROGRAM of samples/pocket serves, and is asked what it knows: page-light.png shows that
on a desk, page-dark.png on a telephone. They have 256 colours and are packed tightly.
"""
import base64
import os
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, *[".."] * 3, "inputs"), HERE]
import program  # noqa: E402
from chromium import Browser  # noqa: E402
from use_page import User  # noqa: E402

QUESTIONS = ("Who are you?", "What is the capital of Peru?", "How many days are in June?", "Spell the word garden.")

# A PNG to {width, height, colours, indices}: what is not among the 256 most frequent
# colours becomes the nearest of them.
INDEXED = """(async () => {
  const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,%s')).blob());
  const {width, height} = bitmap, canvas = new OffscreenCanvas(width, height), context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer), counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const parts = (colour) => [colour & 255, colour >> 8 & 255, colour >> 16 & 255];
  const colours = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
  const index = new Map(colours.map((colour, at) => [colour, at]));
  const distance = (a, b) => parts(a).reduce((sum, part, at) => sum + (part - parts(b)[at]) ** 2, 0);
  for (const colour of counts.keys())
    if (!index.has(colour))
      index.set(colour, colours.reduce((best, other, at) => distance(colour, other) < distance(colour, colours[best]) ? at : best, 0));
  let text = '';
  for (const pixel of pixels) text += String.fromCharCode(index.get(pixel));
  return {width, height, colours: colours.map(parts), indices: btoa(text)};
})()"""


def packed(found):
    """A PNG of indexed colours."""
    width, height, pixels = found["width"], found["height"], base64.b64decode(found["indices"])
    rows = b"".join(b"\0" + pixels[at:at + width] for at in range(0, len(pixels), width))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9, memLevel=9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) +
            chunk(b"PLTE", bytes(part for colour in found["colours"] for part in colour)) +
            chunk(b"IDAT", packer.compress(rows) + packer.flush()) + chunk(b"IEND", b""))


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    program.PROGRAM, folder = sys.argv[1:]
    with Browser() as browser:
        for name, width, height, dark in (("light", 1080, 700, False), ("dark", 360, 700, True)):
            one = User(browser, program.Server(), width=width, height=height, dark=dark)
            one.wait("document.querySelector('#model').textContent !== 'A model'", "the model's name")
            for question in QUESTIONS:
                one.ask(question)
            one.page.shape(width, height, dark, scale=2)
            one.page.evaluate("document.activeElement.blur(); new Promise(requestAnimationFrame)")
            picture = one.page.call("Page.captureScreenshot", format="png")["data"]
            one.page.call("Page.navigate", url="about:blank")
            found = one.page.evaluate(INDEXED % picture)
            with open(os.path.join(folder, f"page-{name}.png"), "wb") as file:
                file.write(packed(found))
            one.leave()


if __name__ == "__main__":
    main()
