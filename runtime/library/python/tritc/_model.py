"""Models and conversations."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import threading
from dataclasses import dataclass, field
from typing import Any, Callable, Generator, Iterator, Mapping, Optional, Sequence, Union

from . import _interface as c


class Error(RuntimeError):
    """What the library could not do, in a line; `status` as in tritc.h."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Sampling:
    """How tokens are chosen. None: as the model's makers advise."""

    temperature: Optional[float] = None  #: 0: always the likeliest token
    top_p: Optional[float] = None
    min_p: Optional[float] = None
    top_k: Optional[int] = None
    repeat_penalty: Optional[float] = None
    repeat_last_n: Optional[int] = None
    seed: Optional[int] = None  #: None: another one each time
    max_tokens: Optional[int] = None  #: None: until the model stops
    stop: Union[str, Sequence[str]] = ()  #: texts that end an answer
    logprobs: bool = False
    top_logprobs: int = 0  #: tokens come with so many of the likeliest; up to 20
    frequency_penalty: float = 0.0  #: as OpenAI has it; 0: off
    presence_penalty: float = 0.0  #: likewise
    logit_bias: Mapping[int, float] = field(default_factory=dict)  #: added to the logits of tokens
    json_schema: Union[str, Mapping[str, Any], None] = None  #: that the answer fits; "": any JSON object
    grammar: Optional[str] = None  #: GBNF that the answer fits
    ignore_stop: bool = False  #: goes on behind a token that ends an answer
    keep_special: bool = False  #: special tokens are told as text


@dataclass
class Token:
    """A token of an answer; the last may have no id, but text that was held back."""

    id: Optional[int]
    text: str
    logprob: Optional[float] = None
    top: list[tuple[int, float]] = field(default_factory=list)  #: likeliest ids with logprobs, if asked for


@dataclass
class Answer:
    """An answer that has ended, or as far as it came."""

    text: str = ""
    tokens: list[Token] = field(default_factory=list)
    ending: str = "stopped"  #: "stop", "length", "context" or "stopped"
    prompt_tokens: int = 0
    reused_tokens: int = 0  #: of the prompt, computed before
    prompt_seconds: float = 0.0
    answer_seconds: float = 0.0


@dataclass
class Message:
    role: str  #: "system", "user" or "assistant"
    content: str


#: Members of Sampling that the model's makers may have advised, and the others that are numbers.
_ADVISED = ("temperature", "top_p", "min_p", "repeat_penalty", "top_k", "repeat_last_n", "seed", "max_tokens")
_PLAIN = ("logprobs", "top_logprobs", "frequency_penalty", "presence_penalty", "ignore_stop", "keep_special")


def _terminated(name: str, text: str) -> bytes:
    if "\0" in text:
        raise Error(c.USAGE, f"{name}: has a zero byte")
    return text.encode()


def _ids(ids: Sequence[int]):
    return (ctypes.c_int32 * len(ids))(*ids), len(ids)


class Model:
    """A library with a model in it, at work until close().

    Any thread may call any method; what several ask for is computed together.

    :param path: a library of `tritc --emit=lib`
    :param threads: of computation; None: one per physical core
    :param context_size: tokens of a conversation; None: as compiled
    :param parallel: conversations in one pass; None: 16
    :param queue: calls that may wait for a place in it; None: 64
    :param kv_memory: bytes for the keys and values of all conversations
    """

    def __init__(
        self,
        path: Union[str, os.PathLike],
        *,
        threads: Optional[int] = None,
        context_size: Optional[int] = None,
        parallel: Optional[int] = None,
        queue: Optional[int] = None,
        kv_memory: Optional[int] = None,
    ) -> None:
        self._handle = None
        self._lock = threading.Lock()
        self._calls = 0  # that are at work in the library
        self._keeper = None  # a chat, for which a closed model stays in memory until they have returned
        self._library = c.Library(os.path.abspath(os.fspath(path)))
        options = c.Options(
            size=ctypes.sizeof(c.Options),
            threads=threads or 0,
            context_size=context_size or 0,
            parallel=parallel or 0,
            queue=queue or 0,
            kv_memory=kv_memory or 0,
        )
        handle = ctypes.c_void_p()
        error = c.Error()
        status = self._library.open(options, handle, error)
        if status:
            raise Error(status, error.message.decode("utf-8", "replace"))
        self._handle = handle

    @contextlib.contextmanager
    def _at_work(self):
        """While this lasts, what the library knows of the model is there, whoever closes it."""
        with self._lock:
            self._open()
            self._calls += 1
        try:
            yield
        finally:
            with self._lock:
                self._calls -= 1
            self._forget()

    def _forget(self) -> None:
        with self._lock:
            keeper = self._keeper if self._calls == 0 else None
            if keeper is not None:
                self._keeper = None
        self._library.chat_free(keeper)

    def _plain(self, function: str, *arguments):
        with self._at_work():
            return getattr(self._library, function)(*arguments)

    def _call(self, function: str, *arguments, allowed: Sequence[int] = ()) -> int:
        error = c.Error()
        status = self._plain(function, *arguments, error)
        if status and status not in allowed:
            raise Error(status, error.message.decode("utf-8", "replace"))
        return status

    def _open(self):
        if self._handle is None:
            raise ValueError("the model is closed")
        return self._handle

    def close(self) -> None:
        """Ends what is being computed, and frees all. Chats of it are of no use then."""
        with self._lock:
            if self._handle is None:
                return
            handle, self._handle = self._handle, None
            self._keeper = self._library.chat_new(handle)
        self._library.close(handle)
        self._forget()

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def __del__(self):
        if getattr(self, "_handle", None) is not None:
            self.close()

    # --- What it knows ---

    @property
    def name(self) -> str:
        return self._plain("name", self._open()).decode()

    @property
    def target(self) -> str:
        """Instruction set of the code that runs, such as "x86_avx2"."""
        return self._plain("target", self._open()).decode()

    @property
    def context_size(self) -> int:
        return self._plain("context_size", self._open())

    @property
    def vocabulary_size(self) -> int:
        return self._plain("vocabulary_size", self._open())

    @property
    def vector_size(self) -> int:
        """Floats of a vector; 0 for a model that writes text."""
        return self._plain("vector_size", self._open())

    # --- Tokens ---

    def tokenize(self, text: str, *, bos: bool = True, special: bool = True) -> list[int]:
        """Ids of a text. `special`: what spells a special token is one."""
        data = text.encode()
        flags = (0 if bos else c.NO_BOS) | (0 if special else c.NO_SPECIAL)
        count = ctypes.c_size_t()
        ids = (ctypes.c_int32 * (len(data) + 1))()
        self._call("tokenize", self._open(), data, len(data), flags, ids, len(ids), count)
        if count.value > len(ids):
            ids = (ctypes.c_int32 * count.value)()
            self._call("tokenize", self._open(), data, len(data), flags, ids, len(ids), count)
        return list(ids[: count.value])

    def detokenize(self, ids: Sequence[int]) -> str:
        """The text of ids, without special tokens."""
        array, length = _ids(ids)
        size = ctypes.c_size_t()
        self._call("detokenize", self._open(), array, length, None, 0, size)
        text = ctypes.create_string_buffer(size.value + 1)
        self._call("detokenize", self._open(), array, length, text, size.value, size)
        return text.raw[: size.value].decode()

    def token_bytes(self, token: int) -> bytes:
        """What a token stands for: special ones too, and parts of characters as they are."""
        size = ctypes.c_size_t()
        self._call("token_bytes", self._open(), token, None, 0, size)
        data = ctypes.create_string_buffer(size.value + 1)
        self._call("token_bytes", self._open(), token, data, size.value, size)
        return data.raw[: size.value]

    def is_stop(self, token: int) -> bool:
        return bool(self._plain("is_stop", self._open(), token))

    # --- Computing ---

    def _sampling(self, wanted: Optional[Sampling]):
        """The structure; ctypes keeps what it points to."""
        sampling = c.Sampling()
        self._plain("sampling_defaults_sized", self._open(), sampling, ctypes.sizeof(sampling))
        if wanted is None:
            return sampling
        for name in _ADVISED:
            value = getattr(wanted, name)
            if value is not None:
                setattr(sampling, name, value)
        for name in _PLAIN:
            setattr(sampling, name, getattr(wanted, name))
        stops = [wanted.stop] if isinstance(wanted.stop, str) else list(wanted.stop)
        sampling.stops = (ctypes.c_char_p * len(stops))(*(_terminated("stop", stop) for stop in stops))
        sampling.stop_count = len(stops)
        biases = [c.LogitBias(int(token), bias) for token, bias in wanted.logit_bias.items()]
        sampling.logit_biases = (c.LogitBias * len(biases))(*biases)
        sampling.logit_bias_count = len(biases)
        schema = wanted.json_schema
        if schema is not None:
            sampling.json_schema = _terminated("json_schema", schema if isinstance(schema, str) else json.dumps(schema))
        if wanted.grammar is not None:
            sampling.grammar = _terminated("grammar", wanted.grammar)
        return sampling

    def _answer(self, function: str, arguments, wanted, on_token: Optional[Callable[[Token], bool]]) -> Answer:
        """Calls back with each token, on this thread; true ends the answer."""
        answer = Answer()
        failures = []
        sampling = self._sampling(wanted)

        def hear(_, told):
            told = told[0]
            text = ctypes.string_at(told.text, told.bytes).decode() if told.bytes else ""
            token = Token(told.id if told.id >= 0 else None, text)
            if token.id is not None and (sampling.logprobs or sampling.top_logprobs):
                token.logprob = told.logprob
                token.top = [(each.id, each.logprob) for each in told.top[: told.top_count]]
            answer.text += text
            if token.id is not None:
                answer.tokens.append(token)
            try:
                return bool(on_token(token)) if on_token else 0
            except BaseException as failure:  # C cannot pass it on
                failures.append(failure)
                return 1

        result = c.Result()
        status = self._call(
            function, *arguments, sampling, c.OnToken(hear), None, result, allowed=(c.STOPPED,)
        )
        if failures:
            raise failures[0]
        answer.ending = "stopped" if status else c.ENDINGS[result.ending]
        for name in ("prompt_tokens", "reused_tokens", "prompt_seconds", "answer_seconds"):
            setattr(answer, name, getattr(result, name))
        return answer

    def complete(
        self,
        prompt: Union[str, Sequence[int]],
        sampling: Optional[Sampling] = None,
        on_token: Optional[Callable[[Token], bool]] = None,
    ) -> Answer:
        """Continues a text, or ids, as it is: without a chat template."""
        ids, length = _ids(self.tokenize(prompt) if isinstance(prompt, str) else prompt)
        return self._answer("complete", (self._open(), ids, length), sampling, on_token)

    def logits(self, ids: Sequence[int]):
        """What may follow ids: numpy.float32[vocabulary_size], the same bits on every machine."""
        import numpy

        array, length = _ids(ids)
        row = numpy.empty(self.vocabulary_size, numpy.float32)
        self._call("logits", self._open(), array, length, row.ctypes.data_as(ctypes.POINTER(ctypes.c_float)))
        return row

    def top_k(self, ids: Sequence[int], k: int) -> list[tuple[int, float]]:
        """The `k` likeliest tokens to follow ids, with logarithms of their probabilities."""
        array, length = _ids(ids)
        best = (ctypes.c_int32 * max(k, 1))()
        logprobs = (ctypes.c_double * max(k, 1))()
        self._call("top_k", self._open(), array, length, k, best, logprobs)
        return list(zip(best, logprobs))

    def embed(self, text: Union[str, Sequence[str]], prompt: Optional[str] = None):
        """The vector of a text, numpy.float32[vector_size]; or of several, a row each.

        `prompt` names one of the model's prompts, such as "query", to be put in front; None: its default.
        """
        import numpy

        name = None if prompt is None else _terminated("prompt", prompt)

        def one(each: str):
            data = each.encode()
            row = numpy.empty(self.vector_size, numpy.float32)
            pointer = row.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            self._call("embed_for", self._open(), name, data, len(data), pointer)
            return row

        return one(text) if isinstance(text, str) else numpy.array([one(each) for each in text])

    # --- Conversations ---

    def chat(self, system: Optional[str] = None, messages: Sequence[Message] = ()) -> Chat:
        """A conversation, empty or with what was said before."""
        chat = Chat(self, self._plain("chat_new", self._open()))
        if system is not None:
            chat.say("system", system)
        for message in messages:
            chat.say(message.role, message.content)
        return chat

    def load_chat(self, data: bytes) -> Chat:
        """The conversation of Chat.save()."""
        handle = ctypes.c_void_p()
        self._call("chat_load", self._open(), data, len(data), handle)
        return Chat(self, handle.value)

    def create_chat_completion(
        self, messages: Sequence[Mapping[str, Any]], **options: Any
    ) -> Union[dict[str, Any], Iterator[dict[str, Any]]]:
        """llama-cpp-python's method of that name: dicts in, dicts in OpenAI's form out; an iterator with stream=True.

        Takes temperature, top_p, top_k, min_p, repeat_penalty, presence_penalty, frequency_penalty, logit_bias, seed,
        max_tokens, stop, stream, logprobs, top_logprobs, response_format, grammar (a text) and model. What else that
        method knows (tools, mirostat_mode, ..) may be as by default there; otherwise it is refused by name. What is not
        said is as the model's makers advise.
        """
        from ._openai import chat_completion

        return chat_completion(self, messages, options)


class Chat:
    """A conversation; for one thread at a time, but for stop()."""

    def __init__(self, model: Model, handle: int):
        self._model = model
        self._chat = handle

    def __del__(self):
        if getattr(self, "_chat", None):
            self._model._library.chat_free(self._chat)

    def _handle(self):
        self._model._open()
        return self._chat

    def say(self, role: str, text: str) -> None:
        """Adds a message. Messages of "user" and "assistant" alternate; "system" comes first."""
        if role not in c.ROLES:
            raise Error(c.USAGE, f"role: expected one of {', '.join(c.ROLES)}, found {role!r}")
        data = text.encode()
        self._model._call("chat_say", self._handle(), c.ROLES[role], data, len(data))

    def answer(
        self, sampling: Optional[Sampling] = None, on_token: Optional[Callable[[Token], bool]] = None
    ) -> Answer:
        """Answers the last message, and adds the answer."""
        return self._model._answer("chat_answer", (self._handle(),), sampling, on_token)

    def ask(self, text: str, sampling: Optional[Sampling] = None) -> str:
        """Says `text` and returns the answer."""
        self.say("user", text)
        return self.answer(sampling).text

    def stream(self, text: Optional[str] = None, sampling: Optional[Sampling] = None) -> Iterator[str]:
        """Says `text`, unless it is None, and yields the answer piece by piece.

        An iteration that is left early stops the answer, which is kept as far as it came.
        """
        for token in self.stream_tokens(text, sampling):
            if token.text:
                yield token.text

    def stream_tokens(
        self, text: Optional[str] = None, sampling: Optional[Sampling] = None
    ) -> Generator[Token, None, Answer]:
        """The same, token by token; the generator returns the whole answer."""
        if text is not None:
            self.say("user", text)
        news: queue.SimpleQueue = queue.SimpleQueue()
        is_left = threading.Event()

        def work():
            try:
                news.put(self.answer(sampling, lambda token: news.put(token) or is_left.is_set()))
            except BaseException as failure:  # for the thread that iterates
                news.put(failure)

        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        try:
            while isinstance(token := news.get(), Token):
                yield token
            if isinstance(token, BaseException):
                raise token
            return token
        finally:
            is_left.set()
            self.stop()
            worker.join()

    def stop(self) -> None:
        """Ends the answer that is being written, from any thread."""
        self._model._library.chat_stop(self._chat)

    def undo(self) -> bool:
        """Takes the last message away; False if there was none."""
        return bool(self._model._library.chat_undo(self._handle()))

    def tokens(self) -> int:
        """Tokens that the conversation takes."""
        return self._model._library.chat_tokens(self._handle())

    def fork(self) -> Chat:
        """Another one that has said the same so far."""
        return Chat(self._model, self._model._library.chat_fork(self._handle()))

    def save(self) -> bytes:
        """For Model.load_chat() of the same model."""
        size = ctypes.c_size_t()
        self._model._call("chat_save", self._handle(), None, 0, size)
        data = ctypes.create_string_buffer(size.value)
        self._model._call("chat_save", self._handle(), data, size.value, size)
        return data.raw
