"""Answers in the form of OpenAI's API, for programs that know llama-cpp-python."""

from __future__ import annotations

import itertools
import time

from ._model import Error, Message, Model, Sampling

_REASONS = {"stop": "stop", "stopped": "stop", "length": "length", "context": "length"}
_numbers = itertools.count(1)


def _frame(model: Model, kind: str) -> dict:
    return {
        "id": f"chatcmpl-{next(_numbers)}",
        "object": kind,
        "created": int(time.time()),
        "model": model.name,
    }


def chat_completion(model: Model, messages, stream: bool, sampling: Sampling):
    chat = model.chat(messages=[Message(each["role"], each["content"]) for each in messages])
    return _pieces(model, chat, sampling) if stream else _whole(model, chat, sampling)


def _whole(model, chat, sampling):
    answer = chat.answer(sampling)
    return {
        **_frame(model, "chat.completion"),
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": answer.text},
                "logprobs": None,
                "finish_reason": _REASONS[answer.ending],
            }
        ],
        "usage": {
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": len(answer.tokens),
            "total_tokens": answer.prompt_tokens + len(answer.tokens),
        },
    }


def _pieces(model, chat, sampling):
    frame = _frame(model, "chat.completion.chunk")

    def chunk(delta, reason=None):
        return {**frame, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]}

    yield chunk({"role": "assistant"})
    count = 0
    for token in chat.stream_tokens(None, sampling):
        count += token.id is not None
        if token.text:
            yield chunk({"content": token.text})
    reason = "length" if sampling.max_tokens is not None and count >= sampling.max_tokens else "stop"
    yield chunk({}, reason)


__all__ = ["Error", "chat_completion"]
