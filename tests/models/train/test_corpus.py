"""Which rows there are, of which kind, and what folds never part."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.taxonomy import TOPICS
from models.train.corpus import BLOCK, FOLDS, OF_OTHER, Corpus, load_corpus, other_matters
from models.train.labels import OTHER, ReadRow, TextMissing
from models.train.pool import digest
from models.train.rows import Row, json_lines

ROW = Row("a", "iran", "Talks go on.", frozenset(), "neutral", False, {})
PROSE = [
    "The museum on the hill has a new roof of slate this spring.",
    "Its old one had been leaking on the paintings since the winter.",
    "The choir of the town sang on the stairs for more than an hour.",
    "Children from both schools had painted the flags along the street.",
    "In the evening the mayor lit a lantern over the old gate.",
]


def article(url: str, about: str | None, sentences: list[str]) -> dict[str, object]:
    return {"url": url, "about": about, "text": " ".join(sentences)}


def written(path: Path, rows: list[dict[str, object]]) -> Path:
    raw = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


def test_rows_written_together_stay_in_one_fold():
    found = Corpus.of([ROW] * 203).folds()
    assert set(found.tolist()) == set(range(FOLDS))
    assert all(len(set(found[i : i + BLOCK].tolist())) == 1 for i in range(0, 203, BLOCK))


def test_sentences_of_one_article_stay_in_one_fold():
    read = [ReadRow(ROW, f"article {number % 7}", 1.0, 2) for number in range(70)]
    other = [(ROW, "article 3")] * 5
    folds = Corpus.of([ROW] * 3, read, other).folds()
    assert all(len(set(folds[3:73][number::7].tolist())) == 1 for number in range(7))
    assert set(folds[73:].tolist()) == {folds[6]}


def test_kinds_tell_who_wrote_and_how_often_it_was_read():
    read = [ReadRow(ROW, "x", 1.0, readers) for readers in (2, 1)]
    read.append(ReadRow(replace(ROW, id="titles:a:0:b"), "x", 1.0, 2))
    corpus = Corpus.of([ROW], read, [(ROW, "y")])
    assert corpus.kinds == ("written", "real", "once", "title", "other")
    assert corpus.are("real", "other").tolist() == [False, True, False, False, True]


@pytest.mark.parametrize("name", ["articles.jsonl", "articles.jsonl.gz"])
def test_other_matters_are_prose_of_articles_about_no_negotiation(tmp_path: Path, name: str):
    file = written(
        tmp_path / name,
        [
            article("https://a.example/1", "iran", PROSE),
            article("https://a.example/2", None, [*PROSE, "Sign up here."]),
            article("https://a.example/2", None, PROSE),  # the same address once more
            article("https://a.example/3", None, PROSE[:1]),
        ],
    )
    found = list(other_matters(file, ["ukraine", "iran"]))
    articles = [digest(f"https://a.example/{n}") for n in (*[2] * OF_OTHER, 3)]
    assert [of for _, of in found] == articles
    assert len({row.text for row, _ in found[:OF_OTHER]}) == OF_OTHER
    for row, of in found:
        assert row.text in PROSE
        assert row.dossier == ["ukraine", "iran"][int(of, 16) % 2]
        assert (row.topics, row.outlook, row.positions) == (frozenset(), "neutral", {})


def test_what_speaks_of_a_negotiation_all_the_same_is_left_out(tmp_path: Path):
    file = written(tmp_path / "articles.jsonl", [article("https://a.example/1", None, PROSE)])
    every = [row for row, _ in other_matters(file, ["iran"])]
    labels = written(tmp_path / "other.jsonl", [{"id": every[1].id, "topics": ["sanctions"]}])
    left = [row for row, _ in other_matters(file, ["iran"], labels)]
    assert left == [every[0], *every[2:]]


def test_what_was_taken_for_a_negotiation_and_is_none_teaches_beside_the_few(tmp_path: Path):
    file = written(tmp_path / "articles.jsonl", [article("https://a.example/1", None, PROSE)])
    few = [row for row, _ in other_matters(file, ["iran"])]
    spared = next(text for text in PROSE if text not in {row.text for row in few})
    name = f"{few[0].id.rpartition(':')[0]}:{digest(spared)}"
    labels = written(tmp_path / "other.jsonl", [{"id": name, "topics": []}])
    more = [row for row, _ in other_matters(file, ["iran"], labels)]
    assert more[:OF_OTHER] == few
    assert [row.text for row in more[OF_OTHER:]] == [spared]


def test_those_read_have_a_dossier_where_they_have_topics():
    labels = list(json_lines(OTHER))
    assert len({label["id"] for label in labels}) == len(labels)
    for label in labels:
        assert set(label["topics"]) <= set(TOPICS)
        assert label["dossier"] in (("ukraine", "iran", "gaza") if label["topics"] else (None,))


def test_without_articles_there_are_written_rows_alone(tmp_path: Path):
    row = {"id": "w", "dossier": "iran", "text": "T.", "topics": [], "outlook": "neutral"}
    file = written(tmp_path / "rows.jsonl", [row | {"claim": False, "positions": []}])
    corpus = load_corpus([file], None, None, ["iran"])
    assert (corpus.kinds, corpus.groups) == (("written",), ("block 0",))


def test_articles_that_the_labels_do_not_belong_to_are_an_error(tmp_path: Path):
    articles = written(tmp_path / "articles.jsonl", [article("https://a.example/1", None, PROSE)])
    leads = written(tmp_path / "leads.jsonl", [])
    with pytest.raises(TextMissing):
        load_corpus([], articles, leads, ["iran"])
