import numpy as np
import pytest

from models.multitask.form import form, named_topics
from models.taxonomy import TOPICS

FACTS = ("length", "question", "digit", "quotation", "ends", "capital")


def facts(text: str) -> dict[str, float]:
    return dict(zip(FACTS, form(text)[-len(FACTS) :].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("Who will pay?", {"question", "capital"}),
        ("Who will pay? ", {"question", "capital"}),
        ("and 60 percent of it", {"digit"}),
        ("“Never,” he said.", {"quotation", "ends"}),
        ('He said: "Never."', {"quotation", "ends", "capital"}),
        ("He said: “Never.”", {"quotation", "ends", "capital"}),
        ("", set()),
    ],
)
def test_the_facts_of_form(text: str, true: set[str]):
    found = facts(text)
    assert {name for name in FACTS[1:] if found[name]} == true
    assert set(found.values()) - {found["length"]} <= {0.0, 1.0}


def test_length_counts_words_on_a_scale_that_grows_slowly():
    assert facts("one two three")["length"] == pytest.approx(np.log(4))
    assert facts("")["length"] == 0


@pytest.mark.parametrize(
    "text", ["", "?", "A plain sentence.", "“Truce” — 3 May", "\ud800", "1" * 9]
)
def test_a_form_has_one_length_whatever_the_text(text: str):
    assert form(text).shape == form("Other words.").shape
    assert form(text).dtype == np.float32
    assert np.isfinite(form(text)).all()


def test_a_telling_word_changes_its_own_topic_s_count_alone():
    one, other = (form(f"They want a {word}.") for word in ("truce", "horse"))
    assert np.flatnonzero(one != other).tolist() == [TOPICS.index("ceasefire")]


def test_named_topics_are_those_a_telling_word_speaks_for():
    named = named_topics(form("The truce frees all prisoners."))
    found = {topic for topic, is_named in zip(TOPICS, named, strict=True) if is_named}
    assert found == {"ceasefire", "detainees"}
    assert not named_topics(form("The museum has a new roof.")).any()
