"""Conversations as token ids, the way an emitted program's chat has them."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "..", "test", "reference"))

import tokenizer as reference  # noqa: E402


class Encoder:
    def __init__(self, directory):
        self.tokenizer = reference.load(os.path.join(directory,
                                                     "tokenizer.json"))
        self.begin = self.tokenizer.added["<|begin_of_text|>"][0]
        self.end_of_turn = self.tokenizer.added["<|eot_id|>"][0]
        self.texts = {i: data for data, i in self.tokenizer.vocabulary.items()}

    def prompt(self, user):
        """A user's turn, up to where the answer begins."""
        return self.tokenizer.encode("User: " + user) + [self.end_of_turn] \
            + self.tokenizer.encode("Assistant: ")

    def answer(self, text):
        return self.tokenizer.encode(text) + [self.end_of_turn]

    def decode(self, ids):
        return b"".join(self.texts.get(i, b"") for i in ids) \
            .decode("utf-8", "replace")

    def conversation(self, turns):
        """[(user, assistant)] -> ids, and 1.0 for each token of an answer."""
        ids, weights = [self.begin], [0.0]
        for user, assistant in turns:
            for part, weight in ((self.prompt(user), 0.0),
                                 (self.answer(assistant), 1.0)):
                ids += part
                weights += [weight] * len(part)
        return ids, weights


def answers_of(places):
    """Indices of `places`, cut where the places do not follow each other."""
    start = 0
    for i in range(1, len(places) + 1):
        if i == len(places) or places[i] != places[i - 1] + 1:
            yield slice(start, i)
            start = i


def read_turns(path):
    """The conversations of a file of messages, as (user, assistant) pairs."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            texts = [message["content"] for message in json.loads(line)]
            yield list(zip(texts[::2], texts[1::2]))
