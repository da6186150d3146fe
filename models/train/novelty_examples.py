"""Pairs of articles as examples for the decision: later sentences, and what each may repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.novelty.match import Statement, match
from models.novelty.thresholds import Thresholds
from models.sentences import split

Know = Callable[[str], Statement]


@dataclass(frozen=True, slots=True)
class Later:
    """A later sentence of a pair: what it may repeat, best first, and the labels that are right."""

    pair: str
    kind: str
    text: str
    labels: tuple[str, ...]
    near: tuple[str, ...]


def laters(rows: Sequence[Mapping[str, Any]], know: Know, limits: Thresholds) -> list[Later]:
    """All later sentences of `rows`, in their order."""
    found = []
    for row in rows:
        known = [row["earlier"]["title"], *sentences_of(row)]
        found += [_later(row, one, known, know, limits) for one in row["later"]]
    return found


def sentences_of(row: Mapping[str, Any]) -> list[str]:
    return [sentence.text for sentence in split(row["earlier"]["text"])]


def texts_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every sentence of `rows` once: titles, earlier and later ones."""
    texts: dict[str, None] = {}
    for row in rows:
        texts |= dict.fromkeys([row["earlier"]["title"], *sentences_of(row)])
        texts |= dict.fromkeys(one["text"] for one in row["later"])
    return list(texts)


def _later(
    row: Mapping[str, Any],
    one: Mapping[str, Any],
    known: Sequence[str],
    know: Know,
    limits: Thresholds,
) -> Later:
    labels = one["novelty"]
    return Later(
        pair=row["pair"],
        kind=row.get("kind", "short"),
        text=one["text"],
        labels=(labels,) if isinstance(labels, str) else tuple(labels),
        near=nearest(one["text"], known, know, limits),
    )


def nearest(text: str, known: Sequence[str], know: Know, limits: Thresholds) -> tuple[str, ...]:
    found = match(know(text), [know(one) for one in known], limits)
    return tuple(known[index] for index in found.candidates)


def fold_of(pair: str, folds: int) -> int:
    return int(hashlib.sha256(pair.encode()).hexdigest(), 16) % folds
