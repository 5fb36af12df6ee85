"""chat.py LIBRARY QUESTION - Asks a compiled model one question."""

import sys

from tritc import Model, Sampling

with Model(sys.argv[1]) as model:
    chat = model.chat()
    for piece in chat.stream(sys.argv[2], Sampling(temperature=0)):
        print(piece, end="", flush=True)
    print()
