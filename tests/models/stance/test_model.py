"""From sentences to positions, with a sieve and a session that say what the test wants."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.encoder import Encoder, shared_encoder
from models.judgement import HeldPosition
from models.lexicon import counts
from models.stance.model import PairwiseStance
from models.stance.reading import Question
from models.stance.session import StanceSession
from models.stance.sieve import LABELS, Scores, Sieve
from models.subject import Subject
from models.taxonomy import TOPICS

FACTS, CROSSED = 9, 5  # facts of a candidate, and cues crossed with its topic
TEXTS = [
    "The weather held.",
    "Norland offered a truce and Suria rejected the truce.",
    "Vik will end the embargo.",
]


class SaysByWord(StanceSession):
    """Supports where the marked holder offers, opposes where it rejects; else no stance."""

    def __init__(self) -> None:
        self.version, self.thresholds = "said", {"expressed": 0.7, "sieve": 0.0}
        self.asked: list[Question] = []

    def read(self, questions: Sequence[Question]) -> np.ndarray:
        self.asked += questions
        said = [["> offered" in q.sentence, "> rejected" in q.sentence] for q in questions]
        offers = np.array(said, dtype=bool).reshape(-1, 2)
        expressed = np.where(offers.any(1), 2.0, 0.5)  # sigmoid .88 and .62
        return np.column_stack([expressed, offers, np.zeros(len(questions))]).astype(np.float32)


def constant(size: int, classes: int, logit: float) -> Scores:
    """The same answer whatever the features."""
    zeros = np.zeros((classes, size), np.float32)
    bias = np.full(classes, logit, np.float32)
    return Scores(zeros, bias, np.zeros(size, np.float32), np.ones(size, np.float32))


def sieve_of(low: float) -> Sieve:
    """Gives every candidate a score of one half; no topic is likely but by its words."""
    cues = sum(len(counts(group, "")) for group in ("stance", "outlook", "claim"))
    width = cues + 2 * len(LABELS) + 4 + FACTS + len(TOPICS) * (1 + CROSSED)
    words = len(counts("topics", ""))
    return Sieve(constant(384 + words, len(TOPICS), -9), constant(width, 1, 0), low)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return shared_encoder()


def model(subject: Subject, encoder: Encoder, low: float = 0.0) -> PairwiseStance:
    return PairwiseStance(SaysByWord(), sieve_of(low), encoder)


def test_positions_stand_with_their_sentence_and_holder(subject: Subject, encoder: Encoder):
    found = model(subject, encoder).positions(TEXTS, encoder.encode(TEXTS), [subject])
    assert found[0] == found[2] == ()
    name, score = subject.name, pytest.approx(0.881, abs=1e-3)
    assert found[1] == (
        HeldPosition(name, "norland", "ceasefire", "supports", score),
        HeldPosition(name, "suria", "ceasefire", "opposes", score),
    )


def test_what_the_sieve_drops_is_not_asked(subject: Subject, encoder: Encoder):
    strict = model(subject, encoder, low=0.6)
    assert strict.positions(TEXTS, encoder.encode(TEXTS), [subject]) == [(), (), ()]
    assert strict._session.asked == []


def test_every_subject_is_asked_about(subject: Subject, encoder: Encoder):
    other = Subject("other", subject.parties, {"ceasefire": subject.propositions["ceasefire"]})
    found = model(subject, encoder).positions(TEXTS, encoder.encode(TEXTS), [subject, other])
    assert [held.subject for held in found[1]] == [subject.name] * 2 + ["other"] * 2


def test_no_sentences_have_no_positions(subject: Subject, encoder: Encoder):
    assert model(subject, encoder).positions([], np.empty((0, 384), np.float32), [subject]) == []
