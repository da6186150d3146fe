"""The model that ships, on plain sentences: what an analyst would be surprised to see missed."""

import numpy as np
import pytest

from models.encoder import shared_encoder
from models.judgement import Judgement
from models.multitask import MultitaskAnalyst, MultitaskSession
from models.multitask.holders import holders
from models.multitask.session import Question, tokens_of
from models.subject import Subject
from models.taxonomy import OUTLOOKS, STANCES


@pytest.fixture(scope="module")
def analyst() -> MultitaskAnalyst:
    return MultitaskAnalyst(shared_encoder(), MultitaskSession.load())


def judged(analyst: MultitaskAnalyst, subject: Subject, text: str) -> Judgement:
    return analyst.judge([text], [subject]).judgements[0]


def held(judgement: Judgement) -> set[tuple[str, str, str]]:
    return {(one.party, one.topic, one.stance) for one in judgement.positions}


def test_it_is_whole_and_names_its_version(analyst: MultitaskAnalyst):
    assert analyst.versions["topics"].startswith("multitask-")
    heads = MultitaskSession.load().heads
    assert heads._of["stance.weight"].shape[0] == 1 + len(STANCES)
    assert heads._of["sentence.weight"].shape[0] == 15 + len(OUTLOOKS) + 1


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Vik rejected any truce with Suria on Monday, his spokesman said.", "ceasefire"),
        ("Suria agreed to lift the sanctions and to send a delegation.", "sanctions"),
        ("Suria agreed to meet Norland for another round of talks in Geneva.", "talks_process"),
        ("Uranium enriched to 60 percent was shipped out, inspectors said.", "nuclear_programme"),
        ("Norland released forty prisoners of war on Friday.", "detainees"),
    ],
)
def test_a_topic_is_found(analyst: MultitaskAnalyst, subject: Subject, text: str, topic: str):
    assert topic in judged(analyst, subject, text).topics


@pytest.mark.parametrize(
    "text",
    [
        "The museum has a new roof.",
        "Who will pay for it all?",
        "The striker scored twice on Sunday.",
    ],
)
def test_other_matters_have_no_topic_no_outlook_and_no_position(
    analyst: MultitaskAnalyst, subject: Subject, text: str
):
    found = judged(analyst, subject, text)
    assert found.topics == {}
    assert found.outlook == "neutral"
    assert found.positions == ()


@pytest.mark.parametrize(
    ("text", "outlook"),
    [
        ("Vik rejected any truce with Suria on Monday, his spokesman said.", "setback"),
        ("Norland walked out of the talks with Suria and recalled its envoy.", "setback"),
        ("Norland and Suria signed a truce in Geneva on Monday.", "progress"),
        ("Suria said that it accepts the mediators' plan in full.", "progress"),
    ],
)
def test_the_outlook_is_that_of_the_talks(
    analyst: MultitaskAnalyst, subject: Subject, text: str, outlook: str
):
    assert judged(analyst, subject, text).outlook == outlook


def test_claims_are_told_from_questions(analyst: MultitaskAnalyst, subject: Subject):
    claim = "Vik rejected any truce with Suria on Monday, his spokesman said."
    assert judged(analyst, subject, claim).is_claim
    assert not judged(analyst, subject, "Who will pay for it all?").is_claim


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norland rejected a truce.", ("norland", "ceasefire", "opposes")),
        ("Suria called for an immediate truce.", ("suria", "ceasefire", "supports")),
        (
            "Suria will accept a truce only if Norland withdraws its troops first.",
            ("suria", "ceasefire", "conditional"),
        ),
        ("Vik said Norland would not lift the embargo.", ("norland", "sanctions", "opposes")),
        ("Suria demanded that the embargo be lifted at once.", ("suria", "sanctions", "supports")),
    ],
)
def test_a_stance_is_its_holder_s(
    analyst: MultitaskAnalyst, subject: Subject, text: str, expected: tuple[str, str, str]
):
    assert expected in held(judged(analyst, subject, text))


def test_the_second_reading_knows_about_whom_it_is_asked(
    analyst: MultitaskAnalyst, subject: Subject
):
    session = analyst._session
    text = "We offered a truce, and they rejected the offer."
    (read,) = session.read([text])
    norland = holders(text, subject)[0]
    we, they = (tokens_of(read.places, [place]) for place in norland.places)
    assert np.abs(session.heads._of["mark"]).max() > 0
    offers, rejects = session.ask(
        [
            Question(read.ids, we, "Norland supports a truce"),
            Question(read.ids, they, "Norland supports a truce"),
        ]
    )
    assert offers[1] > rejects[1] + 0.01


def test_both_sides_of_one_sentence_keep_their_own(analyst: MultitaskAnalyst, subject: Subject):
    found = held(judged(analyst, subject, "Norland offered a truce and Suria rejected the offer."))
    assert ("norland", "ceasefire", "supports") in found
    assert ("suria", "ceasefire", "opposes") in found
