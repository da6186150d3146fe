"""Which rows a training goes over, and how often; nothing is trained."""

from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="what training starts from is an ONNX file")
pytest.importorskip("torch", reason="no torch here: nothing can be trained")

from models.train import multitask
from models.train.corpus import Corpus, Kind
from models.train.rows import Row

ROW = Row("a", "north", "", frozenset(), "neutral", False, {})


def rounds(kinds: Sequence[Kind], monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[int], int]]:
    """The indices and the number of epochs of each round over rows of these kinds."""
    found: list[tuple[list[int], int]] = []

    def learn(net: Any, material: Any, corpus: Any, chosen: Any, epochs: int, share: float) -> None:
        found.append((list(chosen), epochs))

    monkeypatch.setattr(multitask, "_learn", learn)
    corpus = Corpus((ROW,) * len(kinds), ("x",) * len(kinds), tuple(kinds))
    examples = [SimpleNamespace(form=np.zeros(3, np.float32))] * len(kinds)
    net = SimpleNamespace(standardise=lambda rows: None)
    material: Any = SimpleNamespace(examples=examples)
    multitask.train(net, material, corpus, range(len(kinds)))  # type: ignore[arg-type]
    return found


def test_what_is_real_has_the_last_word(monkeypatch: pytest.MonkeyPatch):
    kinds: list[Kind] = ["written", "real", "once", "title", "other"]
    assert rounds(kinds, monkeypatch) == [([0, 1, 2, 3, 4], multitask.EPOCHS), ([1, 3, 4], 1)]


def test_written_sentences_alone_can_be_learned_from(monkeypatch: pytest.MonkeyPatch):
    assert rounds(["written"] * 3, monkeypatch) == [([0, 1, 2], multitask.EPOCHS)]


def test_an_epoch_shows_all_that_is_real_and_some_of_the_rest():
    kinds: list[Kind] = ["real", "written", "once", "title"] * 200
    one, other = (multitask.drawn(kinds, range(100, 800), seed) for seed in (1, 2))
    for shown in (one, other):
        assert shown == sorted(set(shown))
        of = Counter(kinds[index] for index in shown if index >= 100)
        assert of["real"] == of["title"] == 175
        assert 60 < of["once"] < of["written"] < 130
    assert len(set(one) | set(other)) > len(one)
    assert multitask.drawn(kinds, range(100, 800), 1) == one
