"""Names and propositions as the heads see them: vectors of the sentence encoder, each made once."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.encoder import DIMENSIONS, Encoder
from models.subject import Proposition

Floats = NDArray[np.float32]


class Vectors:
    """Thread-safe; a dossier's names and propositions are few, so all are kept."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._names: dict[str, Floats] = {}
        self._propositions: dict[Proposition, Floats] = {}
        self._lock = threading.Lock()

    def name(self, name: str) -> Floats:
        """Of a party's name: float32 (384,)."""
        with self._lock:
            if name not in self._names:
                self._names[name] = self._encoder.encode([name])[0]
            return self._names[name]

    def proposition(self, proposition: Proposition) -> Floats:
        """Its text, then its supporting less its opposing glosses: float32 (768,)."""
        with self._lock:
            if proposition not in self._propositions:
                lean = self._mean(proposition.supports_when) - self._mean(proposition.opposes_when)
                own = self._encoder.encode([proposition.text])[0]
                self._propositions[proposition] = np.concatenate([own, lean])
            return self._propositions[proposition]

    def _mean(self, texts: Sequence[str]) -> Floats:
        if not texts:
            return np.zeros(DIMENSIONS, dtype=np.float32)
        return np.asarray(self._encoder.encode(texts).mean(axis=0), dtype=np.float32)
