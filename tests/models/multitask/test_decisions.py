"""From probabilities to labels, with scores and thresholds that the test makes up."""

import numpy as np
import pytest

from models.multitask.analyst import outlook_of, topics_of
from models.multitask.form import form
from models.multitask.heads import SentenceScores
from models.taxonomy import TOPICS

LIMITS = {"topics": 0.7, "topics_named": 0.4, "progress": 0.6, "setback": 0.5}


def scores(**topics: float) -> SentenceScores:
    row = np.array([topics.get(topic, 0.0) for topic in TOPICS], np.float32)
    return SentenceScores(row, np.array([0, 0, 1], np.float32), 0.0)


def test_a_topic_with_a_telling_word_has_a_threshold_of_its_own():
    found = topics_of(scores(ceasefire=0.5, sanctions=0.5), form("The truce held."), LIMITS)
    assert found == {"ceasefire": 0.5}


def test_topics_come_best_first_and_at_the_threshold_they_pass():
    found = topics_of(scores(territory=0.75, sanctions=0.875), form(""), LIMITS | {"topics": 0.75})
    assert list(found.items()) == [("sanctions", 0.875), ("territory", 0.75)]
    assert topics_of(scores(territory=0.7), form(""), LIMITS | {"topics": 0.75}) == {}


@pytest.mark.parametrize(
    ("outlooks", "expected"),
    [
        ((0.75, 0.125, 0.125), ("progress", 0.75)),
        ((0.125, 0.5, 0.375), ("setback", 0.5)),
        ((0.5, 0.125, 0.375), ("neutral", 0.375)),
        ((0.25, 0.375, 0.375), ("neutral", 0.375)),
        ((0.0, 0.0, 1.0), ("neutral", 1.0)),
    ],
)
def test_the_outlook_is_neutral_below_its_threshold(
    outlooks: tuple[float, float, float], expected: tuple[str, float]
):
    assert outlook_of(np.array(outlooks, np.float32), LIMITS) == expected
