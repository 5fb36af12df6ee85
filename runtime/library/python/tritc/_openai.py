"""Answers in the form of OpenAI's API, for programs that know llama-cpp-python."""

from __future__ import annotations

import itertools
import time
from typing import Any, Iterator, Mapping, Sequence, Union

from ._model import Answer, Chat, Message, Model, Sampling, Token

_REASONS = {"stop": "stop", "stopped": "stop", "length": "length", "context": "length"}
_numbers = itertools.count(1)

#: Taken as they are.
_SAMPLING = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "repeat_penalty",
    "presence_penalty",
    "frequency_penalty",
    "seed",
    "grammar",
)
#: Known there, not here: what asks for nothing, besides None.
_UNSUPPORTED = {
    "functions": [],
    "function_call": "none",
    "tools": [],
    "tool_choice": "none",
    "typical_p": 1.0,
    "tfs_z": 1.0,
    "mirostat_mode": 0,
    "mirostat_tau": 5.0,
    "mirostat_eta": 0.1,
    "logits_processor": [],
}


def _schema(wanted: Any) -> Union[str, Mapping[str, Any], None]:
    """Of a response_format; both OpenAI's form and llama-cpp-python's, where json_object may have a schema."""
    kind = wanted.get("type") if isinstance(wanted, Mapping) else None
    schema = wanted.get("schema") if kind == "json_object" else None
    known = {"type", "schema"} if kind == "json_object" else {"type"}
    if kind == "json_schema":
        known.add("json_schema")
        schema = wanted.get("json_schema", {}).get("schema")
        if schema is None:
            raise ValueError("response_format.json_schema.schema: missing")
    elif kind not in ("text", "json_object"):
        raise ValueError(f"response_format.type: expected text, json_object or json_schema, found {kind!r}")
    for name in wanted:
        if name not in known:
            raise ValueError(f"response_format.{name}: not known")
    return "" if kind == "json_object" and schema is None else schema


def _sampling(options: dict[str, Any]) -> Sampling:
    given = {name: options.pop(name) for name in _SAMPLING if options.get(name) is not None}
    for name, nothing in _UNSUPPORTED.items():
        value = options.pop(name, None)
        if value is not None and value != nothing:
            raise TypeError(f"{name}: not supported")
    sampling = Sampling(**given)
    most = options.pop("max_tokens", None)
    sampling.max_tokens = most if most is not None and most > 0 else None
    sampling.stop = options.pop("stop", None) or ()
    sampling.logit_bias = {int(token): bias for token, bias in (options.pop("logit_bias", None) or {}).items()}
    sampling.logprobs = bool(options.pop("logprobs", None))
    sampling.top_logprobs = options.pop("top_logprobs", None) or 0
    if sampling.top_logprobs and not sampling.logprobs:
        raise ValueError("top_logprobs: needs logprobs")
    wanted = options.pop("response_format", None)
    if wanted is not None:
        sampling.json_schema = _schema(wanted)
    for name in options:
        raise TypeError(f"{name}: not known")
    return sampling


def _text(content: Any, place: str) -> str:
    """Of a string, or of parts that are texts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, Sequence):
        raise ValueError(f"{place}: expected a string, or a list of parts")
    for i, part in enumerate(content):
        if part.get("type") != "text":
            raise ValueError(f"{place}[{i}].type: expected text, found {part.get('type')!r}")
    return "".join(part["text"] for part in content)


def _messages(messages: Sequence[Mapping[str, Any]]) -> list[Message]:
    made = []
    for i, each in enumerate(messages):
        for name, value in each.items():
            if name not in ("role", "content", "name") and value:
                raise ValueError(f"messages[{i}].{name}: not supported")
        if "role" not in each:
            raise ValueError(f"messages[{i}].role: missing")
        made.append(Message(each["role"], _text(each.get("content"), f"messages[{i}].content")))
    return made


class _Form:
    """How one answer is told."""

    def __init__(self, model: Model, name: str, logprobs: bool) -> None:
        self._model = model
        self._name = name
        self._has_logprobs = logprobs
        self._id = f"chatcmpl-{next(_numbers)}"
        self._created = int(time.time())

    def _one(self, token: int, logprob: float) -> dict[str, Any]:
        data = self._model.token_bytes(token)
        return {"token": data.decode("utf-8", "replace"), "logprob": logprob, "bytes": list(data)}

    def logprobs(self, tokens: Sequence[Token]) -> Union[dict[str, Any], None]:
        if not self._has_logprobs:
            return None
        content = [
            {**self._one(each.id, each.logprob or 0.0), "top_logprobs": [self._one(*likely) for likely in each.top]}
            for each in tokens
            if each.id is not None
        ]
        return {"content": content, "refusal": None}

    def frame(self, kind: str, choice: dict[str, Any], reason: Union[str, None], tokens: Sequence[Token]):
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._name,
            "choices": [{"index": 0, **choice, "logprobs": self.logprobs(tokens), "finish_reason": reason}],
        }


def chat_completion(model: Model, messages, options: Mapping[str, Any]):
    options = dict(options)
    stream = bool(options.pop("stream", False))
    name = options.pop("model", None) or model.name
    sampling = _sampling(options)
    chat = model.chat(messages=_messages(messages))
    form = _Form(model, name, sampling.logprobs)
    return _pieces(form, chat, sampling) if stream else _whole(form, chat.answer(sampling))


def _whole(form: _Form, answer: Answer) -> dict[str, Any]:
    message = {"message": {"role": "assistant", "content": answer.text}}
    usage = {
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": len(answer.tokens),
        "total_tokens": answer.prompt_tokens + len(answer.tokens),
    }
    return {**form.frame("chat.completion", message, _REASONS[answer.ending], answer.tokens), "usage": usage}


def _pieces(form: _Form, chat: Chat, sampling: Sampling) -> Iterator[dict[str, Any]]:
    kind = "chat.completion.chunk"
    yield form.frame(kind, {"delta": {"role": "assistant"}}, None, ())
    tokens = chat.stream_tokens(None, sampling)
    try:
        while True:
            token = next(tokens)
            if token.text or sampling.logprobs:
                yield form.frame(kind, {"delta": {"content": token.text}}, None, (token,))
    except StopIteration as end:
        yield form.frame(kind, {"delta": {}}, _REASONS[end.value.ending], ())
    finally:
        tokens.close()
