"""How good answers are: rows of truth and rows of answers in, scores with intervals out. Pure.

A sentence row is `{topics: [topic], outlook: label, claim: bool, positions: [{party, topic,
stance}]}`, a novelty row `{novelty: label}`, in truth also a list of labels where several are
right. A missing answer (None) finds nothing: all that was to be found counts as missed.

Sentences of one article err together, so intervals come from resampling whole groups (the cluster
bootstrap: Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.taxonomy import NOVELTIES, OUTLOOKS, STANCES, TOPICS

RESAMPLES = 2000
LEVEL = 95  # per cent

Row = Mapping[str, Any]
Item = tuple[str, ...]  # what can be found in a row, its class first
Counts = NDArray[np.int64]
Values = NDArray[np.float64]
Average = Literal["macro", "micro"]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be found: `wanted` by a row of truth given an answer, `found` by an answer."""

    name: str
    average: Average
    classes: tuple[str, ...]
    wanted: Callable[[Row, Row | None], frozenset[Item]]
    found: Callable[[Row], frozenset[Item]]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Of one class, from 0 to 1; what cannot be divided is 0. `support` is how many there are."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Interval:
    """The LEVEL % bootstrap interval of a score."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TaskScore:
    """`f1` is the mean over the classes with support (macro), or of all items alike (micro).

    It was taken over `n` rows in `groups` groups. `classes` leaves out what never occurs.
    """

    task: str
    average: Average
    f1: float
    interval: Interval
    n: int
    groups: int
    classes: Mapping[str, ClassScore]


def evaluate(
    task: Task,
    truth: Sequence[Row],
    answers: Sequence[Row | None],
    groups: Sequence[str],
    seed: int = 0,
) -> TaskScore:
    """The scores of `answers`, which go with `truth` and `groups` row by row.

    Raises:
        ValueError: they are not equally many, or none.
    """
    counts = _counts(task, truth, answers, groups)
    total = counts.sum(axis=0)
    return TaskScore(
        task=task.name,
        average=task.average,
        f1=float(_f1(total, task.average)),
        interval=_interval(_f1(_resampled(counts, seed), task.average)),
        n=len(truth),
        groups=len(counts),
        classes={
            name: _class_score(row)
            for name, row in zip(task.classes, total, strict=True)
            if row.any()
        },
    )


def difference(
    task: Task,
    truth: Sequence[Row],
    answers: Sequence[Row | None],
    others: Sequence[Row | None],
    groups: Sequence[str],
    seed: int = 0,
) -> tuple[float, Interval]:
    """F1 of `answers` less F1 of `others`. Both are resampled alike, as their errors go together.

    Raises:
        ValueError: the rows are not equally many, or none.
    """
    one, other = (_counts(task, truth, given, groups) for given in (answers, others))
    gap = _f1(one.sum(axis=0), task.average) - _f1(other.sum(axis=0), task.average)
    gaps = _f1(_resampled(one, seed), task.average) - _f1(_resampled(other, seed), task.average)
    return float(gap), _interval(gaps)


def _counts(
    task: Task, truth: Sequence[Row], answers: Sequence[Row | None], groups: Sequence[str]
) -> Counts:
    """Hits, false alarms and misses: int64 of shape (groups, classes, 3)."""
    if not truth:
        raise ValueError("there is no row to evaluate")
    place = {group: index for index, group in enumerate(dict.fromkeys(groups))}
    column = {name: index for index, name in enumerate(task.classes)}
    counts = np.zeros((len(place), len(column), 3), dtype=np.int64)
    for row, answer, group in zip(truth, answers, groups, strict=True):
        wanted = task.wanted(row, answer)
        found = task.found(answer) if answer is not None else frozenset()
        for kind, items in enumerate((wanted & found, found - wanted, wanted - found)):
            for item in items:
                counts[place[group], column[item[0]], kind] += 1
    return counts


def _resampled(counts: Counts, seed: int) -> Counts:
    """Totals of RESAMPLES draws of as many groups, with replacement: (RESAMPLES, classes, 3)."""
    size = len(counts)
    draws = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), RESAMPLES)
    totals: Counts = np.tensordot(draws, counts, axes=1)
    return totals


def _f1(totals: Counts, average: Average) -> Values:
    """Of totals (…, classes, 3), the shape (…); 0 where no class has support."""
    if average == "micro":
        totals = totals.sum(axis=-2, keepdims=True)
    hits, alarms, misses = np.moveaxis(totals, -1, 0)
    each = 2 * hits / np.maximum(2 * hits + alarms + misses, 1)
    supported = hits + misses > 0 if average == "macro" else np.ones_like(hits, dtype=bool)
    mean: Values = (each * supported).sum(axis=-1) / np.maximum(supported.sum(axis=-1), 1)
    return mean


def _interval(values: Values) -> Interval:
    low, high = np.percentile(values, [(100 - LEVEL) / 2, (100 + LEVEL) / 2])
    return Interval(float(low), float(high))


def _class_score(row: Counts) -> ClassScore:
    hits, alarms, misses = map(int, row)
    return ClassScore(
        precision=hits / max(hits + alarms, 1),
        recall=hits / max(hits + misses, 1),
        f1=2 * hits / max(2 * hits + alarms + misses, 1),
        support=hits + misses,
    )


def _same(items: Callable[[Row], frozenset[Item]]) -> Callable[[Row, Row | None], frozenset[Item]]:
    return lambda truth, _: items(truth)


def _topics(row: Row) -> frozenset[Item]:
    return frozenset((topic,) for topic in row["topics"])


def _outlook(row: Row) -> frozenset[Item]:
    return frozenset({(row["outlook"],)})


def _claim(row: Row) -> frozenset[Item]:
    return frozenset({("claim",)} if row["claim"] else ())


def _positions(row: Row) -> frozenset[Item]:
    return frozenset((held["stance"], held["party"], held["topic"]) for held in row["positions"])


def _novelty(row: Row) -> frozenset[Item]:
    return frozenset({(row["novelty"],)})


def _right_novelty(truth: Row, answer: Row | None) -> frozenset[Item]:
    """Of several right labels the one that was answered, else the first."""
    right = truth["novelty"]
    labels = [right] if isinstance(right, str) else list(right)
    answered = answer["novelty"] if answer is not None else None
    return frozenset({(answered if answered in labels else labels[0],)})


SENTENCE_TASKS = (
    Task("topics", "macro", TOPICS, _same(_topics), _topics),
    Task("outlook", "macro", OUTLOOKS, _same(_outlook), _outlook),
    Task("claim", "micro", ("claim",), _same(_claim), _claim),
    Task("positions", "micro", STANCES, _same(_positions), _positions),
)
NOVELTY_TASKS = (Task("novelty", "macro", NOVELTIES, _right_novelty, _novelty),)
