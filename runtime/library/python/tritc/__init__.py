"""A compiled BitNet model in Python: libraries of `tritc --emit=lib`.

    from tritc import Model

    model = Model("./libchat.so")
    chat = model.chat(system="Be brief.")
    for piece in chat.stream("What is a ternary weight?"):
        print(piece, end="", flush=True)

Nothing has to be compiled: this is ctypes over the interface of tritc.h. Calls
from several threads are computed side by side, each with the result it would
have alone. NumPy is needed for logits and vectors only.
"""

from ._model import (
    Answer,
    Chat,
    Error,
    Message,
    Model,
    Sampling,
    Token,
)

__all__ = ["Answer", "Chat", "Error", "Message", "Model", "Sampling", "Token"]
__version__ = "0.1.0"
