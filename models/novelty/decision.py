"""The verdict of all evidence weighed together: rules first, and a pair model where in doubt.

Logistic regressions of four classes, over what the rules say and, where a pair model is at hand,
over that and what it reads; data in `decision.json`, fitted by `models.train.novelty_decision`. No
pair model ships: on real pairs it does harm (`models/CARD.md`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.novelty.pairs import PairReader, PairReading
from models.taxonomy import NOVELTIES, Novelty

PATH = Path(__file__).with_name("decision.json")
ARRAYS = ("weight", "bias", "mean", "scale")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules say of a sentence: their verdict, the features of its match, and its form.

    `claim` is the probability that it asserts news, `near` the coverage by the best candidate.
    """

    verdict: str
    best: float
    union: float
    cosine: float
    strange: float
    weight: float
    score: float
    claim: float
    is_claim: bool
    unknown_figures: bool
    question: bool


def plain_row(ruled: Ruled) -> Floats:
    """What the rules say, float64 (PLAIN,)."""
    facts = [
        *(float(ruled.verdict == name) for name in NOVELTIES),
        ruled.best,
        ruled.union,
        ruled.cosine,
        ruled.strange,
        ruled.weight,
        _logit(ruled.score),
        _logit(ruled.claim),
        float(ruled.is_claim),
        float(ruled.unknown_figures),
        float(ruled.question),
    ]
    return np.array(facts, dtype=np.float64)


def full_row(ruled: Ruled, read: PairReading) -> Floats:
    """What the rules say and what was read, float64 (PLAIN + 11,)."""
    apart = read.alone[:, 1].min()
    return np.concatenate([plain_row(ruled), read.together, read.alone.max(axis=0), [apart]])


def _logit(p: float) -> float:
    p = min(max(p, 0.01), 0.99)
    return math.log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class Weights:
    """weight (4, k) and bias (4,) by the order of NOVELTIES, over features that mean and scale
    standardise."""

    weight: Floats
    bias: Floats
    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Weights:
        weight, bias, mean, scale = (np.array(raw[name], dtype=np.float64) for name in ARRAYS)
        return cls(weight, bias, mean, scale)

    def probabilities(self, row: Floats) -> dict[Novelty, float]:
        logits = self.weight @ ((row - self.mean) / self.scale) + self.bias
        shares = np.exp(logits - logits.max())
        return dict(zip(NOVELTIES, map(float, shares / shares.sum()), strict=True))


@dataclass(frozen=True, slots=True)
class Decision:
    """Decides by `plain`, and where that is in doubt and a pair model was fitted by `full`.

    doubt: probability of the plain verdict below which the pair model is asked.
    distant: cosine of the likest earlier sentence below which it is not.
    """

    plain: Weights
    full: Weights | None
    doubt: float
    distant: float

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Decision:
        full = Weights.of(raw["full"]) if "full" in raw else None
        return cls(Weights.of(raw["plain"]), full, raw["doubt"], raw["distant"])

    def asks(self, ruled: Ruled, plain: Mapping[Novelty, float]) -> bool:
        """Whether the pair model is worth its cost."""
        return max(plain.values()) < self.doubt and ruled.cosine >= self.distant


@dataclass(frozen=True, slots=True)
class Weighing:
    """What decides beyond the rules: without a `reader` only what they found is weighed."""

    decision: Decision
    reader: PairReader | None


def shared_weighing() -> Weighing:
    """That which ships."""
    return Weighing(shipped_decision(), None)


@lru_cache(maxsize=1)
def shipped_decision() -> Decision:
    return Decision.of(json.loads(PATH.read_text(encoding="utf-8")))


def likest(probabilities: Mapping[Novelty, float]) -> Novelty:
    return max(probabilities, key=lambda name: probabilities[name])


def prior_of(novelty: Novelty, read: PairReading) -> int:
    """Which of the sentences that were read is repeated, or in conflict."""
    column = 0 if novelty == "repeated" else 2
    return int(read.alone[:, column].argmax())
