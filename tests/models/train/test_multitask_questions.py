"""Questions that training asks, from rows labelled by hand."""

import random
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from models.encoder import shared_encoder
from models.encoder.session import TOKENIZER, WEIGHTS
from models.multitask import MultitaskAnalyst, MultitaskSession
from models.multitask.session import QUESTION_TOKENS, Question, question_tokens
from models.subject import Party, Proposition, Subject
from models.train.multitask_examples import Material, gather
from models.train.multitask_questions import Asker, Candidate, candidates
from models.train.rows import Row

TRUCE = Proposition("ceasefire", "a truce", ("offers one", "stops"), ("rejects one", "fires"))
EMBARGO = Proposition("sanctions", "lifting the embargo")
TALKS = Proposition("talks_process", "holding talks now")
NORTH = Subject(
    "north",
    (Party("norland", "Norland", ("Vik",)), Party("suria", "Suria", ())),
    {one.topic: one for one in (TRUCE, EMBARGO, TALKS)},
)
TEXT = "Suria rejected the truce that Vik had offered."
HELD = {("norland", "ceasefire"): "supports", ("suria", "ceasefire"): "opposes"}
ROW = Row("a", "north", TEXT, frozenset({"ceasefire", "sanctions"}), "setback", True, HELD)
BARE = Row("b", "north", "They met.", frozenset({"sanctions"}), "neutral", False, {})
WORDED = Row("c", "north", "Suria spoke of a ceasefire.", frozenset(), "neutral", False, {})


@pytest.fixture(scope="module")
def material() -> Material:
    return gather([ROW, BARE, WORDED], {"north": NORTH}, shared_encoder())


def test_every_candidate_of_an_example_is_asked_at_times(material: Material):
    found = dict(candidates(material, [0]))
    # holders norland and suria; propositions on ceasefire, sanctions and talks_process
    assert list(found) == [Candidate(0, h, p) for h in range(2) for p in range(3)]
    held, about, far = (found[Candidate(0, 0, p)] for p in range(3))
    worded = dict(candidates(material, [2]))[Candidate(2, 0, 0)]
    assert 1 == held > about > worded > far > 0


def test_whoever_is_not_named_is_asked_less(material: Material):
    assert [holder.named for holder in material.examples[1].holders] == [False, False]
    named, unnamed = (dict(candidates(material, [index])) for index in (0, 1))
    assert 0 < unnamed[Candidate(1, 0, 1)] < named[Candidate(0, 0, 1)]  # both about sanctions
    assert 0 < unnamed[Candidate(1, 0, 2)] < named[Candidate(0, 0, 2)]


def test_a_question_follows_its_sentence_and_marks_its_holder(material: Material):
    asked = Asker(material).ask(Candidate(0, 1, 0))
    sentence = material.examples[0].ids
    assert tuple(asked.ids[: len(sentence)]) == sentence
    assert asked.segments == [0] * len(sentence) + [1] * (len(asked.ids) - len(sentence))
    question = asked.ids[len(sentence) :]
    assert question.index(102) == len(question) - 1  # one [SEP], where it ends
    assert len(asked.ids) <= len(sentence) + QUESTION_TOKENS
    marked = [at for at, mark in enumerate(asked.marks) if mark]
    assert tuple(marked) == material.examples[0].holders[1].tokens
    assert (asked.right, asked.example) == (2, 0)


def test_a_long_question_is_cut_and_ends_all_the_same():
    tokenizer = Tokenizer.from_file(str(WEIGHTS / TOKENIZER))
    whole, cut = (question_tokens(tokenizer, "truce " * n) for n in (QUESTION_TOKENS - 1, 200))
    assert whole == cut
    assert len(cut) == QUESTION_TOKENS
    assert cut.index(102) == len(cut) - 1


def test_an_epoch_turns_some_questions_round_with_their_answers(material: Material):
    every = [(Candidate(0, 1, 0), 1.0)] * 200
    asked = Asker(material).epoch(every, seed=1)
    turned = sum(one.right == 1 for one in asked)
    assert 20 < turned < 80
    assert {one.right for one in asked} == {1, 2}
    assert len({tuple(one.ids) for one in asked}) > 2  # glosses in several orders
    assert Asker(material).epoch(every, seed=1) == asked
    assert Asker(material).epoch(every, seed=2) != asked


def test_the_analyst_asks_as_training_does(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("onnx", reason="weights are made with onnx, a build-time extra")
    from tests.models.multitask.small import built

    session = MultitaskSession.load(built(tmp_path, sieve=0.0))
    put: list[Question] = []
    ask = session.ask
    monkeypatch.setattr(session, "ask", lambda questions: put.extend(questions) or ask(questions))
    MultitaskAnalyst(shared_encoder(), session).judge([TEXT], [NORTH])
    taught = [Asker(material).ask(candidate) for candidate, _ in candidates(material, [0])]
    assert len(put) == len(taught) == 6
    for one, other in zip(put, taught, strict=True):
        tokens = question_tokens(session._tokenizer, one.text)
        assert [*one.ids, *tokens] == other.ids
        assert list(one.holder) == [at for at, mark in enumerate(other.marks) if mark]


def test_what_is_asked_rarely_is_drawn_rarely(material: Material):
    every = [(Candidate(0, 0, 2), 0.1)] * 1000
    assert 50 < len(Asker(material).epoch(every, seed=3)) < 150


def test_the_draw_is_the_only_source_of_chance(material: Material):
    asker, one = Asker(material), Candidate(0, 0, 0)
    assert asker.ask(one) == asker.ask(one)
    assert asker.ask(one, random.Random(5)) == asker.ask(one, random.Random(5))
