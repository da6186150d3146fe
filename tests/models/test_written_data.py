"""The written training sentences: well-formed, labelled from the fixed sets, and nobody else's."""

import json
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.taxonomy import OUTLOOKS, STANCES, TOPICS

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "models" / "data" / "written"
DOSSIERS = ROOT / "pipeline" / "dossiers"
REAL = Path(os.environ.get("PARLEY_REAL") or ROOT.parent / "shared" / "real")
RUN = 8
FIELDS = {"id", "dossier", "text", "topics", "outlook", "claim", "positions"}
Row = dict[str, Any]


def written_files() -> list[Path]:
    return sorted(WRITTEN.glob("*.jsonl"))


def load_yaml(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def read_rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [row for path in written_files() for row in read_rows(path)]


@pytest.fixture(scope="module")
def subjects() -> dict[str, dict[str, Any]]:
    """Dossiers, and the negotiations that only the training rows are about."""
    declared: dict[str, dict[str, Any]] = load_yaml(WRITTEN / "subjects.yaml")
    return declared | {path.stem: load_yaml(path) for path in sorted(DOSSIERS.glob("*.yaml"))}


@pytest.fixture(scope="module")
def parties(subjects: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    return {name: {p["id"] for p in body["parties"]} for name, body in subjects.items()}


@pytest.fixture(scope="module")
def propositions(subjects: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    """Topics with a proposition, which dossiers key by topic and subjects.yaml lists."""
    return {
        name: {p if isinstance(p, str) else p["topic"] for p in body["propositions"]}
        for name, body in subjects.items()
    }


def words(text: str) -> list[str]:
    """Lower-case words without punctuation, so that a comma cannot hide a copy."""
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    tokens = words(text)
    return {tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1)}


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def test_every_row_has_exactly_the_agreed_fields(rows: list[Row]) -> None:
    assert [row for row in rows if set(row) - {"split", "origin"} != FIELDS] == []
    assert [row["id"] for row in rows if not isinstance(row["claim"], bool)] == []


def test_ids_and_texts_are_unique_across_files(rows: list[Row]) -> None:
    ids = Counter(row["id"] for row in rows)
    texts = Counter(" ".join(words(row["text"])) or row["text"] for row in rows)
    assert [i for i, n in ids.items() if n > 1] == []
    assert [t for t, n in texts.items() if n > 1] == []


def test_texts_are_one_trimmed_line(rows: list[Row]) -> None:
    bad = [r["id"] for r in rows if r["text"] != r["text"].strip() or "\n" in r["text"]]
    assert bad == []
    assert [r["id"] for r in rows if not r["text"]] == []


def test_topics_and_outlooks_come_from_the_fixed_sets(rows: list[Row]) -> None:
    assert {t for row in rows for t in row["topics"]} <= set(TOPICS)
    assert {row["outlook"] for row in rows} <= set(OUTLOOKS)
    assert [r["id"] for r in rows if len(set(r["topics"])) != len(r["topics"])] == []


def test_positions_name_a_party_of_the_dossier_and_a_known_stance(
    rows: list[Row], parties: dict[str, set[str]]
) -> None:
    held = [(row, p) for row in rows for p in row["positions"]]
    assert [row["id"] for row, p in held if p["party"] not in parties[row["dossier"]]] == []
    assert {p["stance"] for _, p in held} <= set(STANCES)
    assert [row["id"] for row, p in held if set(p) != {"party", "topic", "stance"}] == []


def test_positions_are_on_a_topic_of_the_row_that_has_a_proposition(
    rows: list[Row], propositions: dict[str, set[str]]
) -> None:
    held = [(row, p["topic"]) for row in rows for p in row["positions"]]
    assert [row["id"] for row, topic in held if topic not in row["topics"]] == []
    assert [r["id"] for r, topic in held if topic not in propositions[r["dossier"]]] == []


def test_a_party_has_one_stance_per_topic_in_a_row(rows: list[Row]) -> None:
    for row in rows:
        keys = sorted((p["party"], p["topic"]) for p in row["positions"])
        assert all(a != b for a, b in pairwise(keys)), row["id"]


@pytest.mark.parametrize("dossier", ["ukraine", "iran"])
def test_a_dossier_has_enough_rows_of_each_sort(dossier: str) -> None:
    rows = read_rows(WRITTEN / f"{dossier}.jsonl")
    assert {row["dossier"] for row in rows} == {dossier}
    assert len(rows) >= 330
    assert sum(bool(row["positions"]) for row in rows) >= 90
    assert 0.25 <= sum(not row["topics"] for row in rows) / len(rows) <= 0.40
    assert sum(not row["claim"] for row in rows) / len(rows) >= 0.33


def test_every_topic_and_outlook_has_enough_examples_in_ukraine_and_iran() -> None:
    rows = [r for name in ("ukraine", "iran") for r in read_rows(WRITTEN / f"{name}.jsonl")]
    topics = Counter(t for row in rows for t in row["topics"])
    outlooks = Counter(row["outlook"] for row in rows)
    assert {t: topics[t] for t in TOPICS if topics[t] < 25} == {}
    assert outlooks["progress"] >= 80
    assert outlooks["setback"] >= 90
    assert sum(not row["claim"] for row in rows) / len(rows) >= 0.35


def stance_rows() -> list[Row]:
    return [row for path in sorted(WRITTEN.glob("stance_*.jsonl")) for row in read_rows(path)]


def test_stance_files_hold_nearly_as_many_near_misses_as_stances() -> None:
    rows = stance_rows()
    share = sum(bool(row["positions"]) for row in rows) / len(rows)
    stances = Counter(p["stance"] for row in rows for p in row["positions"])
    assert len(rows) >= 750
    assert 0.5 <= share <= 0.6
    assert stances["opposes"] / stances.total() >= 0.3
    assert stances["conditional"] / stances.total() >= 0.17


def test_stance_files_reach_past_the_three_dossiers(subjects: dict[str, dict[str, Any]]) -> None:
    counts = Counter(row["dossier"] for row in stance_rows())
    others = {name for name, n in counts.items() if n >= 10} - {"gaza", "iran", "ukraine"}
    assert len(others) >= 9
    assert {row["dossier"] for row in stance_rows()} <= set(subjects)


def test_every_subject_has_written_rows(
    rows: list[Row], subjects: dict[str, dict[str, Any]]
) -> None:
    assert {row["dossier"] for row in rows} == set(subjects)


@pytest.mark.parametrize("name", ["sentences.jsonl", "novelty.jsonl"])
def test_no_row_shares_eight_words_in_a_row_with_real_news(name: str, rows: list[Row]) -> None:
    path = REAL / name
    if not path.exists():
        message = f"{path} is absent: copying from real news is NOT checked"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    real = {run for row in read_rows(path) for text in strings(row) for run in runs(text)}
    assert real
    assert [row["id"] for row in rows if runs(row["text"]) & real] == []
