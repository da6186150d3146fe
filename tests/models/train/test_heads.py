"""A small training run, twice."""

import io
from pathlib import Path

import numpy as np
import pytest

from models.encoder import Encoder
from models.heads import HeadsAnalyst
from models.heads.weights import TASKS, THRESHOLDS, Heads, heads_from
from models.subject import Subject
from models.train.corpus import BLOCK, FOLDS, Corpus
from models.train.rows import Row, read_rows, read_subjects

pytest.importorskip("sklearn", reason="training needs the extra `train`")
from models.train.heads import save, train
from models.train.thresholds import Held, best_stance

ROOT = Path(__file__).parents[3]
WRITTEN = ROOT / "models" / "data" / "written"
DOSSIERS = sorted((ROOT / "pipeline" / "dossiers").glob("*.yaml"))
ROW = Row("a", "iran", "Talks go on.", frozenset(), "neutral", False, {})
LIMITS = dict.fromkeys(THRESHOLDS, 0.5)


@pytest.fixture(scope="module")
def subjects() -> dict[str, Subject]:
    return read_subjects([WRITTEN / "subjects.yaml", *DOSSIERS])


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Every eighth row: all topics and stances are among them."""
    return read_rows(sorted(WRITTEN.glob("*.jsonl")))[::8]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(threads=2)


@pytest.fixture(scope="module")
def vectors(encoder: Encoder, rows: list[Row]) -> np.ndarray:
    return encoder.encode([row.text for row in rows])


def saved(heads: Heads, folder: Path) -> tuple[bytes, bytes]:
    folder.mkdir()
    save(heads, folder)
    return (folder / "heads.npz").read_bytes(), (folder / "thresholds.json").read_bytes()


def test_training_twice_gives_the_same_bytes_and_heads_that_work(
    rows: list[Row],
    vectors: np.ndarray,
    subjects: dict[str, Subject],
    encoder: Encoder,
    tmp_path: Path,
) -> None:
    files = [
        saved(train(rows, vectors, subjects, encoder, LIMITS), tmp_path / name)
        for name in ("one", "two")
    ]
    assert files[0] == files[1]
    analyst = HeadsAnalyst(encoder, heads_from(*files[0]))
    judged = analyst.judge([row.text for row in rows], []).judgements
    right = sum(one.is_claim == row.claim for one, row in zip(judged, rows, strict=True))
    assert right > 0.8 * len(rows)


def test_shipped_heads_fit_the_features_and_the_folder_of_training() -> None:
    arrays = np.load(io.BytesIO((ROOT / "models" / "heads" / "heads.npz").read_bytes()))
    assert {name.split(".")[0] for name in arrays} == set(TASKS)
    assert all(np.isfinite(arrays[name]).all() for name in arrays)


def test_rows_written_together_stay_in_one_fold() -> None:
    found = Corpus.of([ROW] * 203).folds()
    assert set(found.tolist()) == set(range(FOLDS))
    assert all(len(set(found[i : i + BLOCK].tolist())) == 1 for i in range(0, 203, BLOCK))


def test_sentences_of_one_article_stay_in_one_fold_and_count_as_real() -> None:
    corpus = Corpus.of([ROW] * 3, [(ROW, f"article {number % 7}") for number in range(70)])
    folds = corpus.folds()[3:]
    assert all(len(set(folds[number::7].tolist())) == 1 for number in range(7))
    assert corpus.real.tolist() == [False] * 3 + [True] * 70


def test_stance_threshold_rises_where_hardly_any_candidate_holds_one() -> None:
    sure = [Held(0.95, True, True)] * 10
    doubtful = [Held(0.5, True, True)] * 2 + [Held(0.5, False, False)] * 8
    assert best_stance([*sure, *doubtful], 12, real=False) > 0.5
    assert best_stance([*sure, *[Held(0.5, True, True)] * 20], 30, real=False) <= 0.5
