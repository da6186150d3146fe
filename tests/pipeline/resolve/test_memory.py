"""The sweep's own memory behaves as the archive's neighbours do."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from connectors.archive.documents import Article
from pipeline.resolve.memory import Memory, Shelf
from pipeline.resolve.recall import Prior
from pipeline.resolve.resolve import resolve
from tests.pipeline.resolve.builders import START, analysed, context, intake, vector_of

TEXTS = ["Envoys met in Geneva.", "Envoys met in Vienna.", "Grain left the port of Odesa."]


def shelf() -> Shelf[Article]:
    memory = Memory()
    for hour, text in enumerate(TEXTS):
        _, memory = resolve(
            memory, analysed(intake(f"a{hour}", hour=hour), [text]), Prior(), context()
        )
    return memory.articles


def found(text: str, *, before: str = "9", since: int = 0, count: int = 3) -> list[str]:
    near = shelf().nearest(
        vector_of(text), count, before=before, since=START + timedelta(hours=since)
    )
    return [neighbour.document.id for neighbour in near]


def test_nearest_come_first() -> None:
    assert found("Envoys met in Vienna.")[0] == "a1-r1"


def test_only_what_is_strictly_before_is_seen() -> None:
    order = intake("a1", hour=1).order
    assert found("Envoys met in Vienna.", before=order) == ["a0-r1"]


def test_what_is_older_than_the_horizon_is_not_seen() -> None:
    assert "a0-r1" not in found("Envoys met in Geneva.", since=1)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 9])
def test_ties_are_parted_by_id(count: int) -> None:
    """Whatever the order of arrival, and however many are alike."""
    articles = [shelf().documents[number % 3] for number in range(7)]
    alike = [replace(one, id=f"b{(5 * n) % 7}") for n, one in enumerate(articles)]
    alike[3] = replace(alike[3], order="z")
    vector = vector_of("Envoys met in Vienna.")
    empty: Shelf[Article] = Shelf()
    scores = np.round(np.stack([vector_of(one.text) for one in alike]) @ vector, 6)
    expected = sorted(
        (-float(score), one.id) for one, score in zip(alike, scores, strict=True) if one.order < "9"
    )
    near = empty.add(alike).nearest(vector, count, before="9", since=START)
    assert [(-one.score, one.document.id) for one in near] == expected[:count]


def test_an_empty_shelf_has_no_neighbours() -> None:
    empty: Shelf[Article] = Shelf()
    assert empty.nearest(vector_of("x"), 3, before="9", since=START) == []


def test_adding_leaves_the_old_memory_as_it_was() -> None:
    old = Memory()
    resolve(old, analysed(intake("a"), [TEXTS[0]]), Prior(), context())
    assert not old.articles.documents
