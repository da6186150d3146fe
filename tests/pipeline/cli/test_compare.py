"""`parley compare`: a contract with programs, and a table for people."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from models import load_analyst
from models.judgement import Analyst, Judged
from models.subject import Subject
from tests.pipeline.cli.conftest import Parley

EARLIER = (
    "Negotiators in Doha agreed on Monday to extend the truce by 30 days. "
    "Six people were killed in a strike near Rafah, hospital officials said."
)
LATER = [
    "Negotiators in Doha agreed on Monday to extend the truce by 30 days.",
    "Nine people were killed in a strike near Rafah, hospital officials said.",
    "Egypt reopened the crossing for aid trucks on Wednesday, its foreign ministry announced.",
]


def pair(**changes: object) -> dict[str, object]:
    later = [{"id": f"s{number}", "text": text} for number, text in enumerate(LATER)]
    earlier = {"title": "Truce extended", "text": EARLIER}
    return {"pair": "p", "dossier": "gaza", "earlier": earlier, "later": later, **changes}


def write(path: Path, *items: object) -> Path:
    path.write_text("\n".join(map(json.dumps, items)) + "\n", encoding="utf-8")
    return path


def test_each_later_sentence_gets_a_verdict_its_prior_and_a_reason(
    parley: Parley, tmp_path: Path
) -> None:
    done = parley("compare", "--json", "--pairs", write(tmp_path / "pairs.jsonl", pair()))
    assert done.code == 0
    (answer,) = done.rows
    assert answer["pair"] == "p"
    assert [one["id"] for one in answer["sentences"]] == ["s0", "s1", "s2"]
    assert [one["novelty"] for one in answer["sentences"]] == ["repeated", "changed", "new"]
    for one in answer["sentences"][:2]:
        prior = one["prior"]
        assert EARLIER[prior["start"] : prior["end"]] == prior["text"]
    assert answer["sentences"][2]["prior"] is None
    assert all(one["reason"] for one in answer["sentences"])


def test_what_is_known_already_is_not_judged(
    parley: Parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only whether a later sentence is a claim is asked; the rest goes by vectors."""
    judged: list[str] = []

    class Counting:
        def __init__(self, inner: Analyst) -> None:
            self.encode = inner.encode
            self._inner = inner

        def judge(self, sentences: Sequence[str], subjects: Sequence[Subject]) -> Judged:
            judged.extend(sentences)
            return self._inner.judge(sentences, subjects)

    monkeypatch.setattr("pipeline.cli.compare.load_analyst", lambda _: Counting(load_analyst()))
    parley("compare", "--json", "--pairs", write(tmp_path / "pairs.jsonl", pair()))
    assert judged == LATER


def test_bad_pairs_say_why_and_keep_their_place(parley: Parley, tmp_path: Path) -> None:
    broken = [pair(earlier={}), pair(later="x"), pair(later=[{"id": 1}]), pair(dossier="x")]
    file = write(tmp_path / "pairs.jsonl", pair(), *broken, pair(later=[]))
    done = parley("compare", "--json", "--pairs", file)
    assert done.code == 0
    assert [("error" in row) for row in done.rows] == [False, True, True, True, True, False]
    assert all(row["id"] == "p" for row in done.rows[1:5])
    assert done.rows[5]["sentences"] == []


def test_two_text_files_are_shown_to_people(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(EARLIER, encoding="utf-8")
    (tmp_path / "two.txt").write_text(" ".join(LATER), encoding="utf-8")
    done = parley("compare", tmp_path / "one.txt", tmp_path / "two.txt")
    assert done.code == 0
    assert "changed" in done.out


def test_bad_pairs_are_told_to_people_as_well(parley: Parley, tmp_path: Path) -> None:
    bad = [pair(later=[{"id": 1}]), pair(later="x"), pair(later=7), pair(earlier={}, later=None)]
    done = parley("compare", "--pairs", write(tmp_path / "pairs.jsonl", *bad, pair()))
    assert done.code == 0
    assert done.out.count("p: `") == 4
    assert "changed" in done.out


def test_sentences_without_an_id_are_shown(parley: Parley, tmp_path: Path) -> None:
    file = write(tmp_path / "pairs.jsonl", pair(later=[{"text": text} for text in LATER]))
    done = parley("compare", "--pairs", file)
    assert "Egypt reopened" in done.out
    assert "Nine people" in done.out


def test_texts_are_shown_as_they_are(parley: Parley, tmp_path: Path) -> None:
    text = "Watch [b] the truce [/i] in Doha :smile: was extended by 30 days on Monday."
    file = write(tmp_path / "pairs.jsonl", pair(pair="[/x]", later=[{"id": 1, "text": text}]))
    shown = parley("compare", "--pairs", file).out
    assert all(part in shown for part in ("[/x]", "[b]", "[/i]", ":smile:"))


def test_it_wants_two_texts_or_pairs_not_both_nor_none(parley: Parley, tmp_path: Path) -> None:
    assert parley("compare").code == 2
    assert parley("compare", tmp_path / "one.txt").code == 2


def test_an_unreadable_file_is_exit_2(parley: Parley, tmp_path: Path) -> None:
    done = parley("compare", "--json", "--pairs", tmp_path / "none.jsonl")
    assert (done.code, done.out) == (2, "")
