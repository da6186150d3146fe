"""The numbers that decide novelty: data, fitted by `models.novelty.tune`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("thresholds.json")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits on shares and probabilities, all from 0 to 1.

    `candidates` earlier sentences are looked at. From `claim` on a sentence counts as one. Words
    that weigh less than `least_weight` together assert nothing. `coefficients` are the bias and
    slopes of the score of a match (see `match.Match`): best, union, cosine, strange, log weight.
    `imputed_cosine` is base and slope of a cosine over coverage, for statements without vectors.
    From a score of `same` on an earlier sentence makes the claim; `changed` is enough where a slot
    is in conflict. From a coverage of `near` on the wording is so close that a day or a name in
    the same place is comparable; from `verbatim` on nothing but the slots differs. A figure that
    nobody gave before makes a claim new below a score of `extra`.
    """

    candidates: int
    claim: float
    least_weight: float
    coefficients: tuple[float, ...]
    imputed_cosine: tuple[float, float]
    same: float
    changed: float
    near: float
    extra: float
    verbatim: float

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Thresholds:
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()})


@lru_cache(maxsize=1)
def shipped() -> Thresholds:
    return Thresholds.of(json.loads(PATH.read_text(encoding="utf-8")))
