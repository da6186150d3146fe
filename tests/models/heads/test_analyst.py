"""The analyst with the heads that ship."""

import dataclasses

import numpy as np
import pytest

from models.heads import HeadsAnalyst
from models.heads.analyst import outlook_of
from models.heads.weights import Linear, load_heads
from models.judgement import Judgement
from models.subject import Subject
from models.taxonomy import OUTLOOKS, STANCES, TOPICS

SENTENCES = [
    "Orsk rejected any truce with Tarsk on Monday, his spokesman said.",
    "Tarsk agreed to lift the sanctions and to send a delegation to the talks.",
    "The museum has a new roof.",
    "Who will pay for it all?",
    "Uranium enriched to 60 percent was shipped out, inspectors reported on 3 May.",
]
ODD = ["", " ", "\x00\x07", "\ud800", "…", "🕊" * 50, "a\u0301" * 30, "\u202eback", "\n\n"]


def scores(judgement: Judgement) -> list[float]:
    return [
        *judgement.topics.values(),
        judgement.outlook_score,
        judgement.claim_score,
        *(held.score for held in judgement.positions),
    ]


def labels(judgement: Judgement) -> tuple[object, ...]:
    held = [(p.subject, p.party, p.topic, p.stance) for p in judgement.positions]
    return list(judgement.topics), judgement.outlook, judgement.is_claim, held


def test_answer_does_not_depend_on_companions(analyst: HeadsAnalyst, subject: Subject) -> None:
    together = analyst.judge([*SENTENCES, "word " * 300, *ODD], [subject]).judgements
    for text, judgement in zip(SENTENCES, together, strict=False):
        (alone,) = analyst.judge([text], [subject]).judgements
        assert labels(alone) == labels(judgement)
        assert scores(alone) == pytest.approx(scores(judgement), abs=1e-4)


def test_order_is_kept(analyst: HeadsAnalyst, subject: Subject) -> None:
    forth = analyst.judge(SENTENCES, [subject])
    back = analyst.judge(SENTENCES[::-1], [subject])
    assert [labels(one) for one in forth.judgements] == [
        labels(one) for one in back.judgements[::-1]
    ]
    np.testing.assert_allclose(forth.vectors, back.vectors[::-1], atol=1e-5)


def test_nothing_in_nothing_out(analyst: HeadsAnalyst, subject: Subject) -> None:
    judged = analyst.judge([], [subject])
    assert judged.judgements == ()
    assert judged.vectors.shape == (0, 384)


@pytest.mark.parametrize("text", ODD)
def test_odd_strings_are_judged(analyst: HeadsAnalyst, subject: Subject, text: str) -> None:
    judged = analyst.judge([text], [subject])
    assert np.isfinite(scores(judged.judgements[0])).all()
    assert np.isfinite(judged.vectors).all()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("unit", ["talks ", "withdraw from ", "(", "1", "if ", "the its their "])
def test_endless_sentence_is_read_in_part(
    analyst: HeadsAnalyst, subject: Subject, unit: str
) -> None:
    endless = unit * (5_000_000 // len(unit))
    (one, other) = analyst.judge([endless, endless[: len(endless) // 2]], [subject]).judgements
    assert labels(one) == labels(other)


def test_answers_are_of_the_fixed_sets_and_above_their_thresholds(
    analyst: HeadsAnalyst, subject: Subject
) -> None:
    limits = load_heads().thresholds
    for judgement in analyst.judge(SENTENCES, [subject]).judgements:
        assert set(judgement.topics) <= set(TOPICS)
        assert all(score >= limits["topics_named"] for score in judgement.topics.values())
        assert list(judgement.topics.values()) == sorted(judgement.topics.values(), reverse=True)
        assert judgement.outlook in OUTLOOKS
        assert judgement.is_claim == (judgement.claim_score >= limits["claim"])
        for held in judgement.positions:
            assert held.stance in STANCES
            assert held.party in {party.id for party in subject.parties}
            assert held.topic in subject.propositions
            assert held.score >= limits["stance"]


def test_plain_sentences_are_understood(analyst: HeadsAnalyst, subject: Subject) -> None:
    refused, eased, museum, *_ = analyst.judge(SENTENCES, [subject]).judgements
    assert "ceasefire" in refused.topics
    assert "sanctions" in eased.topics
    assert museum.topics == {}
    assert refused.is_claim
    assert not museum.is_claim
    assert refused.outlook == "setback"


def test_without_a_subject_there_are_no_positions(analyst: HeadsAnalyst) -> None:
    assert all(not one.positions for one in analyst.judge(SENTENCES, []).judgements)


def test_every_subject_has_its_own_positions(analyst: HeadsAnalyst, subject: Subject) -> None:
    """A threshold of nothing lets every candidate through: both subjects are asked."""
    heads = load_heads()
    eager = dataclasses.replace(heads, thresholds={**heads.thresholds, "stance": 0.0})
    twin = dataclasses.replace(subject, name="twin")
    both = HeadsAnalyst(analyst._encoder, eager).judge(SENTENCES[:1], [subject, twin])
    assert {held.subject for held in both.judgements[0].positions} == {"strait", "twin"}


def test_versions_name_the_model_of_each_task(analyst: HeadsAnalyst) -> None:
    assert set(analyst.versions) == {"encoder", "topics", "outlook", "claim", "stance"}
    assert analyst.versions["topics"].startswith("heads-")


@pytest.mark.parametrize(
    ("logits", "label"),
    [((2.0, 0.0, 0.0), "progress"), ((0.0, 2.0, 0.0), "setback"), ((0.5, 0.4, 0.0), "neutral")],
)
def test_outlook_is_neutral_below_its_threshold(
    logits: tuple[float, float, float], label: str
) -> None:
    bias = np.array(logits, dtype=np.float32)
    head = Linear(np.zeros((3, 1), np.float32), bias, *np.ones((2, 1), dtype=np.float32))
    limits = {"progress": 0.6, "setback": 0.6}
    heads = dataclasses.replace(load_heads(), outlook=head, thresholds=limits)
    found, score = outlook_of(heads, np.ones(1, dtype=np.float32))
    assert found == label
    assert score == pytest.approx(np.exp(bias[OUTLOOKS.index(found)]) / np.exp(bias).sum())
