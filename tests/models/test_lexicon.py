"""What a term of the lexicon matches."""

import re

import pytest

from models.lexicon import _compile as compiled
from models.lexicon import counts, hits, lexicon
from models.taxonomy import TOPICS

TERMS = [
    (group, label, term)
    for group, labels in lexicon().items()
    for label, terms in labels.items()
    for term in terms
]


def test_all_topics_are_there_in_their_order() -> None:
    assert tuple(lexicon()["topics"]) == tuple(lexicon()["hints"]) == TOPICS
    assert all(lexicon()["topics"].values())
    assert set(lexicon()) == {"topics", "hints", "outlook", "claim", "stance"}


@pytest.mark.parametrize(("group", "label", "term"), TERMS)
def test_term_does_not_match_nothing(group: str, label: str, term: re.Pattern[str]) -> None:
    assert not term.search(""), (group, label)
    assert not term.search(" . , – "), (group, label)


@pytest.mark.parametrize(
    ("term", "matched", "unmatched"),
    [
        ("truce*", ["truce", "Truces", "a truce."], ["truc", "untruce"]),
        ("cease-?fire*", ["ceasefire", "cease-fires"], ["cease fire"]),
        (r"sanction\w*", ["sanction", "SANCTIONS", "sanctioned"], ["sanctio"]),
        (r"disarm\w+", ["disarmed"], ["disarm"]),
        ("ports?", ["port", "the ports,"], ["portion", "airport", "sports"]),
        ("talks (on|about)", ["talks on"], ["talks", "talks once"]),
        ("(re)?open(ed|s)?", ["opened", "reopen"], ["preopen", "opening"]),
        (r"\?", ["Why?", "?"], ["Why"]),
        (r"\d+", ["9", "in 2026"], ["nine"]),
    ],
)
def test_words_begin_and_end_where_a_term_does(
    term: str, matched: list[str], unmatched: list[str]
) -> None:
    pattern = compiled(term)
    assert all(pattern.search(text) for text in matched)
    assert not any(pattern.search(text) for text in unmatched)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("navigation", "the strait"),
        ("sanctions", "an embargo"),
        ("talks_process", "a meeting in Oslo"),
        ("alliances", "the alliance"),
        ("arms_and_forces", "must disarm"),
    ],
)
def test_bare_form_of_a_word_counts(topic: str, text: str) -> None:
    assert hits("topics", topic, text) == 1


def test_counts_are_logarithms_in_the_order_of_the_file() -> None:
    found = counts("topics", "A truce and an armistice.")
    assert found[TOPICS.index("ceasefire")] == pytest.approx(1.0986, abs=1e-4)
    assert found.sum() == pytest.approx(1.0986, abs=1e-4)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "text", ["a" * 100_000, "re" * 50_000, "withdraw " * 10_000, " " * 100_000]
)
def test_terms_do_not_look_twice(text: str) -> None:
    for group in lexicon():
        counts(group, text)
