"""Generates what the sample learns: conversations about a small closed world.

    python3 world.py --held-out FILE     writes the held-out conversations,
                                         and a text made of them (.txt)
    python3 world.py --show N [--seed S] prints N training conversations

A conversation is a list of (user, assistant) texts. Every question has one
right answer. Whole phrasings (phrasings.py, talk.py) are kept out of training
and make up the held-out set.
"""

import argparse
import json
import os
import random
import sys

import facts
import phrasings
import talk

TRAINING, HELD_OUT = 0, 1


def _numbers():
    """kind -> the triples of its table."""
    return {
        "add": [(a, b, a + b) for a in range(21) for b in range(11)],
        "subtract": [(a, b, a - b) for a in range(21)
                     for b in range(min(a, 10) + 1)],
        "multiply": [(a, b, a * b) for a in range(1, 11)
                     for b in range(1, 11)]}


SIGNS = {"add": "+", "subtract": "-", "multiply": "x"}


def _all_facts():
    """kind -> list of fields for its phrasings and its answer."""
    table = {name: [] for name in phrasings.KINDS}

    def put(kind, x, **fields):
        table[kind].append({"x": str(x), **fields})

    for country, capital, continent in facts.COUNTRIES:
        put("capital", country, capital=capital)
        put("capital_of", capital, country=country)
        put("continent", country, continent=continent)
    for element, symbol, number in facts.ELEMENTS:
        put("symbol", element, symbol=symbol)
        put("symbol_of", symbol, element=element)
        put("number", element, number=number)
        put("number_of", number, element=element)
    for kind, triples in _numbers().items():
        for a, b, c in triples:
            put(kind, f"{a} {SIGNS[kind]} {b}", a=a, b=b, c=c)
    months = [month for month, _ in facts.MONTHS]
    for unit, names in (("day", facts.DAYS), ("month", months)):
        for this, following in zip(names, names[1:] + names[:1]):
            put("after", this, unit=unit, next=following)
            put("before", following, unit=unit, next=this)
    for i, (month, days) in enumerate(facts.MONTHS):
        put("month_number", month, number=i + 1)
        put("month_days", month, number=days)
    for number, small, large in facts.UNITS:
        article = "an" if large[0] in "aeiou" or large == "hour" else "a"
        put("unit", small, number=number, large=large, a=article)
    for word in facts.WORDS:
        put("spell", word, letters="-".join(word))
        put("reverse", word, reversed=word[::-1])
        put("length", word, number=len(word))
        put("initial", word, letter=word[0])
    return table


FACTS = _all_facts()
BY_SUBJECT = {kind: {fields["x"]: fields for fields in table}
              for kind, table in FACTS.items()}

# Kinds of one subject: what a follow-up may ask of the same thing.
FAMILIES = [("capital", "continent"), ("symbol", "number"),
            ("spell", "reverse", "length", "initial")]

# How often a conversation turns to each kind.
WEIGHTS = {
    "capital": 8, "capital_of": 7, "continent": 6, "symbol": 6,
    "symbol_of": 6, "number": 6, "number_of": 6, "add": 10, "subtract": 9,
    "multiply": 7, "after": 3, "before": 3, "month_number": 2,
    "month_days": 2, "unit": 4, "spell": 5, "reverse": 6, "length": 4,
    "initial": 3, "small_talk": 4, "tritc": 5, "outside": 6}


def _outside():
    """(question, answer) outside the world -> (training, held out)"""
    split = [], []
    pairs = [(pattern, topic) for pattern, topics in talk.OUTSIDE
             for topic in topics]
    for i, (pattern, topic) in enumerate(pairs):
        split[i % 5 == 4].append((pattern.format(t=topic), talk.REFUSAL))
    return split


OUTSIDE = _outside()


class Talker:
    """Makes conversations of one part, TRAINING or HELD_OUT."""

    def __init__(self, rng, part):
        self.rng = rng
        self.part = part
        self.last = None  # (kind, fields) of the last answer that was a fact

    def _decorate(self, text):
        """Training only: what people put around a question or leave out."""
        rng = self.rng
        if self.part == HELD_OUT or rng.random() < 0.7:
            return text
        choice = rng.random()
        if choice < 0.45:
            return rng.choice(phrasings.BEFORE) + text
        if choice < 0.6:
            return text + rng.choice(phrasings.AFTER)
        if choice < 0.8:
            return text.rstrip("?.!") or text
        if choice < 0.9:
            return text[0].lower() + text[1:]
        return text.lower()

    def _phrase(self, choices, fields):
        text = self.rng.choice(choices).format(**fields)
        return self._decorate(text[0].upper() + text[1:])

    def fact(self, kind, fields, choices=None):
        """A question about a fact, and its answer."""
        answer, *parts = phrasings.KINDS[kind]
        self.last = kind, fields
        return (self._phrase(choices or parts[self.part], fields),
                answer.format(**fields))

    def talk(self, groups):
        answer, *parts = self.rng.choice(groups)
        return self._decorate(self.rng.choice(parts[self.part])), answer

    def new(self, kind):
        self.last = None
        if kind == "small_talk":
            return self.talk(talk.SMALL_TALK)
        if kind == "tritc":
            return self.talk(talk.TRITC)
        if kind == "outside":
            text, answer = self.rng.choice(OUTSIDE[self.part])
            return self._decorate(text), answer
        return self.fact(kind, self.rng.choice(FACTS[kind]))

    def _same(self):
        kind, _ = self.last
        return self.fact(kind, self.rng.choice(FACTS[kind]),
                         phrasings.SAME[self.part])

    def _other(self):
        """Something else of the same thing, or None."""
        kind, fields = self.last
        rng = self.rng
        if kind in ("after", "before"):
            return self.fact(kind, BY_SUBJECT[kind][fields["next"]],
                             phrasings.OTHER[kind][self.part])
        if kind in SIGNS:
            kind = rng.choice(["add", "subtract"])
            b = rng.randint(1, 9)
            subject = BY_SUBJECT[kind].get(f"{fields['c']} {SIGNS[kind]} {b}")
            return subject and self.fact(kind, subject,
                                         phrasings.OTHER[kind][self.part])
        family = next((f for f in FAMILIES if kind in f), None)
        if family is None:
            return None
        kind = rng.choice([k for k in family if k != kind])
        return self.fact(kind, BY_SUBJECT[kind][fields["x"]],
                         phrasings.OTHER[kind][self.part])

    def follow_up(self):
        """A question that refers back, or None."""
        if self.last is None or self.last[0] == "unit":
            return None
        turn = self._other() if self.rng.random() < 0.5 else None
        return turn or self._same()

    def conversation(self, turns, kind=None):
        """The first turn is of the kind, if one is given."""
        result = []
        for _ in range(turns):
            turn = self.follow_up() if self.rng.random() < 0.6 else None
            if turn is None:
                turn = self.new(kind or self.rng.choices(
                    list(WEIGHTS), WEIGHTS.values())[0])
            kind = None
            result.append(turn)
        self.last = None
        return result


def training(seed):
    """Endless training conversations."""
    rng = random.Random(seed)
    talker = Talker(rng, TRAINING)
    while True:
        yield talker.conversation(rng.choices((1, 2, 3, 4), (4, 3, 2, 1))[0])


def held_out(seed=2024):
    """The held-out conversations: every user's text is of a phrasing, or a
    pair of pattern and topic, that training never uses."""
    rng = random.Random(seed)
    talker = Talker(rng, HELD_OUT)
    conversations = []
    for kind, weight in WEIGHTS.items():
        conversations += [talker.conversation(1, kind)
                          for _ in range(2 * weight)]
        conversations += [talker.conversation(2 + i % 2, kind)
                          for i in range(weight)]
    unique = {json.dumps(c): c for c in conversations}
    return list(unique.values())


def to_messages(conversation):
    return [{"role": role, "content": text} for turn in conversation
            for role, text in zip(("user", "assistant"), turn)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--held-out", metavar="FILE")
    parser.add_argument("--show", type=int, metavar="N", default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.held_out:
        with open(options.held_out, "w", encoding="utf-8") as file:
            for conversation in held_out():
                file.write(json.dumps(to_messages(conversation)) + "\n")
        with open(os.path.splitext(options.held_out)[0] + ".txt", "w",
                  encoding="utf-8") as file:
            file.write(" ".join(f"User: {user}Assistant: {assistant}"
                                for conversation in held_out()[::4]
                                for user, assistant in conversation))
    for _, conversation in zip(range(options.show), training(options.seed)):
        for user, assistant in conversation:
            print("> " + user, assistant, sep="\n")
        print()


if __name__ == "__main__":
    sys.exit(main())
