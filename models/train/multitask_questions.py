"""Questions that the multitask net is asked in training: a sentence, its holder marked, and whether
the holder supports, at times opposes, a proposition.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.encoder.session import TOKENIZER, WEIGHTS
from models.multitask.form import named_topics
from models.multitask.questions import question, turned
from models.multitask.session import question_tokens
from models.subject import Proposition
from models.taxonomy import TOPICS
from models.train.multitask_examples import Example, Material

TURNED = 0.25  # of the questions ask whether the holder opposes
# Share of the candidates asked in an epoch, where the holder is named and where it is not. Almost
# all are none: those that a sieve would let pass teach most.
DRAWN = {
    "held": (1.0, 1.0),
    "about": (0.6, 0.2),  # the sentence is about the topic, and the party has no stance on it
    "worded": (0.3, 0.1),  # a telling word of the topic occurs
    "far": (0.01, 0.003),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Indices of an example, of one of its holders, and of one of the propositions it is asked."""

    example: int
    holder: int
    proposition: int


@dataclass(frozen=True, slots=True)
class QuestionTokens:
    """A question as the net reads it; segments are 1 in the question, marks 1 at the holder.

    `right` is the class of the answer, `example` where it comes from.
    """

    ids: list[int]
    segments: list[int]
    marks: list[int]
    right: int
    example: int


def candidates(material: Material, examples: Sequence[int]) -> Iterator[tuple[Candidate, float]]:
    """All that can be asked of these examples, and the share of epochs that it is asked in."""
    for index in examples:
        one = material.examples[index]
        worded = named_topics(one.form)
        nearness = [_nearness(one, worded, material.topics[asked]) for asked in one.asked]
        for h, holder in enumerate(one.holders):
            for p, near in enumerate(nearness):
                shares = DRAWN["held" if one.stances[h, p] else near]
                yield Candidate(index, h, p), shares[0 if holder.named else 1]


def _nearness(example: Example, worded: NDArray[np.bool_], topic: int) -> str:
    """How near a sentence with telling words of these topics is to a topic (an index of TOPICS)."""
    if TOPICS[topic] in example.row.topics:
        return "about"
    return "worded" if worded[topic] else "far"


class Asker:
    """Puts candidates into questions."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._tokenizer = Tokenizer.from_file(str(WEIGHTS / TOKENIZER))
        self._known: dict[str, list[int]] = {}

    def epoch(self, every: Sequence[tuple[Candidate, float]], seed: int) -> list[QuestionTokens]:
        """The questions of one epoch, drawn anew by each seed, as are the glosses read out."""
        draw = random.Random(seed)
        chosen = [candidate for candidate, share in every if draw.random() < share]
        return [self.ask(one, draw=draw) for one in chosen]

    def ask(self, one: Candidate, draw: random.Random | None = None) -> QuestionTokens:
        """A candidate's question: as the analyst asks it, or one of many where `draw` is given."""
        example = self._material.examples[one.example]
        holder = example.holders[one.holder]
        proposition = self._material.wordings[example.asked[one.proposition]]
        opposed = draw is not None and draw.random() < TURNED
        if draw is not None:
            proposition = _mixed(proposition, draw)
        text = question(self._material.called[holder.name], proposition, opposed=opposed)
        asked = self._tokens(text)
        right = int(example.stances[one.holder, one.proposition])
        marks = [int(at in holder.tokens) for at in range(len(example.ids))]
        return QuestionTokens(
            [*example.ids, *asked],
            [0] * len(example.ids) + [1] * len(asked),
            marks + [0] * len(asked),
            turned(right) if opposed else right,
            one.example,
        )

    def _tokens(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = question_tokens(self._tokenizer, text)
        return self._known[text]


def _mixed(one: Proposition, draw: random.Random) -> Proposition:
    """The same with its glosses in another order."""
    yes, no = (draw.sample(side, len(side)) for side in (one.supports_when, one.opposes_when))
    return replace(one, supports_when=tuple(yes), opposes_when=tuple(no))
