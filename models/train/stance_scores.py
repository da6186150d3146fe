"""How good out-of-fold answers are: the best threshold, and precision, recall and F1 at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.taxonomy import STANCES
from models.train.stance_examples import Example, Material

Floats = NDArray[np.float32]


def report(material: Material, examples: Sequence[Example], logits: Floats) -> dict[str, Any]:
    """Figures over the real sentences, positions that are no candidate counted as missed.

    `logits`: float32 (len(examples), 4), expressed and the three stances.
    """
    gold = sum(len(source.row.positions) for source in material.sources if source.real)
    score = 1 / (1 + np.exp(-logits[:, 0].astype(np.float64)))
    said = [STANCES[index] for index in logits[:, 1:].argmax(1)]
    right = np.array([e.stance == s for e, s in zip(examples, said, strict=True)])
    held = np.array([e.stance is not None for e in examples])
    threshold = best_threshold(score, right, gold)
    above = score >= threshold
    return {
        "gold": gold,
        "candidates": len(examples),
        "candidate_recall": round(float(held.sum() / gold), 3),
        "threshold": round(threshold, 3),
        "positions": _prf(int((right & above).sum()), int(above.sum()), gold),
        "expressed": _prf(int((held & above).sum()), int(above.sum()), gold),
        "which": round(float(right[held].mean()), 3),
        "by_stance": {
            stance: _prf(
                sum(
                    a and e.stance == s == stance
                    for a, e, s in zip(above, examples, said, strict=True)
                ),
                sum(a and s == stance for a, s in zip(above, said, strict=True)),
                sum(
                    held == stance
                    for source in material.sources
                    if source.real
                    for held in source.row.positions.values()
                ),
            )
            for stance in STANCES
        },
        "reliability": reliability(score, held),
    }


def best_threshold(score: NDArray[np.float64], right: NDArray[np.bool_], gold: int) -> float:
    """The threshold on `score` with the best F1 of right answers among `gold` positions."""
    order = np.argsort(-score, kind="stable")
    hits, said = right[order].cumsum(), np.arange(1, len(order) + 1)
    return float(score[order][(2 * hits / (said + gold)).argmax()])


def reliability(score: NDArray[np.float64], held: NDArray[np.bool_]) -> list[list[float]]:
    """[mean score, share that holds a stance, number] of tenths of the scores' range."""
    tenths = np.minimum((score * 10).astype(int), 9)
    return [
        [
            round(float(score[tenths == t].mean()), 3),
            round(float(held[tenths == t].mean()), 3),
            int((tenths == t).sum()),
        ]
        for t in range(10)
        if (tenths == t).any()
    ]


def _prf(right: int, said: int, gold: int) -> dict[str, float]:
    return {
        "precision": round(right / max(said, 1), 3),
        "recall": round(right / max(gold, 1), 3),
        "f1": round(2 * right / max(said + gold, 1), 3),
        "support": gold,
    }
