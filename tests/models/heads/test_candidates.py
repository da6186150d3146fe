"""Who is asked about what, and what a candidate's features see."""

import numpy as np
import pytest

from models.heads.candidates import LOW, candidates
from models.heads.features import Glosses, candidate_row, sentence_row
from models.subject import Subject
from models.taxonomy import TOPICS

NONE = dict.fromkeys(TOPICS, 0.0)
TEXT = "Orsk refused a truce, and Tarsk, whose envoy had met Orsk, blamed him."


def pairs(text: str, subject: Subject, **scores: float) -> set[tuple[str, str]]:
    found = candidates(text, NONE | scores, subject)
    return {(one.party, one.proposition.topic) for one in found}


def test_named_parties_are_asked_about_topics_with_a_word_in_the_text(subject: Subject) -> None:
    assert pairs(TEXT, subject) == {("velin", "ceasefire"), ("tarsk", "ceasefire")}


def test_likely_topic_is_asked_about_without_a_word(subject: Subject) -> None:
    assert pairs("Orsk said no.", subject) == set()
    assert pairs("Orsk said no.", subject, sanctions=LOW) == {("velin", "sanctions")}


def test_topic_without_a_proposition_is_not_asked_about(subject: Subject) -> None:
    assert pairs("Orsk flew home.", subject, navigation=0.9) == set()


def test_nobody_named_is_nobody_asked(subject: Subject) -> None:
    assert pairs("The truce holds.", subject, ceasefire=0.9) == set()


def test_candidate_knows_all_mentions_of_its_party(subject: Subject) -> None:
    velin = next(one for one in candidates(TEXT, NONE, subject) if one.party == "velin")
    assert [TEXT[m.start : m.end] for m in velin.mentions] == ["Orsk", "Orsk"]


def test_candidate_row_has_one_length_and_tells_parties_apart(subject: Subject) -> None:
    vector = np.full(384, 384**-0.5, dtype=np.float32)
    glosses = Glosses(vector, np.empty((0, 384), np.float32), vector[None])
    velin, tarsk = candidates(TEXT, NONE, subject)
    one, other = (candidate_row(TEXT, vector, each, 2, glosses) for each in (velin, tarsk))
    assert one.shape == other.shape
    assert one.dtype == np.float32
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("text", ["", "?", "A plain sentence.", "“Truce” — 3 May"])
def test_sentence_row_has_one_length_whatever_the_text(text: str) -> None:
    vector = np.zeros(384, dtype=np.float32)
    assert sentence_row(text, vector).shape == sentence_row("Other words.", vector).shape
    assert np.isfinite(sentence_row(text, vector)).all()


def test_words_of_a_topic_change_the_features() -> None:
    vector = np.zeros(384, dtype=np.float32)
    one, other = (sentence_row(f"They want a {word}.", vector) for word in ("truce", "horse"))
    assert np.flatnonzero(one != other).tolist() == [384 + TOPICS.index("ceasefire")]
