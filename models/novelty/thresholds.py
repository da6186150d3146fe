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

    candidates: how many earlier sentences are looked at.
    least_weight: words that weigh less together assert nothing.
    coefficients: bias and slopes of the score of a match (`match.Match`): best, union, cosine,
        strange, log weight.
    imputed_cosine: base and slope of a cosine over coverage, for statements without vectors.
    same: score from which an earlier sentence makes the claim.
    changed: score that is enough for that where a slot is in conflict.
    near: coverage from which wording is so close that days and names in one place compare.
    loose: coverage from which figures of the same object do.
    verbatim: coverage from which a "not" is a denial of the other sentence.
    extra: score below which a figure that nobody gave before makes a sentence new; the same for
        a sentence that is no claim by itself.
    """

    candidates: int
    least_weight: float
    coefficients: tuple[float, ...]
    imputed_cosine: tuple[float, float]
    same: float
    changed: float
    near: float
    loose: float
    extra: float
    verbatim: float

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Thresholds:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()
        }
        return cls(**values)


@lru_cache(maxsize=1)
def shipped() -> Thresholds:
    return Thresholds.of(json.loads(PATH.read_text(encoding="utf-8")))
