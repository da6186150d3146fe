"""The pair model: how a later sentence stands to earlier ones, in other words too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.pairwise import PairSession

WEIGHTS = Path(__file__).parent / "weights"
RELATIONS = ("covered", "apart", "conflict")
JOINED = 3  # earlier sentences that are read together
MAX_TOKENS = 192
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PairReading:
    """Log-probabilities, float32: `together` (7,) of the relation and then the novelty, where the
    likest earlier sentences are read as one text; `alone` (n, 3) of each one's relation.
    """

    together: Floats
    alone: Floats


class PairReader(Protocol):
    """Reads a later sentence against its likest earlier ones, best first; at least one."""

    def read(self, later: str, earlier: Sequence[str]) -> PairReading: ...


def joined(sentences: Sequence[str]) -> str:
    """Several earlier sentences as one text, best first: what is too long is cut from the end."""
    return " ".join(sentences)


def questions(later: str, earlier: Sequence[str]) -> list[tuple[str, str]]:
    """What is asked: the earlier sentences together, then each alone."""
    return [(joined(earlier), later), *((one, later) for one in earlier)]


def reading(logits: Floats) -> PairReading:
    """From logits float32 (1 + n, 7), the answers to `questions`."""
    size = len(RELATIONS)
    first = logits[0]
    together = np.concatenate([_log_softmax(first[:size]), _log_softmax(first[size:])])
    return PairReading(together, _log_softmax(logits[1:, :size]))


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    found: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return found


class PairModel:
    """See `PairReader`. Thread-safe."""

    def __init__(self, session: PairSession) -> None:
        self._session = session

    @classmethod
    def load(cls, folder: Path | None = None, encoder: Path | None = None) -> PairModel:
        """The model in `folder`; raises `models.pairwise.PairError` if it is not whole."""
        return cls(PairSession.load("novelty", folder or WEIGHTS, encoder))

    @property
    def version(self) -> str:
        return self._session.version

    def read(self, later: str, earlier: Sequence[str]) -> PairReading:
        return reading(self._session.read(questions(later, earlier[:JOINED])))
