"""The verdict of all that the rules found, weighed together.

A logistic regression of four classes over what the rules say; data in `decision.json`, fitted by
`models.train.novelty_decision`.
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

from models.taxonomy import NOVELTIES, Novelty

PATH = Path(__file__).with_name("decision.json")
ARRAYS = ("weight", "bias", "mean", "scale")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules say of a sentence: their verdict, the features of its match, and its form.

    `claim` is the probability that it asserts news.
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


def row_of(ruled: Ruled) -> Floats:
    """What the rules say as float64 (14,)."""
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


def _logit(p: float) -> float:
    p = min(max(p, 0.01), 0.99)
    return math.log(p / (1 - p))


@dataclass(frozen=True, slots=True)
class Decision:
    """weight (4, 14) and bias (4,) by the order of NOVELTIES, over rows (`row_of`) that mean and
    scale standardise.
    """

    weight: Floats
    bias: Floats
    mean: Floats
    scale: Floats

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Decision:
        weight, bias, mean, scale = (np.array(raw[name], dtype=np.float64) for name in ARRAYS)
        return cls(weight, bias, mean, scale)

    def probabilities(self, row: Floats) -> dict[Novelty, float]:
        logits = self.weight @ ((row - self.mean) / self.scale) + self.bias
        shares = np.exp(logits - logits.max())
        return dict(zip(NOVELTIES, map(float, shares / shares.sum()), strict=True))


@lru_cache(maxsize=1)
def shipped_decision() -> Decision:
    return Decision.of(json.loads(PATH.read_text(encoding="utf-8")))


def likest(probabilities: Mapping[Novelty, float]) -> Novelty:
    return max(probabilities, key=lambda name: probabilities[name])
