"""Written pairs of articles as lessons for the pair model: an earlier text, a later sentence."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.novelty.match import Statement, match
from models.novelty.pairs import JOINED, RELATIONS, joined
from models.novelty.thresholds import Thresholds
from models.sentences import split
from models.taxonomy import NOVELTIES
from models.train.novelty_variants import moved

COVERED, APART, CONFLICT = range(len(RELATIONS))
Know = Callable[[str], Statement]


@dataclass(frozen=True, slots=True)
class Later:
    """A later sentence of a pair: what it may repeat, best first, and the labels that are right.

    `prior` is the labelled earlier sentence. `foreign` are the likest sentences of other pairs.
    """

    pair: str
    kind: str
    text: str
    labels: tuple[str, ...]
    prior: str | None
    near: tuple[str, ...]
    foreign: tuple[str, ...]
    title_only: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the net reads and is to say: the relation, and of joined sentences the novelty too."""

    earlier: str
    later: str
    relation: int | None
    novelty: int | None = None


def laters(rows: Sequence[Mapping[str, Any]], know: Know, limits: Thresholds) -> list[Later]:
    """All later sentences of `rows`, in their order."""
    own = {row["pair"]: sentences_of(row) for row in rows}
    found = []
    for row in rows:
        known = [row["earlier"]["title"], *own[row["pair"]]]
        others = [
            text
            for other in rows
            if other["dossier"] == row["dossier"] and other["pair"] != row["pair"]
            for text in own[other["pair"]]
        ]
        found += [_later(row, one, known, others, know, limits) for one in row["later"]]
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
    others: Sequence[str],
    know: Know,
    limits: Thresholds,
) -> Later:
    labels = one["novelty"]
    return Later(
        pair=row["pair"],
        kind=row.get("kind", "short"),
        text=one["text"],
        labels=(labels,) if isinstance(labels, str) else tuple(labels),
        prior=one["prior"],
        near=nearest(one["text"], known, know, limits),
        foreign=nearest(one["text"], others, know, limits)[:2],
        title_only=one["prior"] == known[0] and one["prior"] not in known[1:],
    )


def nearest(text: str, known: Sequence[str], know: Know, limits: Thresholds) -> tuple[str, ...]:
    found = match(know(text), [know(one) for one in known], limits)
    return tuple(known[index] for index in found.candidates)


def fold_of(pair: str, folds: int) -> int:
    return int(hashlib.sha256(pair.encode()).hexdigest(), 16) % folds


def lessons(found: Sequence[Later], seed: int) -> list[Lesson]:
    """One epoch's lessons: those of the labels, drawn negatives, and moved values."""
    draw = random.Random(seed)
    return [lesson for later in found for lesson in _of(later, draw)]


def _of(later: Later, draw: random.Random) -> Iterator[Lesson]:
    if len(later.labels) > 1 or not later.near:
        return
    (label,) = later.labels
    near = list(later.near[:JOINED])
    relation = {"repeated": COVERED, "changed": CONFLICT, "new": APART}.get(label)
    if later.prior is not None:
        assert relation is not None
        near = [*[one for one in near if one != later.prior][: JOINED - 1], later.prior]
        yield Lesson(later.prior, later.text, relation)
        draw.shuffle(near)
    yield Lesson(joined(near), later.text, relation, NOVELTIES.index(label))
    rest = [one for one in later.near[:JOINED] if one != later.prior]
    if rest:
        yield Lesson(draw.choice(rest), later.text, APART)
    if later.foreign and draw.random() < 0.3:
        yield Lesson(draw.choice(later.foreign), later.text, APART)
    if label == "repeated" and later.prior is not None and draw.random() < 0.5:
        yield from _moved(later, later.prior, near, draw)


def _moved(later: Later, prior: str, near: Sequence[str], draw: random.Random) -> Iterator[Lesson]:
    """The later sentence, or the earlier one itself, with a value moved."""
    text = moved(later.text if draw.random() < 0.7 else prior, draw)
    if text is None:
        return
    if draw.random() < 0.5:
        yield Lesson(prior, text, CONFLICT)
    else:
        yield Lesson(joined(near), text, CONFLICT, NOVELTIES.index("changed"))
