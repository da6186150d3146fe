"""What the models say of one sentence. Scores are probabilities; labels come after thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.subject import Subject
from models.taxonomy import Outlook, Stance

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """A party's stance on a topic's proposition within the subject (dossier) of that name."""

    subject: str
    party: str
    topic: str
    stance: Stance
    score: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is said of one sentence: topics above their thresholds, best first."""

    topics: Mapping[str, float]
    outlook: Outlook
    outlook_score: float
    is_claim: bool
    claim_score: float
    positions: tuple[HeldPosition, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Judgements of n sentences and their vectors, float32 of shape (n, 384), L2-normalised."""

    judgements: tuple[Judgement, ...]
    vectors: Vectors


class Analyst(Protocol):
    """Reads sentences. A sentence's answer does not depend on its companions."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Which model and version answers, by task: encoder, topics, outlook, claim, stance."""

    def judge(self, sentences: Sequence[str], subjects: Sequence[Subject]) -> Judged:
        """Judge sentences in the order given, positions for each of the subjects."""

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """The vectors that `judge` gives with the judgements, without judging."""
