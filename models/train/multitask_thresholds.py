"""Thresholds of the multitask model from what its nets say of articles they did not see. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from models.multitask.analyst import outlook_of, topics_of
from models.multitask.form import named_topics
from models.multitask.heads import Floats, scores_of
from models.taxonomy import STANCES, TOPICS
from models.train.multitask_examples import Answers, Example, Material

OTHER_SHARE = 0.33  # of all sentences that a threshold of topics or outlook is chosen on
GRID = np.arange(0.1, 0.97, 0.02)
FLAT = 0.006  # a threshold whose F1 is this near the best is as good
Limits = Mapping[str, float]


def choose(
    examples: Sequence[Example], said: Answers, other: Sequence[Example], said_of_other: Answers
) -> dict[str, float]:
    """The thresholds of the best F1 over `examples`; `other` are on other matters.

    Thresholds tuned on articles about negotiations alone flag too much of all other news. Where F1
    is flat, the peak is chance and the middle of the plateau is taken.
    """
    scores = [scores_of(row) for row in (*said.sentence, *said_of_other.sentence)]
    every = [*examples, *other]
    share = len(examples) * OTHER_SHARE / (1 - OTHER_SHARE) / max(len(other), 1)
    weight = np.concatenate([np.ones(len(examples)), np.full(len(other), share)])
    bare, named = _topics(every, np.stack([one.topics for one in scores]), weight)
    progress, setback = _outlooks(every, np.stack([one.outlooks for one in scores]), weight)
    claim = np.array([one.claim for one in scores[: len(examples)]])
    right = [one.row.claim for one in examples]
    found = {
        "topics": bare,
        "topics_named": named,
        "progress": progress,
        "setback": setback,
        "claim": _middle(GRID, lambda at: f1_score(right, claim >= at, zero_division=0)),
        "stance": _stance(examples, said.stances),
    }
    return {name: round(float(value), 2) for name, value in found.items()}


def _middle(points: Iterable[Any], score: Callable[[Any], float]) -> Any:
    """The median, part by part, of the points that score nearly as well as the best."""
    scored = [(score(point), point) for point in points]
    best = max(value for value, _ in scored)
    return np.median([point for value, point in scored if value >= best - FLAT], axis=0)


def _topics(
    examples: Sequence[Example], found: Floats, weight: NDArray[np.float64]
) -> tuple[float, float]:
    """Without and with a telling word."""
    truth = np.array([[topic in one.row.topics for topic in TOPICS] for one in examples])
    named = np.array([named_topics(one.form) for one in examples])

    def macro(limits: tuple[float, float]) -> float:
        passes = found >= np.where(named, limits[1], limits[0])
        score = f1_score(truth, passes, average="macro", sample_weight=weight, zero_division=0)
        return float(score)

    bare, named = _middle(itertools.product(GRID[::2], GRID[::2]), macro)
    return bare, named


def _outlooks(
    examples: Sequence[Example], found: Floats, weight: NDArray[np.float64]
) -> tuple[float, float]:
    truth = [one.row.outlook for one in examples]

    def macro(limits: tuple[float, float]) -> float:
        given = {"progress": limits[0], "setback": limits[1]}
        labels = [outlook_of(row, given)[0] for row in found]
        return float(
            f1_score(truth, labels, average="macro", sample_weight=weight, zero_division=0)
        )

    progress, setback = _middle(itertools.product(GRID[::3], GRID[::3]), macro)
    return progress, setback


def _stance(examples: Sequence[Example], found: Sequence[Floats]) -> float:
    """The threshold of the best F1 of positions, those of who is no holder counted as missed."""
    gold = sum(len(one.row.positions) for one in examples)
    chances = np.concatenate([row.reshape(-1, 1 + len(STANCES)) for row in found])
    right = np.concatenate([one.stances.ravel() for one in examples])
    score, hit = 1 - chances[:, 0], chances[:, 1:].argmax(axis=1) + 1 == right

    def f1(at: float) -> float:
        passes = score >= at
        return float(2 * (passes & hit).sum() / (passes.sum() + gold))

    return float(_middle(GRID, f1))


def answered(
    material: Material, examples: Sequence[Example], said: Answers, limits: Limits
) -> list[dict[str, Any]]:
    """What the analyst would answer, as rows that `models.evaluate` reads."""
    return [
        {
            "topics": list(topics_of(scores, one.form, limits)),
            "outlook": outlook_of(scores.outlooks, limits)[0],
            "claim": scores.claim >= limits["claim"],
            "positions": _positions(material, one, chances, limits["stance"]),
        }
        for one, scores, chances in zip(
            examples, map(scores_of, said.sentence), said.stances, strict=True
        )
    ]


def _positions(
    material: Material, example: Example, chances: Floats, limit: float
) -> list[dict[str, str]]:
    return [
        {
            "party": holder.party,
            "topic": TOPICS[material.topics[asked]],
            "stance": STANCES[int(chance[1:].argmax())],
        }
        for holder, row in zip(example.holders, chances, strict=True)
        for asked, chance in zip(example.asked, row, strict=True)
        if 1 - chance[0] >= limit
    ]


def reliability(score: NDArray[np.float64], right: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Mean score, share that is right and number, of tenths of the scores' range."""
    tenths = np.minimum((score * 10).astype(int), 9)
    return [
        {
            "score": round(float(score[tenths == t].mean()), 3),
            "right": round(float(right[tenths == t].mean()), 3),
            "n": int((tenths == t).sum()),
        }
        for t in range(10)
        if (tenths == t).any()
    ]


def tables(examples: Sequence[Example], said: Answers) -> dict[str, list[dict[str, float]]]:
    """Reliability of the scores of topics, of claims and of stances, over all that were asked."""
    scores = [scores_of(row) for row in said.sentence]
    chances = [1 - row[..., 0].ravel() for row in said.stances]
    held = [one.stances.ravel() > 0 for one in examples]
    topics = [[topic in one.row.topics for topic in TOPICS] for one in examples]
    return {
        "topics": reliability(np.concatenate([s.topics for s in scores]), np.ravel(topics)),
        "claim": reliability(
            np.array([s.claim for s in scores]), np.array([one.row.claim for one in examples])
        ),
        "stance": reliability(np.concatenate(chances), np.concatenate(held)),
    }
