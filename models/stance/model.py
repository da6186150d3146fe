"""Positions of sentences: candidates, the sieve, and the pairwise model for what passes it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.encoder import Encoder
from models.judgement import HeldPosition
from models.stance.candidates import Candidate
from models.stance.reading import glossed, question
from models.stance.session import WEIGHTS, StanceSession
from models.stance.sieve import Glossary, Sieve, sieve_from
from models.subject import Subject
from models.taxonomy import STANCES

Floats = npt.NDArray[np.float32]


class StanceModel(Protocol):
    """Says which positions sentences express. An answer does not depend on its companions."""

    @property
    def version(self) -> str: ...

    def positions(
        self, sentences: Sequence[str], vectors: Floats, subjects: Sequence[Subject]
    ) -> list[tuple[HeldPosition, ...]]:
        """Of each sentence, in their order; `vectors` are the encoder's, float32 (n, 384)."""


class PairwiseStance:
    """See `StanceModel`. Thread-safe; glosses are encoded once and kept."""

    def __init__(self, session: StanceSession, sieve: Sieve, encoder: Encoder) -> None:
        self._session, self._sieve, self._encoder = session, sieve, encoder
        self._glossary: Glossary = {}
        self._lock = threading.Lock()

    @classmethod
    def load(cls, encoder: Encoder, path: Path | None = None) -> PairwiseStance:
        """The model in the folder `path` (that which ships with Parley).

        Raises StanceError if a file is missing or is not the one that the manifest names.
        """
        folder = path or WEIGHTS
        session = StanceSession.load(folder)
        raw = (folder / "sieve.npz").read_bytes()
        return cls(session, sieve_from(raw, session.thresholds["sieve"]), encoder)

    @property
    def version(self) -> str:
        return self._session.version

    def positions(
        self, sentences: Sequence[str], vectors: Floats, subjects: Sequence[Subject]
    ) -> list[tuple[HeldPosition, ...]]:
        asked = [
            (index, subject.name, candidate)
            for subject in subjects
            for index, text in enumerate(sentences)
            for candidate in self._kept(text, vectors[index], subject)
        ]
        logits = self._session.read(
            [
                question(sentences[i], vectors[i], one, self._glossary[one.proposition])
                for i, _, one in asked
            ]
        )
        found: list[list[HeldPosition]] = [[] for _ in sentences]
        for (index, name, one), row in zip(asked, logits, strict=True):
            score = float(1 / (1 + np.exp(-float(row[0]))))
            if score >= self._session.thresholds["expressed"]:
                stance = STANCES[int(row[1:].argmax())]
                topic = one.proposition.topic
                found[index].append(HeldPosition(name, one.party.id, topic, stance, score))
        return [tuple(held) for held in found]

    def _kept(self, text: str, vector: Floats, subject: Subject) -> list[Candidate]:
        self._know(subject)
        return [one for one, _ in self._sieve.kept(text, vector, subject, self._glossary)]

    def _know(self, subject: Subject) -> None:
        with self._lock:
            for proposition in subject.propositions.values():
                if proposition not in self._glossary:
                    self._glossary[proposition] = glossed(proposition, self._encoder)
