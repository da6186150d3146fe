"""Labelled rows and kept answers, brought into one form."""

from typing import Any

import pytest

from pipeline.labelled import (
    LabelError,
    labelled_pair,
    labelled_sentence,
    pair_answers,
    sentence_answer,
)

ROW: dict[str, Any] = {
    "id": 7,
    "publisher": "The Gull",
    "topics": ["ceasefire"],
    "outlook": "progress",
    "claim": True,
    "positions": [{"party": "velin", "topic": "ceasefire", "stance": "supports"}],
}
ANALYSED = {
    "text": "…",
    "topics": [{"topic": "ceasefire", "score": 0.9}],
    "outlook": {"label": "progress", "score": 0.8},
    "claim": {"label": True, "score": 0.9},
    "positions": [{"party": "velin", "topic": "ceasefire", "stance": "supports", "score": 0.9}],
}
PAIR: dict[str, Any] = {
    "pair": "p",
    "later": [{"id": 1, "novelty": "new"}, {"id": 2, "novelty": ["changed", "new"]}],
}


def test_row_is_named_by_its_id_and_drawn_with_its_article_or_publisher() -> None:
    one = labelled_sentence(ROW, 1)
    assert (one.key, one.group) == ("7", "The Gull")
    assert labelled_sentence(ROW | {"article": "a1"}, 1).group == "a1"
    assert labelled_sentence(ROW | {"article": None}, 1).group == "The Gull"


def test_row_that_nothing_groups_is_a_group_of_its_own() -> None:
    alone = ROW | {"id": None, "publisher": None}
    assert labelled_sentence(alone, 1).group != labelled_sentence(alone, 2).group
    pair = {"later": PAIR["later"]}
    groups = {one.group for number in (1, 2) for one in labelled_pair(pair, number)}
    assert len(groups) == 2


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"topics": None}, "topics"),
        ({"topics": ["weather"]}, "weather"),
        ({"outlook": "good"}, "good"),
        ({"outlook": {}}, "outlook"),
        ({"claim": "yes"}, "claim"),
        ({"positions": [7]}, "party"),
        ({"positions": [{"party": "x", "topic": "ceasefire", "stance": "likes"}]}, "likes"),
    ],
)
def test_unknown_label_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(LabelError, match=named):
        labelled_sentence(ROW | wrong, 1)


@pytest.mark.parametrize("novelty", [None, "old", [], ["new", "old"], 3])
def test_unknown_novelty_is_an_error(novelty: Any) -> None:
    with pytest.raises(LabelError, match="novelty"):
        labelled_pair({"pair": "p", "later": [{"id": 1, "novelty": novelty}]}, 1)


def test_sentences_of_a_pair_are_named_by_pair_and_id_and_drawn_together() -> None:
    one, other = labelled_pair(PAIR, 1)
    assert one.key != other.key
    assert one.group == other.group == "p"


def test_answer_of_analyse_says_the_same_as_labels_by_hand() -> None:
    answer = sentence_answer({"id": 7, "sentences": [ANALYSED]})
    assert answer is not None
    assert answer["topics"] == ROW["topics"]
    assert (answer["outlook"], answer["claim"]) == (ROW["outlook"], ROW["claim"])
    assert sentence_answer(ROW) == ROW


def test_row_in_error_or_without_sentences_is_unanswered() -> None:
    assert sentence_answer({"id": 7, "error": "no text"}) is None
    assert sentence_answer({"id": 7, "sentences": []}) is None


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"topics": [{"topic": "weather"}]}, "`topics` is 'weather'"),
        ({"outlook": {"label": "good"}}, "`outlook` is 'good'"),
        ({"claim": {"label": "yes"}}, "`claim`"),
        ({"positions": None}, "`positions`"),
        ({"positions": [{"topic": "ceasefire", "stance": "supports"}]}, "without a `party`"),
        ({"positions": [{"party": "x", "topic": "ceasefire", "stance": "likes"}]}, "'likes'"),
    ],
)
def test_unknown_label_in_any_sentence_of_an_answer_is_named(
    wrong: dict[str, Any], named: str
) -> None:
    with pytest.raises(LabelError, match=named):
        sentence_answer({"id": 7, "sentences": [ANALYSED, ANALYSED | wrong]})


@pytest.mark.parametrize("sentences", [[{"text": "…"}], ["…"], {}, "…", None])
def test_what_is_no_answer_is_an_error(sentences: Any) -> None:
    with pytest.raises(LabelError):
        sentence_answer({"id": 7, "sentences": sentences})


def test_what_is_no_verdict_is_an_error() -> None:
    with pytest.raises(LabelError):
        list(pair_answers({"pair": "p"}))
    with pytest.raises(LabelError, match="no verdict"):
        list(pair_answers({"pair": "p", "sentences": ["new"]}))


def test_kept_verdicts_and_labels_by_hand_have_the_same_keys() -> None:
    verdicts = {"pair": "p", "sentences": [{"id": 1, "novelty": "new", "prior": None}]}
    ((key, answer),) = pair_answers(verdicts)
    assert key == labelled_pair(PAIR, 1)[0].key
    assert answer["novelty"] == "new"
    assert [found["novelty"] for _, found in pair_answers(PAIR)] == ["new", "changed"]
    assert list(pair_answers({"pair": "p", "error": "no text"})) == []
