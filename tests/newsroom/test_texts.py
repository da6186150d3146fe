"""The texts are the newsroom's own, and none is written in vain."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsroom.load import coverage

REAL = Path(os.environ.get("PARLEY_REAL", Path(__file__).parents[3] / "shared" / "real"))


def test_every_claim_has_two_wordings_unless_it_corrects_a_figure() -> None:
    single = [claim.id for claim in coverage().claims.values() if len(claim.wordings) < 2]
    assert single == ["lithium-165"]


def test_every_wording_is_used() -> None:
    said = {
        sentence.text.partition(" – ")[2] or sentence.text
        for article in coverage().articles.values()
        for version in article.versions
        for sentence in version.sentences
        if sentence.claim
    }
    unused = [
        wording
        for claim in coverage().claims.values()
        for wording in claim.wordings
        if wording not in said
    ]
    assert unused == []


def test_no_eight_words_are_those_of_real_sentences() -> None:
    if not (REAL / "sentences.jsonl").exists():
        pytest.skip(f"no real sentences at {REAL}")
    real: set[str] = set()
    for text in _real_texts():
        real.update(_eights(text))
    mine = [
        sentence.text
        for article in coverage().articles.values()
        for version in article.versions
        for sentence in version.sentences
    ]
    assert {eight for text in mine for eight in _eights(text)} & real == set()


def _real_texts() -> Iterator[str]:
    for line in (REAL / "sentences.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]
    with gzip.open(REAL / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def _eights(text: str) -> Iterator[str]:
    words = re.findall(r"\w+", text.lower())
    return (" ".join(words[at : at + 8]) for at in range(len(words) - 7))
