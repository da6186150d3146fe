"""Which earlier sentences speak of the same thing, and how much of the later one they cover."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.novelty.coverage import coverage, found_in
from models.novelty.slots import Slots, read
from models.novelty.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, and its vector of length 1 where there is one."""

    text: str
    vector: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How a later sentence stands to the earlier ones, all shares from 0 to 1.

    `candidates` are indices of earlier statements, best first. `best` is the share of the
    sentence's weight that the first of them covers, `union` what all of them do together.
    `strange` is the share of the weight of names among what nobody covers. `score` is the
    probability that an earlier sentence makes this claim, with whatever figures.
    """

    candidates: tuple[int, ...]
    best: float
    union: float
    cosine: float
    strange: float
    score: float


def match(later: Statement, earlier: Sequence[Statement], limits: Thresholds) -> Match:
    """Find what the later sentence may repeat. `earlier` may be empty."""
    slots = read(later.text)
    known = [read(statement.text) for statement in earlier]
    covers = [coverage(slots, (one,)) for one in known]
    cosines = [
        _cosine(later, statement, cover, limits)
        for statement, cover in zip(earlier, covers, strict=True)
    ]
    order = sorted(range(len(earlier)), key=lambda i: (-covers[i] - cosines[i], i))
    chosen = tuple(order[: limits.candidates])
    if not chosen:
        return Match((), 0.0, 0.0, 0.0, 0.0, 0.0)
    near = [known[index] for index in chosen]
    shares = (
        covers[chosen[0]],
        coverage(slots, near),
        cosines[chosen[0]],
        _strange(slots, near),
    )
    size = math.log1p(weight_of(slots))
    return Match(chosen, *shares, _probability((*shares, size), limits.coefficients))


def features(
    later: Statement, earlier: Sequence[Statement], limits: Thresholds
) -> tuple[float, ...]:
    """What the score of a match is computed from: best, union, cosine, strange, log weight."""
    found = match(later, earlier, limits)
    size = math.log1p(weight_of(read(later.text)))
    return found.best, found.union, found.cosine, found.strange, size


def weight_of(slots: Slots) -> float:
    """How much a sentence says: the weight of its words."""
    return sum(slots.content.values())


def _strange(slots: Slots, known: Sequence[Slots]) -> float:
    total = sum(slots.content.values())
    unknown = sum(w for norm, w in slots.content.items() if norm in slots.names)
    unknown -= sum(
        w * found_in(norm, known) for norm, w in slots.content.items() if norm in slots.names
    )
    return unknown / total if total else 0.0


def _cosine(later: Statement, one: Statement, cover: float, limits: Thresholds) -> float:
    """The cosine of the vectors; without them, what it mostly is for such a coverage."""
    if later.vector is None or one.vector is None:
        base, slope = limits.imputed_cosine
        return base + slope * cover
    return float(later.vector @ one.vector)


def _probability(features: Sequence[float], coefficients: Sequence[float]) -> float:
    bias, *slopes = coefficients
    logit = bias + sum(a * x for a, x in zip(slopes, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
