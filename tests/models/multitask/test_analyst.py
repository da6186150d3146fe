"""The analyst over a model of random numbers: what holds whatever the weights are."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="weights are made with onnx, a build-time extra")

from models.encoder import shared_encoder
from models.judgement import Judgement
from models.multitask import MultitaskAnalyst, MultitaskSession
from models.multitask.analyst import MOST_ASKED
from models.multitask.questions import question
from models.multitask.session import Question
from models.subject import Subject
from models.taxonomy import OUTLOOKS, STANCES, TOPICS, Side
from tests.models.multitask.small import built

SENTENCES = [
    "Vik rejected any truce with Suria on Monday, his spokesman said.",
    "Suria agreed to lift the embargo and to send a delegation to the talks.",
    "The museum has a new roof.",
    "Who will pay for it all?",
    "We are ready, the U.N. said, for a truce.",
]
ODD = ["", " ", "\x00\x07", "\ud800", "…", "🕊" * 50, "a\u0301" * 30, "\u202eback", "\n\n"]


@pytest.fixture(scope="module")
def eager(tmp_path_factory: pytest.TempPathFactory) -> MultitaskAnalyst:
    """Asks for nothing to be sure of: every candidate is a position."""
    folder = built(tmp_path_factory.mktemp("eager"), sieve=0.0, stance=0.0)
    return MultitaskAnalyst(shared_encoder(), MultitaskSession.load(folder))


@pytest.fixture(scope="module")
def analyst(tmp_path_factory: pytest.TempPathFactory) -> MultitaskAnalyst:
    folder: Path = built(tmp_path_factory.mktemp("half"))
    return MultitaskAnalyst(shared_encoder(), MultitaskSession.load(folder))


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


def holding(analyst: MultitaskAnalyst, text: str, subject: Subject) -> list[str]:
    """Who holds a position in a text, once for each proposition."""
    (judgement,) = analyst.judge([text], [subject]).judgements
    return [held.party for held in judgement.positions]


def test_an_answer_does_not_depend_on_its_companions(eager: MultitaskAnalyst, subject: Subject):
    together = eager.judge([*SENTENCES, "word " * 300, *ODD], [subject]).judgements
    for text, judgement in zip(SENTENCES, together, strict=False):
        (alone,) = eager.judge([text], [subject]).judgements
        assert labels(alone) == labels(judgement)
        assert scores(alone) == pytest.approx(scores(judgement), abs=1e-4)


def test_vectors_alone_are_those_of_judging(analyst: MultitaskAnalyst):
    texts = [*SENTENCES, *ODD, "word " * 2000]
    assert np.array_equal(analyst.encode(texts), analyst.judge(texts, []).vectors)
    assert analyst.encode([]).shape == (0, 384)


def test_order_is_kept(eager: MultitaskAnalyst, subject: Subject):
    forth, back = (eager.judge(part, [subject]) for part in (SENTENCES, SENTENCES[::-1]))
    expected = [labels(one) for one in back.judgements[::-1]]
    assert [labels(one) for one in forth.judgements] == expected
    np.testing.assert_allclose(forth.vectors, back.vectors[::-1], atol=1e-5)


def test_nothing_in_nothing_out(analyst: MultitaskAnalyst, subject: Subject):
    judged = analyst.judge([], [subject])
    assert judged.judgements == ()
    assert judged.vectors.shape == (0, 384)


@pytest.mark.parametrize("text", ODD)
def test_odd_strings_are_judged(eager: MultitaskAnalyst, subject: Subject, text: str):
    judged = eager.judge([text], [subject])
    assert np.isfinite(scores(judged.judgements[0])).all()
    assert np.isfinite(judged.vectors).all()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("unit", ["talks ", "withdraw from ", "(", "1", "if ", "the its their "])
def test_an_endless_sentence_is_read_in_part(
    analyst: MultitaskAnalyst, subject: Subject, unit: str
):
    endless = unit * (2_000_000 // len(unit))
    one, other = analyst.judge([endless, endless[: len(endless) // 2]], [subject]).judgements
    assert labels(one) == labels(other)


def test_answers_are_of_the_fixed_sets_and_above_their_thresholds(
    analyst: MultitaskAnalyst, subject: Subject
):
    for judgement in analyst.judge(SENTENCES, [subject]).judgements:
        assert set(judgement.topics) <= set(TOPICS)
        assert all(score >= 0.5 for score in judgement.topics.values())
        assert list(judgement.topics.values()) == sorted(judgement.topics.values(), reverse=True)
        assert judgement.outlook in OUTLOOKS
        assert judgement.is_claim == (judgement.claim_score >= 0.5)
        for held in judgement.positions:
            assert held.stance in STANCES
            assert held.party in {party.id for party in subject.parties}
            assert held.topic in subject.propositions
            assert held.score >= 0.5


def test_every_holder_is_asked_about_every_proposition(eager: MultitaskAnalyst, subject: Subject):
    (judgement,) = eager.judge(["Vik met the Surian envoy."], [subject]).judgements
    assert [(held.party, held.topic) for held in judgement.positions] == [
        (party, topic) for party in ("norland", "suria") for topic in ("ceasefire", "sanctions")
    ]


class Listener:
    """Notes what a session is asked."""

    def __init__(self, session: MultitaskSession, monkeypatch: pytest.MonkeyPatch) -> None:
        self.put: list[Question] = []
        self.answers: list[list[float]] = []
        self._ask = session.ask
        monkeypatch.setattr(session, "ask", self.ask)

    def ask(self, questions: Sequence[Question]) -> np.ndarray:
        found = self._ask(questions)
        self.put += questions
        self.answers += found.tolist()
        return found


def test_who_the_first_reading_rules_out_is_not_asked(
    tmp_path: Path, subject: Subject, monkeypatch: pytest.MonkeyPatch
):
    session = MultitaskSession.load(built(tmp_path, sieve=1.0, stance=0.0))
    heard = Listener(session, monkeypatch)
    judged = MultitaskAnalyst(shared_encoder(), session).judge(SENTENCES, [subject])
    assert not heard.put
    assert not any(one.positions for one in judged.judgements)


def test_the_second_reading_has_its_share(
    tmp_path: Path, subject: Subject, monkeypatch: pytest.MonkeyPatch
):
    session = MultitaskSession.load(built(tmp_path, sieve=0.0, stance=0.0, share=1.0))
    heard = Listener(session, monkeypatch)
    judged = MultitaskAnalyst(shared_encoder(), session).judge(SENTENCES, [subject])
    found = [held for one in judged.judgements for held in one.positions]
    assert len(found) == len(heard.put) > 4
    for held, one, answer in zip(found, heard.put, heard.answers, strict=True):
        asked = subject.propositions[held.topic]
        party = next(party for party in subject.parties if party.id == held.party)
        assert one.text == question(party.name, asked)
        assert held.score == pytest.approx(max(answer[1:]), abs=1e-5)
        assert held.stance == STANCES[int(np.argmax(answer[1:]))]


def test_what_a_party_is_known_for_decides_where_it_weighs_enough(tmp_path: Path, subject: Subject):
    known: dict[tuple[str, str], Side] = {("norland", "sanctions"): "supports"}
    folder = built(tmp_path, sieve=0.0, stance=0.0, known=50.0)
    analyst = MultitaskAnalyst(shared_encoder(), MultitaskSession.load(folder))
    judged = analyst.judge(SENTENCES, [dataclasses.replace(subject, known=known)])
    held = [one for judgement in judged.judgements for one in judgement.positions]
    assert "opposes" not in {one.stance for one in held if (one.party, one.topic) in known}
    assert {one.stance for one in held if (one.party, one.topic) not in known} == {"opposes"}


def test_a_stance_on_what_a_sentence_is_not_about_is_less_likely(tmp_path: Path, subject: Subject):
    def found(about: float) -> dict[tuple[int, str, str], tuple[float, float]]:
        folder = tmp_path / str(about)
        folder.mkdir()
        built(folder, sieve=0.0, stance=0.0, about=about)
        analyst = MultitaskAnalyst(shared_encoder(), MultitaskSession.load(folder))
        return {
            (at, held.party, held.topic): (held.score, one.topics.get(held.topic, 0.0))
            for at, one in enumerate(analyst.judge(SENTENCES, [subject]).judgements)
            for held in one.positions
        }

    plain, weighed = found(0.0), found(1.0)
    assert plain.keys() == weighed.keys()
    for key, (score, topic) in plain.items():
        assert (weighed[key][0] > score) == (topic >= 0.5)


def test_of_a_sentence_that_names_everybody_only_the_likeliest_are_asked(
    eager: MultitaskAnalyst, subject: Subject
):
    lifting = subject.propositions["sanctions"]
    wide = dataclasses.replace(subject, propositions=dict.fromkeys(TOPICS[:10], lifting))
    text = "Norland, Suria, the U.N. and the Eastern League met."
    (one,) = eager.judge([text], [wide]).judgements
    (together,) = eager.judge([text], [subject, wide]).judgements
    assert len(one.positions) == MOST_ASKED
    assert len(together.positions) == MOST_ASKED + 4 * 2


def test_parties_of_one_sentence_are_told_apart(eager: MultitaskAnalyst, subject: Subject):
    (judgement,) = eager.judge(["Vik met the Surian envoy."], [subject]).judgements
    assert len({round(held.score, 6) for held in judgement.positions}) == 4


def test_without_a_subject_there_are_no_positions(eager: MultitaskAnalyst):
    assert all(not one.positions for one in eager.judge(SENTENCES, []).judgements)


def test_a_subject_without_propositions_has_no_positions(eager: MultitaskAnalyst, subject: Subject):
    bare = dataclasses.replace(subject, propositions={})
    assert all(not one.positions for one in eager.judge(SENTENCES, [bare]).judgements)


def test_every_subject_has_its_own_positions(eager: MultitaskAnalyst, subject: Subject):
    twin = dataclasses.replace(
        subject, name="twin", propositions={"sanctions": subject.propositions["sanctions"]}
    )
    (judgement,) = eager.judge(SENTENCES[:1], [subject, twin]).judgements
    asked = [(held.subject, held.topic) for held in judgement.positions if held.party == "suria"]
    assert asked == [
        ("norland-suria", "ceasefire"),
        ("norland-suria", "sanctions"),
        ("twin", "sanctions"),
    ]


def test_who_is_named_only_beyond_what_is_read_holds_nothing(
    eager: MultitaskAnalyst, subject: Subject
):
    assert set(holding(eager, "word " * 50 + "Norland", subject)) == {"norland"}
    assert holding(eager, "word " * 200 + "Norland", subject) == []
    both = holding(eager, "Suria " + "word " * 200 + "Norland", subject)
    assert set(both) == {"suria"}


def test_what_unicode_makes_of_surrogates_does_not_move_the_holder(
    eager: MultitaskAnalyst, subject: Subject
):
    """Two halves of one character are one character to the tokenizer."""
    whole, halves = (
        eager.judge([f"{dove * 5} Vik and Suria met."], [subject]).judgements[0]
        for dove in ("\U0001f54a", "\ud83d\udd4a")
    )
    assert scores(whole) == scores(halves)


def test_versions_name_the_model_of_each_task(analyst: MultitaskAnalyst):
    assert set(analyst.versions) == {"encoder", "topics", "outlook", "claim", "stance"}
    assert analyst.versions["encoder"] == shared_encoder().version
    tasks = {version for task, version in analyst.versions.items() if task != "encoder"}
    assert len(tasks) == 1
    assert tasks.pop().startswith("multitask-")
