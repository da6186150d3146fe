import gzip
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sentences import MAX_CHARACTERS, MAX_WORDS, split

REAL = Path(os.environ.get("PARLEY_REAL", Path(__file__).parents[2].parent / "shared" / "real"))


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


ONE = [
    "U.S. President Ada Marten met Gen. Otto Brandt and Sen. Lee Cho on Monday.",
    "Mr. Vasil V. Petran and Dr. J. D. Olin signed at No. 5 Harbour St. Peter Lane.",
    "The U.S. Treasury and the U.N. Security Council were told.",
    "The call began at 5 p.m. Moscow time (4 p.m. GMT) on Sunday.",
    "Oil rose 3.4 percent to $81.07 a barrel, said Acme Corp. Chief Economist Jo Lind.",
    "The truce, e.g. the one of Feb. 28, held vs. All expectations.",
    "Prices fell as of 11:08 p.m. ET on Thursday, Aug. 20, in Springfield, Ill. Governor Roe said.",
    "“Is that a deal?” Marten asked reporters.",
    "“Stop!” he said.",
    "Rep. Al Roe, R-Tenn., and Prof. Ann Lee of the U.S.-Iran desk agreed.",
    "See [the terms](https://example.org/a.html?x=1.5) of the draft.",
    "PORTVILLE, April 14 (Newswire) - Talks were to resume.",
    "He spoke of the [U.S.] Treasury… and of patience.",
    "World trade fell 1.5 percent in the U.S. (about $2.1 bn) last year.",
]


@pytest.mark.parametrize("text", ONE)
def test_one_sentence_stays_whole(text: str):
    assert texts(text) == [text]


MANY = [
    ["They met.", "They parted."],
    ["The envoy left the U.S.", "The talks went on."],
    ["Shelling stopped at 9 p.m.", "It began again at 2 a.m.", "Nobody slept."],
    ["“We will not yield.”", "“We will talk.”", "He then left."],
    ['"It is over."', "He said that talks had failed."],
    ["‘Time to talk.’”", "At this point he hung up."],
    ["We wait...", "We always have.", "And you?", "Never!"],
    ["(Agency/Jo Doe)", "The minister arrived."],
    ["It ended May 20, 2026.", "(credit: AGENCY/JO DOE)", "The minister arrived."],
    ["It cost 2.5 billion in 2024.", "30 countries paid."],
    ["The war was World War I.", "Leaders met."],
    ["He fell ill.", "Doctors said so.", "They found ore.", "Miners cheered."],
    ["It is on example.org.", "Officials read it."],
    ["He read [the deal.](https://example.org/x)", "Then he signed."],
]


@pytest.mark.parametrize("sentences", MANY)
def test_sentences_part_at_full_stops(sentences: list[str]):
    assert texts(" ".join(sentences)) == sentences
    assert texts("\u200b ".join(sentences)) == sentences
    assert texts("\n\n".join(sentences)) == sentences


def test_a_lost_space_between_sentences_is_seen():
    assert texts("They signed the deal.The next day it broke.") == [
        "They signed the deal.",
        "The next day it broke.",
    ]
    assert texts("“It holds.”The next day it broke.") == ["“It holds.”", "The next day it broke."]
    assert texts("See example.org, SHEL.L and 3.5.") == ["See example.org, SHEL.L and 3.5."]


@pytest.mark.parametrize(
    "text",
    [
        "1. Velin stays neutral. 2. Tarsk keeps the port.",
        "(1) Velin stays neutral. (2) Tarsk keeps the port.",
        "1) Velin stays neutral. 2) Tarsk keeps the port.",
    ],
)
def test_numbers_of_a_list_on_one_line_are_no_text(text: str):
    assert texts(text) == ["Velin stays neutral.", "Tarsk keeps the port."]


def test_figure_that_opens_a_sentence_is_text():
    assert texts("Velin struck again. 12 people died.")[1] == "12 people died."


def test_headings_lists_and_paragraphs_are_sentences_without_their_marks():
    text = (
        "# Talks resume\n\nThe envoys met\n- First point\n* second point\n1. Territory\n"
        "2) Prisoners. All of them.\n• Aid\n> Quoted line"
    )
    assert texts(text) == [
        "Talks resume",
        "The envoys met",
        "First point",
        "second point",
        "Territory",
        "Prisoners.",
        "All of them.",
        "Aid",
        "Quoted line",
    ]


def test_a_line_end_inside_a_sentence_does_not_part_it():
    assert texts("The envoys met\nagain in Geneva,\nLausanne and Bern.") == [
        "The envoys met\nagain in Geneva,\nLausanne and Bern."
    ]
    assert texts("Talks resume\nThe envoys met.") == ["Talks resume", "The envoys met."]
    assert texts("Talks resume\r\n\r\nin Geneva") == ["Talks resume", "in Geneva"]


def test_images_and_rules_are_no_sentences():
    text = "It held. ![Guards. At a gate](https://example.org/a.b.jpg) It broke.\n***\n---\n“”"
    assert texts(text) == ["It held.", "It broke."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "—", "\u200b\ufeff"])
def test_nothing_to_read_gives_no_sentence(text: str):
    assert split(text) == []


def test_a_long_sentence_is_cut_where_it_hurts_least():
    clause = "the parties agreed to " + "go on and on " * 15
    long = f"{clause}first; {clause}second; {clause}third."
    pieces = texts(long)
    assert [piece[-7:] for piece in pieces] == [" first;", "second;", " third."]
    assert max(len(piece.split()) for piece in pieces) <= MAX_WORDS
    commas = texts("a red bird, " * 60)
    assert all(piece.endswith("bird,") for piece in commas)
    assert len(commas) == 2


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "a",
        ".",
        ". ",
        "a. ",
        "U.S. The ",
        "? ",
        '."',
        "![",
        "![a](",
        ".](x",
        "\n",
        "a\n",
        " ",
    ],
)
def test_a_text_of_megabytes_takes_time_in_proportion(unit: str):
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.perf_counter()
        assert all(len(sentence.text) <= MAX_CHARACTERS for sentence in split(text))
        return time.perf_counter() - start

    assert seconds(1_000_000) < 20 * seconds(100_000) + 0.5


def check_offsets(text: str) -> None:
    end = 0
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text.strip() == sentence.text
        assert end <= sentence.start < sentence.end
        assert len(sentence.text) <= MAX_CHARACTERS
        assert len(sentence.text.split()) <= MAX_WORDS
        end = sentence.end


PIECES = [
    *("U.S.", "The", "said", ".", "?", "…", '"', "“", "”", "(", ")", "[a](b.c)", "![x](y)", "5"),
    *("\n", "\n\n", " ", "\u200b", "\u00a0", "•", "1.", "- ", "Gen.", "p.m.", "。", ";", ","),
    *("\ud800", "word " * 120, "x" * 1200),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_offsets_are_exact_for_any_text(text: str):
    check_offsets(text)


def real_articles() -> Iterator[dict[str, str]]:
    path = REAL / "articles.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no real articles at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def test_offsets_are_exact_and_no_word_is_lost_in_real_articles():
    for article in real_articles():
        text = article["text"]
        check_offsets(text)
        kept = sum(len(sentence.text) for sentence in split(text))
        assert kept > 0.8 * len(text.strip())
