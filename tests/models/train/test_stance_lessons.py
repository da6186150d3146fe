"""What the stance model is taught, without teaching it."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training needs the extra `train`")

from models.mentions import Mention
from models.stance.candidates import Candidate
from models.stance.reading import Glossed
from models.stance.sieve import Scores
from models.subject import Party, Proposition
from models.train.rows import Row
from models.train.stance_examples import Example, Material, Source, fold_of, recall
from models.train.stance_lessons import drawn, lessons, low_for, real_mix
from models.train.stance_scores import best_threshold, report

TRUCE = Proposition("ceasefire", "a truce", ("offers a truce",), ("rejects a truce",))
VIK, TAM = Party("norland", "Norland", ("Vik",)), Party("suria", "Suria", ("Tam",))
NOTHING = Scores(*(np.zeros((1, 1), np.float32) for _ in range(4)))
STANCES = ("supports", "opposes", "conditional", None)


def material(count: int = 40) -> Material:
    """Sentences of Vik, each with two candidates; every fourth of a stance has none."""
    sources, examples = [], []
    for number in range(count):
        stance = STANCES[number % 4]
        positions = {("norland", "ceasefire"): stance} if stance else {}
        row = Row(f"r{number}", "north", "Vik spoke.", frozenset(), "neutral", True, positions)
        sources.append(Source(row, number % 2 == 0, fold_of(str(number))))
        place = (Mention("norland", 0, 3),)
        worth = 0.1 + 0.8 * number / count
        examples += [
            Example(number, Candidate(VIK, TRUCE, place, True), worth, stance),
            Example(number, Candidate(TAM, TRUCE, place, False), 0.01, None),
        ]
    vectors, side = np.zeros((count, 384), np.float32), np.zeros((1, 384), np.float32)
    glossary = {TRUCE: Glossed(TRUCE, side[0], side, side)}
    return Material(sources, vectors, examples, glossary, NOTHING, NOTHING)


def test_turned_round_support_becomes_opposition_and_nothing_else_is_taught():
    made = material()
    straight = lessons(made, made.examples, turned=False)
    turned = lessons(made, made.examples, turned=True)
    assert len(straight) == len(made.examples)
    assert {one.stance for one in turned} == {"supports", "opposes"}
    supports = next(e for e in made.examples if e.stance == "supports")
    (there,), (back,) = (lessons(made, [supports], turned=t) for t in (False, True))
    assert (there.stance, back.stance) == ("supports", "opposes")
    assert there.sentence == back.sentence
    assert "against a truce. yes: rejects a truce. no: offers a truce" in back.asked


def test_all_that_holds_a_stance_is_drawn_and_the_same_seed_draws_the_same():
    examples = material().examples
    held = [e for e in examples if e.stance]
    chosen = drawn(examples, 1.0, seed=3)
    assert chosen[: len(held)] == held
    assert len(chosen) == 2 * len(held) - max(0, 2 * len(held) - len(examples))
    assert drawn(examples, 1.0, seed=3) == chosen
    assert drawn(examples, 1.0, seed=4) != chosen


def test_no_sentence_of_the_fold_left_out_is_trained_on():
    made = material()
    for fold in range(5):
        mix = real_mix(made, made.examples, fold, seed=1)
        sources = [made.sources[e.source] for e in mix]
        assert not any(s.real and s.fold == fold for s in sources)
        assert any(not s.real for s in sources)


def test_the_sieve_s_threshold_keeps_the_share_asked_for():
    made = material(400)
    low = low_for(made, 0.9)
    assert recall(made, lambda e: e.worth >= low, real=True) == pytest.approx(0.9, abs=0.02)


def test_positions_that_are_no_candidate_count_as_missed():
    made = material()
    real = [e for e in made.examples if made.sources[e.source].real][:10]
    logits = np.array([[4.0 if e.stance else -4.0, 1, 0, 0] for e in real], np.float32)
    for number, one in enumerate(real):
        if one.stance:
            logits[number, 1 + STANCES.index(one.stance)] = 2
    figures = report(made, real, logits)
    held = sum(e.stance is not None for e in real)
    gold = sum(len(s.row.positions) for s in made.sources if s.real)
    assert figures["positions"]["precision"] == 1
    assert figures["positions"]["recall"] == round(held / gold, 3)


def test_the_best_threshold_is_where_f1_is_highest():
    score = np.array([0.9, 0.8, 0.3, 0.2])
    assert best_threshold(score, np.array([True, True, False, True]), gold=3) == pytest.approx(0.2)
    assert best_threshold(score, np.array([True, True, False, False]), gold=2) == 0.8
