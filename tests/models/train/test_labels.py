"""The labels of real sentences: whole, and apart from what measures."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from models.taxonomy import NOVELTIES, OUTLOOKS, STANCES, TOPICS
from models.train.labels import (
    LABELS,
    OTHER,
    PAIRS,
    POLLS,
    POLLS_OTHER,
    TextMissing,
    joined,
    joined_pairs,
    texts_of,
)
from models.train.overlap import HeldOut
from models.train.overlap import texts_of as held_out_texts
from models.train.polls import articles
from tests.connectors.feeds.test_real import files

ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("PARLEY_REAL", ROOT.parent / "shared" / "real"))
needs_real = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no real articles at {REAL}: set PARLEY_REAL to join the labels"
)


MEASURING = (POLLS, POLLS_OTHER)


def rows(files: Sequence[Path] = LABELS) -> list[dict]:
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]


def propositions() -> dict[str, tuple[set[str], set[str]]]:
    """Parties and topics with a proposition, by dossier."""
    found = {}
    for file in (ROOT / "pipeline" / "dossiers").glob("*.yaml"):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        parties = {party["id"] for party in data["parties"]}
        found[data["name"]] = parties, set(data["propositions"])
    return found


def test_every_label_is_a_word_of_the_guide() -> None:
    known = propositions()
    for row in rows([*LABELS, *MEASURING]):
        parties, topics = known[row["dossier"]]
        assert set(row["topics"]) <= set(TOPICS)
        assert row["outlook"] in OUTLOOKS
        assert isinstance(row["claim"], bool)
        for party, topic, stance in row["positions"]:
            assert party in parties
            assert topic in topics & set(row["topics"])
            assert stance in STANCES


def test_no_sentence_is_labelled_twice_and_none_has_its_text_here() -> None:
    every = rows([*LABELS, *MEASURING])
    assert len({row["id"] for row in every}) == len(every) >= 13000
    assert not [row for row in every if "text" in row]


def test_a_sentence_that_is_not_at_hand_is_named() -> None:
    with pytest.raises(TextMissing, match=rows()[0]["id"]):
        joined({})


def real_texts() -> dict[str, list[str]]:
    return texts_of(
        [
            ("articles", REAL / "articles.jsonl.gz", "text"),
            ("leads", REAL / "leads.jsonl.gz", "lead"),
            ("titles", REAL / "leads.jsonl.gz", "title"),
        ]
    )


@needs_real
def test_labels_are_joined_to_their_sentences() -> None:
    read = joined(real_texts())
    assert len(read) == len(rows())
    assert all(len(one.row.text) > 10 for one in read)


@needs_real
def test_no_labelled_sentence_shares_eight_words_with_what_measures() -> None:
    measuring = [
        json.loads(line)
        for name in ("sentences.jsonl", "novelty.jsonl")
        for line in (REAL / name).read_text(encoding="utf-8").splitlines()
    ]
    held_out = HeldOut(text for row in measuring for text in held_out_texts(row))
    assert all(held_out.shares(row["text"]) for row in measuring if "text" in row)
    assert not [one.row.id for one in joined(real_texts()) if held_out.shares(one.row.text)]


@needs_real
def test_polls_measure_and_share_nothing_with_what_is_trained_on(tmp_path: Path) -> None:
    names = "polls-2026.tar.xz", "polls-older.tar.xz"
    found = articles(body for name in names for _, body in files(name))
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found))
    measuring = joined(texts_of([("polls", tmp_path / "texts.jsonl", "text")]), MEASURING)
    assert len(measuring) == len(rows(MEASURING))
    held_out = HeldOut(one.row.text for one in measuring)
    assert not [one.row.id for one in joined(real_texts()) if held_out.shares(one.row.text)]


def test_no_article_both_measures_and_trains() -> None:
    """Nor a lead or title of one whose other sentences measure."""

    def article(row: dict) -> str:
        return str(row["id"]).split(":")[1]

    measuring = {article(row) for row in rows(MEASURING)}
    others = [json.loads(line) for line in OTHER.read_text(encoding="utf-8").splitlines()]
    assert not measuring & {article(row) for row in [*rows(), *others]}


def pairs() -> list[dict]:
    return [json.loads(line) for line in PAIRS.read_text().splitlines()]


def test_every_label_of_a_pair_is_a_novelty_and_what_is_new_repeats_nothing() -> None:
    assert len({pair["pair"] for pair in pairs()}) == len(pairs()) == 27
    for one in (one for pair in pairs() for one in pair["later"]):
        assert set(one) == {"sentence", "novelty", "prior"}
        assert one["novelty"] in NOVELTIES
        assert one["prior"] is None or one["novelty"] in ("repeated", "changed")


def test_a_pair_that_is_not_at_hand_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "articles.jsonl"
    empty.write_text("")
    with pytest.raises(TextMissing, match=pairs()[0]["pair"]):
        joined_pairs(empty)


@needs_real
def test_pairs_are_joined_to_their_articles_and_share_nothing_with_what_measures() -> None:
    found = joined_pairs(REAL / "articles.jsonl.gz")
    assert [len(pair["later"]) for pair in found] == [len(pair["later"]) for pair in pairs()]
    measuring = (REAL / "novelty.jsonl").read_text(encoding="utf-8").splitlines()
    held_out = HeldOut(text for line in measuring for text in held_out_texts(json.loads(line)))
    shared = [
        one["text"] for pair in found for one in pair["later"] if held_out.shares(one["text"])
    ]
    assert not shared
