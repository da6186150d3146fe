"""Which rows a training goes over, and how often; nothing is trained."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="what training starts from is an ONNX file")
pytest.importorskip("torch", reason="no torch here: nothing can be trained")

from models.train import multitask, multitask_learn
from models.train.corpus import Corpus, Kind
from models.train.multitask_examples import Answers
from models.train.rows import Row

ROW = Row("a", "north", "", frozenset(), "neutral", False, {})


def rounds(*kinds: Kind) -> list[tuple[list[int], int, float]]:
    """The indices of each round over rows of these kinds, its epochs and its share of the rates."""
    corpus = Corpus((ROW,) * len(kinds), ("x",) * len(kinds), kinds)
    planned = multitask_learn.rounds(
        corpus, range(len(kinds)), multitask_learn.Schedule(epochs=4, rate_share=0.8)
    )
    return [(rows, schedule.epochs, schedule.rate_share) for rows, schedule in planned]


def test_what_is_real_has_the_last_word():
    found = rounds("written", "real", "once", "title", "other")
    assert found == [([0, 1, 2, 3, 4], 4, 0.8), ([1, 3, 4], 1, 0.8 * multitask_learn.LAST_SHARE)]


def test_written_sentences_alone_can_be_learned_from():
    assert rounds("written", "written") == [([0, 1], 4, 0.8)]


def test_an_epoch_shows_all_that_is_real_and_some_of_the_rest():
    kinds: list[Kind] = ["real", "written", "once", "title"] * 200
    one, other = (multitask_learn.drawn(kinds, range(100, 800), seed) for seed in (1, 2))
    for shown in (one, other):
        assert shown == sorted(set(shown))
        of = Counter(kinds[index] for index in shown if index >= 100)
        assert of["real"] == of["title"] == 175
        assert 40 < of["once"] < of["written"] < 110
    assert len(set(one) | set(other)) > len(one)
    assert multitask_learn.drawn(kinds, range(100, 800), 1) == one


def corpus_of(kinds: Sequence[Kind], dossiers: Sequence[str]) -> Corpus:
    """A row of each kind and dossier, each of an article of its own."""
    rows = tuple(replace(ROW, dossier=dossier) for dossier in dossiers)
    return Corpus(rows, tuple(f"article {n}" for n in range(len(rows))), tuple(kinds))


def test_a_fold_is_measured_on_what_is_real_by_a_net_that_saw_none_of_its_articles():
    kinds: list[Kind] = ["real", "written", "once", "title", "other"] * 20
    corpus = corpus_of(kinds, ["iran"] * 100)
    parts = multitask.splits(corpus, [0, 3], None)
    assert list(parts) == ["fold-0", "fold-3"]
    folds = corpus.folds()
    for name, (seen, unseen) in parts.items():
        fold = int(name[-1])
        assert set(seen) == set(np.flatnonzero(folds != fold))
        assert {kinds[index] for index in unseen} == {"real", "other"}
        assert all(folds[index] == fold for index in unseen)


def test_a_dossier_that_is_left_out_is_not_learned_from_at_all():
    kinds: list[Kind] = ["real", "written"] * 4
    corpus = corpus_of(kinds, ["iran", "iran", "gaza", "gaza"] * 2)
    ((seen, unseen),) = multitask.splits(corpus, [0], "gaza").values()
    assert (seen, unseen) == ([0, 1, 4, 5], [2, 6])


def test_kinds_of_rows_can_be_left_out():
    corpus = corpus_of(["written", "real", "other", "written"], ["ukraine"] * 4)
    assert multitask.without(corpus, [0, 1, 2], ["written"]) == [1, 2]
    assert multitask.without(corpus, [0, 1, 3], ["real", "other"]) == [0, 3]
    assert multitask.without(corpus, [0, 1, 2], []) == [0, 1, 2]


def test_a_fold_that_was_answered_is_not_trained_again_unless_what_it_learns_from_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    seen_by: list[Sequence[int]] = []
    stances = np.zeros((1, 1), np.int64)
    example = SimpleNamespace(stances=stances)
    said = Answers(np.ones((1, 19), np.float32), *([(np.ones((1, 1, 4), np.float32),)] * 2))
    monkeypatch.setattr(multitask, "answers", lambda net, m, unseen: said)
    material: Any = SimpleNamespace(examples=[example] * 3)

    def trained(seen: Sequence[int]) -> Any:
        seen_by.append(seen)

    def run(source: dict[str, Any]) -> list[int]:
        parts = {"fold-0": ([0, 1], [2])}
        return multitask.cross_validate(trained, material, parts, tmp_path, source)[0]

    assert run({"seed": 7}) == run({"seed": 7}) == [2]
    assert seen_by == [[0, 1]]
    run({"seed": 8})
    assert len(seen_by) == 2
