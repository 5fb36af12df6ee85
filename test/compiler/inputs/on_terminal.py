"""on_terminal.py COMMAND...: runs a command whose standard error is a terminal.

Prints the exit code and the number of line ends it wrote there, each text that
was shown between wipes of the line, and whether the last thing was a wipe.
"""
import os
import pty
import subprocess
import sys

ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stderr=theirs, stdout=subprocess.DEVNULL)
os.close(theirs)
seen = b""
while True:
    try:
        piece = os.read(ours, 65536)
    except OSError:  # Linux says EIO when the last writer is gone
        break
    if not piece:
        break
    seen += piece
code = child.wait()
text = seen.decode()
print(f"exit {code}, {text.count(chr(10))} line ends")
wipe = "\r\033[K"
for shown in text.split(wipe):
    print(shown)
print("ends wiped" if text.endswith(wipe) else "ends in text")
