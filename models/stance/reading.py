"""What the stance model reads: the sentence with the holder marked, and the proposition's sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder
from models.mentions import Mention
from models.stance.candidates import Candidate
from models.subject import Proposition

NEAREST = 2  # glosses read on each side: the whole lists are four times as long as the sentence
MAX_TOKENS = 128
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Glossed:
    """A proposition with its vector, float32 (384,), and those of its glosses, (n, 384)."""

    proposition: Proposition
    vector: Vectors
    supports: Vectors
    opposes: Vectors


def glossed(proposition: Proposition, encoder: Encoder) -> Glossed:
    """The proposition and its glosses, encoded."""
    n = len(proposition.supports_when)
    texts = [proposition.text, *proposition.supports_when, *proposition.opposes_when]
    vectors = encoder.encode(texts)
    return Glossed(proposition, vectors[0], vectors[1 : 1 + n], vectors[1 + n :])


@dataclass(frozen=True, slots=True)
class Question:
    """The pair of texts that the model reads: is a stance expressed, and which."""

    sentence: str
    asked: str


def question(
    text: str, vector: Vectors, candidate: Candidate, known: Glossed, *, turned: bool = False
) -> Question:
    """`candidate`'s question on a sentence and its vector, float32 (384,).

    `turned` asks about the contrary, with the sides exchanged: what supports the one opposes the
    other.
    """
    proposition = known.proposition
    yes = nearest(proposition.supports_when, known.supports, vector)
    no = nearest(proposition.opposes_when, known.opposes, vector)
    about = proposition.text
    if turned:
        about, yes, no = f"against {about}", no, yes
    holder = candidate.party.name if candidate.named else f"unnamed, {candidate.party.name}?"
    asked = f"{holder}: {about}. yes: {'; '.join(yes)}. no: {'; '.join(no)}"
    return Question(marked(text, candidate.places), asked)


def marked(text: str, places: Sequence[Mention]) -> str:
    """`text` with each place between angle brackets."""
    parts, at = [], 0
    for place in places:
        parts += [text[at : place.start], "<", text[place.start : place.end], ">"]
        at = place.end
    return "".join([*parts, text[at:]])


def nearest(glosses: Sequence[str], vectors: Vectors, vector: Vectors) -> list[str]:
    """The glosses nearest to the sentence, in the order they are listed in."""
    if len(glosses) <= NEAREST:
        return list(glosses)
    chosen = sorted(np.argsort(-(vectors @ vector), kind="stable")[:NEAREST])
    return [glosses[index] for index in chosen]
