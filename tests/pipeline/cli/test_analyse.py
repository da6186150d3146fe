"""`parley analyse --json`: a contract with programs."""

import json
from pathlib import Path

import pytest

from models.taxonomy import OUTLOOKS, STANCES, TOPICS
from tests.pipeline.cli.conftest import Parley, piped

TEXT = "Kyiv rejected any withdrawal from the Donetsk region. Talks go on in Geneva on Friday."


def rows(path: Path, *items: object) -> Path:
    lines = [item if isinstance(item, str) else json.dumps(item) for item in items]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_each_row_gives_its_sentences_with_offsets_and_labels(
    parley: Parley, tmp_path: Path
) -> None:
    file = rows(tmp_path / "in.jsonl", {"id": "a", "dossier": "ukraine", "text": TEXT})
    done = parley("analyse", "--json", file)
    assert done.code == 0
    (answer,) = done.rows
    assert set(answer) == {"id", "sentences", "models"}
    assert [TEXT[s["start"] : s["end"]] for s in answer["sentences"]] == [
        s["text"] for s in answer["sentences"]
    ]
    assert len(answer["sentences"]) == 2
    for sentence in answer["sentences"]:
        assert {topic["topic"] for topic in sentence["topics"]} <= set(TOPICS)
        assert sentence["outlook"]["label"] in OUTLOOKS
        assert isinstance(sentence["claim"]["label"], bool)
        assert {held["stance"] for held in sentence["positions"]} <= set(STANCES)


def test_with_sentences_a_row_is_one_sentence_whatever_its_marks(
    parley: Parley, tmp_path: Path
) -> None:
    file = rows(tmp_path / "in.jsonl", {"id": "a", "dossier": "iran", "text": TEXT})
    (answer,) = parley("analyse", "--json", "--sentences", file).rows
    assert [sentence["text"] for sentence in answer["sentences"]] == [TEXT]


def test_bad_rows_say_why_and_keep_their_place(parley: Parley, tmp_path: Path) -> None:
    file = rows(
        tmp_path / "in.jsonl",
        {"id": 1, "dossier": "ukraine", "text": TEXT},
        '{"id": 2, "dossier": ',
        {"id": 3, "dossier": "atlantis", "text": TEXT},
        {"id": 4, "dossier": "gaza"},
        {"id": 5, "dossier": "gaza", "text": 7},
        [6],
        {"id": 7, "dossier": "iran", "text": ""},
        {"id": 8, "dossier": "iran", "text": "Odd \ud800 text \u0000 \u0007 here."},
    )
    done = parley("analyse", "--json", file)
    assert done.code == 0
    assert [row["id"] for row in done.rows] == [1, None, 3, 4, 5, None, 7, 8]
    assert [("error" in row) for row in done.rows] == [False, *[True] * 5, False, False]
    assert "atlantis" in done.rows[2]["error"]
    assert "ukraine" in done.rows[2]["error"]
    assert done.rows[6]["sentences"] == []


def test_plain_text_works_as_well(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    (answer,) = parley("analyse", "--json", "-d", "ukraine", tmp_path / "note.txt").rows
    assert answer["id"] == "note.txt"
    assert len(answer["sentences"]) == 2


def test_for_people_it_prints_a_table(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    done = parley("analyse", tmp_path / "note.txt")
    assert done.code == 0
    assert "Donetsk" in done.out


def test_rows_are_judged_alike_for_people_and_programs(parley: Parley, tmp_path: Path) -> None:
    """Without a dossier neither guesses one; with one both take it."""
    file = rows(tmp_path / "in.jsonl", {"id": "a", "text": TEXT})
    assert "dossier" in parley("analyse", "--json", file).rows[0]["error"]
    assert "a: `dossier` is missing" in parley("analyse", file).out
    assert parley("analyse", "--json", "-d", "iran", file).rows[0]["sentences"]
    assert "Donetsk" in parley("analyse", "-d", "iran", file).out


def test_plain_text_needs_no_dossier(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    assert "sentences" in parley("analyse", "--json", tmp_path / "note.txt").rows[0]


def test_texts_are_shown_as_they_are(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("[video] Talks [/b] go on in Geneva.", encoding="utf-8")
    shown = parley("analyse", tmp_path / "note.txt").out
    assert "[video]" in shown
    assert "[/b]" in shown


def test_an_unreadable_file_is_exit_2(parley: Parley, tmp_path: Path) -> None:
    done = parley("analyse", "--json", tmp_path / "none.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "none.jsonl" in done.err
    assert parley("analyse", "--json", tmp_path).code == 2


def test_answers_do_not_depend_on_other_rows(parley: Parley, tmp_path: Path) -> None:
    row = {"id": "a", "dossier": "ukraine", "text": TEXT}
    other = {"id": "b", "dossier": "ukraine", "text": "Short one."}
    alone = parley("analyse", "--json", rows(tmp_path / "1.jsonl", row)).rows[0]
    among = parley("analyse", "--json", rows(tmp_path / "2.jsonl", other, row, other)).rows[1]
    assert alone == among


@pytest.mark.parametrize("before", ["", "\ufeff", "\n \n", "\n" * 5000])
def test_a_pipe_gives_all_its_rows(parley: Parley, before: str) -> None:
    row = json.dumps({"dossier": "iran", "text": "Talks go on."})
    with piped(before + f"{row}\nno row\n{row}\n") as pipe:
        done = parley("analyse", "--json", pipe)
    assert ["sentences" in answer for answer in done.rows] == [True, False, True]
    assert f"line {before.count(chr(10)) + 2} " in done.rows[1]["error"]


def test_a_pipe_gives_all_its_text(parley: Parley) -> None:
    with piped(f"\n\n{TEXT}\n{{no row}}\n") as pipe:
        (answer,) = parley("analyse", "--json", pipe).rows
    shown = " ".join(sentence["text"] for sentence in answer["sentences"])
    assert TEXT in shown
    assert "no row" in shown


def test_a_file_without_a_word_is_a_text_without_a_sentence(parley: Parley, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n\n")
    (answer,) = parley("analyse", "--json", tmp_path / "empty.txt").rows
    assert answer["sentences"] == []
