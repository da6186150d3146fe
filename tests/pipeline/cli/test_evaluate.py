"""`parley evaluate` on a few labelled rows."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.cli.conftest import Parley, piped

LABELS = {"topics": ["sanctions"], "outlook": "progress", "claim": True, "positions": []}
ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "dossier": "iran",
        "publisher": "one",
        "text": "Tehran and Washington agreed to lift the sanctions, officials said on Monday.",
        **LABELS,
    },
    {
        "id": "b",
        "dossier": "iran",
        "publisher": "two",
        "text": "The museum has a new roof.",
        **LABELS,
        "topics": [],
        "outlook": "neutral",
        "claim": False,
    },
]
EARLIER = "Six people were killed in the strike on Odesa, officials said on Monday."
PAIR = {
    "pair": "p",
    "dossier": "ukraine",
    "earlier": {"title": "Strike on Odesa", "text": EARLIER},
    "later": [{"id": 1, "text": EARLIER, "novelty": "repeated"}],
}


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_every_task_has_its_scores_in_json(parley: Parley, tmp_path: Path) -> None:
    done = parley("evaluate", "--json", written(tmp_path / "rows.jsonl", *ROWS))
    assert done.code == 0
    assert [row["task"] for row in done.rows] == ["topics", "outlook", "claim", "positions"]
    for row in done.rows:
        assert (row["n"], row["groups"], row["unanswered"]) == (2, 2, 0)
        assert row["interval"]["low"] <= row["interval"]["high"]
    assert done.rows[0]["classes"]["sanctions"]["support"] == 1


def test_people_get_a_table_for_each_task(parley: Parley, tmp_path: Path) -> None:
    done = parley("evaluate", written(tmp_path / "rows.jsonl", *ROWS))
    assert "topics: macro F1" in done.out
    assert "sanctions" in done.out


def test_novelty_of_pairs_is_scored(parley: Parley, tmp_path: Path) -> None:
    file = written(tmp_path / "pairs.jsonl", PAIR)
    (row,) = parley("evaluate", "--json", "--pairs", "--against", file, file).rows
    assert row["task"] == "novelty"
    assert row["f1"] == row["against"]["f1"] == 1.0


def test_row_that_cannot_be_judged_counts_as_unanswered(parley: Parley, tmp_path: Path) -> None:
    broken = {name: value for name, value in ROWS[0].items() if name != "text"}
    done = parley("evaluate", "--json", written(tmp_path / "rows.jsonl", broken, ROWS[1]))
    assert [row["unanswered"] for row in done.rows] == [1, 1, 1, 1]
    assert done.rows[0]["classes"]["sanctions"]["recall"] == 0.0


def test_other_answers_are_compared_on_the_same_rows(parley: Parley, tmp_path: Path) -> None:
    truth = written(tmp_path / "rows.jsonl", *ROWS)
    perfect = written(tmp_path / "perfect.jsonl", *reversed(ROWS))
    done = parley("evaluate", "--json", "--against", perfect, truth)
    for row in done.rows[:3]:
        assert row["against"]["f1"] == 1.0
        assert row["against"]["difference"] == pytest.approx(row["f1"] - 1.0, abs=1e-3)
    missing = written(tmp_path / "missing.jsonl", {"id": "a", "error": "no"})
    done = parley("evaluate", "--json", "--against", missing, truth)
    assert done.rows[0]["against"]["unanswered"] == 2


def test_rows_are_compared_by_their_ids_only(parley: Parley, tmp_path: Path) -> None:
    truth = written(tmp_path / "rows.jsonl", *ROWS)
    nameless = {name: value for name, value in ROWS[1].items() if name != "id"}
    kept = written(tmp_path / "kept.jsonl", ROWS[0], nameless)
    for files in ((kept, truth), (truth, kept)):
        done = parley("evaluate", "--json", "--against", *files)
        assert (done.code, done.out) == (2, "")
        assert f"{kept}: line 2: `id` is missing" in done.err
    pair = {**PAIR, "later": [{"text": EARLIER, "novelty": "repeated"}]}
    file = written(tmp_path / "pairs.jsonl", pair)
    done = parley("evaluate", "--json", "--pairs", "--against", file, file)
    assert done.code == 2
    assert "line 1: `id` is missing" in done.err


def test_an_id_that_two_rows_have_is_refused(parley: Parley, tmp_path: Path) -> None:
    """Each would be compared with the other's answer."""
    twice = written(tmp_path / "twice.jsonl", ROWS[0], {**ROWS[1], "id": ROWS[0]["id"]})
    once = written(tmp_path / "once.jsonl", *ROWS)
    for files in ((twice, once), (once, twice)):
        done = parley("evaluate", "--json", "--against", *files)
        assert (done.code, done.out) == (2, "")
        assert f"{twice}: line 2: `id` is {ROWS[0]['id']!r} as in line 1" in done.err
    pairs = written(tmp_path / "pairs.jsonl", PAIR, PAIR)
    done = parley("evaluate", "--json", "--pairs", "--against", pairs, pairs)
    assert done.code == 2
    assert "line 2: `pair` is" in done.err


def test_kept_answers_of_analyse_score_as_the_models_do(parley: Parley, tmp_path: Path) -> None:
    truth = written(tmp_path / "rows.jsonl", *ROWS)
    kept = tmp_path / "kept.jsonl"
    kept.write_text(parley("analyse", "--json", "--sentences", truth).out, encoding="utf-8")
    for row in parley("evaluate", "--json", "--against", kept, truth).rows:
        assert row["against"]["f1"] == row["f1"]
        assert row["against"]["difference"] == 0.0


@pytest.mark.parametrize(("options", "rows"), [([], ROWS), (["--pairs"], [PAIR])])
def test_both_files_may_be_pipes(
    parley: Parley, options: list[str], rows: list[dict[str, Any]]
) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    with piped(text) as truth, piped(text) as kept:
        done = parley("evaluate", "--json", *options, "--against", kept, truth)
    assert done.code == 0
    assert done.rows[0]["n"] == len(rows)
    assert done.rows[0]["unanswered"] == done.rows[0]["against"]["unanswered"] == 0


def test_one_pipe_is_not_both_files(parley: Parley) -> None:
    with piped("".join(json.dumps(row) + "\n" for row in ROWS)) as pipe:
        done = parley("evaluate", "--json", "--against", pipe, pipe)
    assert (done.code, done.out) == (2, "")
    assert "holds no row" in done.err


@pytest.mark.parametrize("lacking", [{}, {"publisher": None, "id": None}])
def test_rows_without_a_group_are_resampled_one_by_one(
    parley: Parley, tmp_path: Path, lacking: dict[str, None]
) -> None:
    bare = [{k: v for k, v in row.items() if k not in ("id", "publisher")} for row in ROWS]
    wrong = {**bare[1], "claim": not ROWS[1]["claim"]}
    file = written(tmp_path / "rows.jsonl", *(row | lacking for row in (*bare, wrong)))
    claim = next(row for row in parley("evaluate", "--json", file).rows if row["task"] == "claim")
    assert claim["groups"] == 3
    assert claim["interval"]["low"] < claim["interval"]["high"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"topics": [{"topic": "weather", "score": 0.9}]},
        {"outlook": {"label": "weather", "score": 0.9}},
        {"positions": [{"party": "iran", "topic": "weather", "stance": "supports", "score": 0.9}]},
    ],
)
def test_kept_answers_are_checked_before_anything_is_judged(
    parley: Parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    truth = written(tmp_path / "rows.jsonl", *ROWS)
    good, other = parley("analyse", "--json", "--sentences", truth).rows
    bad = {**other, "sentences": [other["sentences"][0] | wrong]}
    kept = written(tmp_path / "kept.jsonl", good, bad)
    monkeypatch.delattr("pipeline.cli.analyse.load_analyst")
    done = parley("evaluate", "--json", "--against", kept, truth)
    assert (done.code, done.out) == (2, "")
    assert f"{kept}: line 2: `" in done.err
    assert "'weather'" in done.err


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 1, "text": "No labels.", "dossier": "iran"}', "line 1: `topics`"),
        ('{"id": 1', "line 1 is not JSON"),
        ("", "no labelled row"),
    ],
)
def test_file_that_is_not_labelled_cannot_be_used(
    parley: Parley, tmp_path: Path, line: str, reason: str
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    done = parley("evaluate", "--json", file)
    assert done.code == 2
    assert reason in done.err
    assert done.out == ""
