"""The structures and functions of tritc.h, version 2, for ctypes."""

import ctypes
import os
import struct
from ctypes import POINTER, c_char, c_char_p, c_double, c_float, c_int, c_int32, c_int64, c_size_t
from ctypes import c_uint, c_uint32, c_uint64, c_void_p

VERSION = 2

USAGE, STOPPED = 1, 130
NO_BOS, NO_SPECIAL = 1, 2
ROLES = {"system": 0, "user": 1, "assistant": 2}
ENDINGS = ("stop", "length", "context")


class Error(ctypes.Structure):
    _fields_ = [("status", c_int), ("message", c_char * 256)]


class Options(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("threads", c_uint32),
        ("context_size", c_uint32),
        ("parallel", c_uint32),
        ("queue", c_uint32),
        ("kv_memory", c_uint64),
    ]


class LogitBias(ctypes.Structure):
    _fields_ = [("id", c_int32), ("bias", c_float)]


class Sampling(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("temperature", c_double),
        ("top_p", c_double),
        ("min_p", c_double),
        ("repeat_penalty", c_double),
        ("top_k", c_int64),
        ("repeat_last_n", c_int64),
        ("seed", c_int64),
        ("max_tokens", c_int64),
        ("stops", POINTER(c_char_p)),
        ("stop_count", c_size_t),
        ("logprobs", c_int),
        ("top_logprobs", c_uint32),
        ("frequency_penalty", c_double),
        ("presence_penalty", c_double),
        ("logit_biases", POINTER(LogitBias)),
        ("logit_bias_count", c_size_t),
        ("json_schema", c_char_p),
        ("grammar", c_char_p),
        ("ignore_stop", c_int),
        ("keep_special", c_int),
    ]


class Likely(ctypes.Structure):
    _fields_ = [("id", c_int32), ("logprob", c_double)]


class Token(ctypes.Structure):
    _fields_ = [
        ("id", c_int32),
        ("text", POINTER(c_char)),
        ("bytes", c_size_t),
        ("logprob", c_double),
        ("top", POINTER(Likely)),
        ("top_count", c_size_t),
    ]


class Result(ctypes.Structure):
    _fields_ = [
        ("ending", c_int),
        ("prompt_tokens", c_size_t),
        ("reused_tokens", c_size_t),
        ("answer_tokens", c_size_t),
        ("prompt_seconds", c_double),
        ("answer_seconds", c_double),
    ]


OnToken = ctypes.CFUNCTYPE(c_int, c_void_p, POINTER(Token))

_ERROR = POINTER(Error)
_IDS = POINTER(c_int32)
_ANSWER = [POINTER(Sampling), OnToken, c_void_p, POINTER(Result), _ERROR]

# name -> result, arguments
FUNCTIONS = {
    "library_version": (c_uint32, []),
    "open": (c_int, [POINTER(Options), POINTER(c_void_p), _ERROR]),
    "close": (None, [c_void_p]),
    "name": (c_char_p, [c_void_p]),
    "target": (c_char_p, [c_void_p]),
    "context_size": (c_uint32, [c_void_p]),
    "vocabulary_size": (c_uint32, [c_void_p]),
    "vector_size": (c_uint32, [c_void_p]),
    "tokenize": (c_int, [c_void_p, c_char_p, c_size_t, c_uint, _IDS, c_size_t, POINTER(c_size_t), _ERROR]),
    "detokenize": (c_int, [c_void_p, _IDS, c_size_t, POINTER(c_char), c_size_t, POINTER(c_size_t), _ERROR]),
    "token_bytes": (c_int, [c_void_p, c_int32, POINTER(c_char), c_size_t, POINTER(c_size_t), _ERROR]),
    "is_stop": (c_int, [c_void_p, c_int32]),
    "sampling_defaults_sized": (None, [c_void_p, POINTER(Sampling), c_size_t]),
    "complete": (c_int, [c_void_p, _IDS, c_size_t, *_ANSWER]),
    "logits": (c_int, [c_void_p, _IDS, c_size_t, POINTER(c_float), _ERROR]),
    "top_k": (c_int, [c_void_p, _IDS, c_size_t, c_size_t, _IDS, POINTER(c_double), _ERROR]),
    "embed_for": (c_int, [c_void_p, c_char_p, c_char_p, c_size_t, POINTER(c_float), _ERROR]),
    "chat_new": (c_void_p, [c_void_p]),
    "chat_free": (None, [c_void_p]),
    "chat_fork": (c_void_p, [c_void_p]),
    "chat_say": (c_int, [c_void_p, c_int, c_char_p, c_size_t, _ERROR]),
    "chat_answer": (c_int, [c_void_p, *_ANSWER]),
    "chat_stop": (None, [c_void_p]),
    "chat_undo": (c_int, [c_void_p]),
    "chat_tokens": (c_size_t, [c_void_p]),
    "chat_save": (c_int, [c_void_p, c_void_p, c_size_t, POINTER(c_size_t), _ERROR]),
    "chat_load": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(c_void_p), _ERROR]),
}


def _complaint(path):
    """What keeps a file from being loaded, where the system's loader would end the process or speak of something else."""
    if os.path.isdir(path):
        return "a folder; tritc --emit=lib makes a library of a checkpoint"
    with open(path, "rb") as file:
        head = file.read(4096)
        size = file.seek(0, os.SEEK_END)
    if head.startswith(b"GGUF"):
        return "a checkpoint; tritc --emit=lib makes a library of it"
    if head.startswith(b"!<arch>\n"):
        return "a static archive is for linkers; tritc --emit=lib -o with a name in .so makes a shared library"
    if head[:6] != b"\x7fELF\2\1" or len(head) < 64:
        return "no library of tritc --emit=lib"
    offset, count = struct.unpack_from("<Q", head, 32)[0], struct.unpack_from("<H", head, 56)[0]
    end, dynamic = 0, False
    for at in range(offset, min(offset + 56 * count, len(head) - 55), 56):
        kind, _, start, _, _, bytes_ = struct.unpack_from("<IIQQQQ", head, at)
        dynamic |= kind == 2
        end = max(end, start + bytes_) if kind == 1 else end
    if size < end:
        return f"this library is incomplete: its file has {size} bytes, expected {end}; copy it again"
    return None if dynamic else "no library of tritc --emit=lib"


class Library:
    """The functions of one library, by their names without `tritc_`."""

    def __init__(self, path):
        complaint = _complaint(path)
        if complaint:
            raise OSError(f"{path}: {complaint}")
        try:
            loaded = ctypes.CDLL(path)
        except OSError as failure:
            if "executable" in str(failure):
                failure = f"{path}: an executable cannot be loaded; tritc --emit=lib makes a library of the same checkpoint"
            raise OSError(str(failure)) from None
        try:
            version = loaded.tritc_library_version
            version.restype = c_uint32
        except AttributeError:
            raise OSError(f"{path}: no library of tritc --emit=lib") from None
        if version() < VERSION:
            raise OSError(f"{path}: expected version {VERSION} of the interface, found {version()}; compile the model again")
        for name, (result, arguments) in FUNCTIONS.items():
            function = getattr(loaded, "tritc_" + name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)
