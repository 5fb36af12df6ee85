"""The NumPy reference as the sample's other voice."""

from dataclasses import dataclass

import dialogue  # puts the reference on the path
import model as reference

LONGEST = 64  # tokens of an answer
FLOAT32 = reference.Float32


@dataclass
class Held:
    """What the reference made of a conversation."""
    ids: list      # the whole conversation, with its own answers
    places: list   # positions whose logits chose a token of an answer
    answers: list  # texts


class Oracle:
    def __init__(self, checkpoint, arithmetic=reference.Float64):
        self.encoder = dialogue.Encoder(checkpoint)
        self.model = reference.Model(checkpoint, arithmetic)

    def hold(self, turns):
        """Holds a conversation greedily: [(user, expected answer)] -> Held"""
        return self._as_expected(turns) or self._freely(turns)

    def _as_expected(self, turns):
        """One forward pass, if it makes all of the expected choices."""
        ids, weights = self.encoder.conversation(turns)
        places = [i - 1 for i, weight in enumerate(weights) if weight]
        logits = self.model.forward(ids, reference.Session(self.model))
        choices = logits.argmax(axis=1)
        if any(choices[i] != ids[i + 1] for i in places):
            return None
        return Held(ids, places, [answer for _, answer in turns])

    def _freely(self, turns):
        """Token by token."""
        session = reference.Session(self.model)
        ids, places, answers = [self.encoder.begin], [], []
        for user, _ in turns:
            ids = ids + self.encoder.prompt(user)
            start = len(ids)
            while len(ids) - start < LONGEST:
                logits = self.model.forward(ids[session.length:], session)
                places.append(len(ids) - 1)
                ids = ids + [int(logits[-1].argmax())]
                if ids[-1] == self.encoder.end_of_turn:
                    break
            answers.append(self.encoder.decode(ids[start:]))
        return Held(ids, places, answers)
