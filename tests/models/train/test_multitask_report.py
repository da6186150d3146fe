"""What a report says of answers made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from models.multitask.form import form
from models.taxonomy import OUTLOOKS, STANCES, TOPICS
from models.train.corpus import Corpus
from models.train.multitask_examples import Answers, Example, HolderPlaces, Material
from models.train.multitask_report import by_part, report, scores
from models.train.rows import Row

SURE = 6.0


def example(
    number: int, dossier: str = "gaza", source: str = "articles", words: int = 5
) -> Example:
    """Every second sentence reports that Norland supports a truce."""
    held = number % 2 == 0
    row = Row(
        id=f"{source}:a{number}:0:b",
        dossier=dossier,
        text=" ".join(["word"] * words),
        topics=frozenset({"ceasefire"} if held else ()),
        outlook="progress" if held else "neutral",
        claim=held,
        positions={("norland", "ceasefire"): "supports"} if held else {},
    )
    holder = HolderPlaces("norland", (1,), 0, True)
    return Example(row, (1, 2), form(row.text), (holder,), (0,), *np.array([[[int(held)]], [[0]]]))


def right(examples: list[Example]) -> Answers:
    """Answers that are sure and right."""
    sentence = np.full((len(examples), len(TOPICS) + len(OUTLOOKS) + 1), -SURE, np.float32)
    stances = []
    for at, one in enumerate(examples):
        held = bool(one.row.topics)
        sentence[at, TOPICS.index("ceasefire")] = SURE if held else -SURE
        sentence[at, len(TOPICS) + OUTLOOKS.index(one.row.outlook)] = SURE  # type: ignore[arg-type]
        sentence[at, -1] = SURE if held else -SURE
        chances = np.full((1, 1, 1 + len(STANCES)), 0.01, np.float32)
        chances[0, 0, 1 if held else 0] = 0.97
        stances.append(chances)
    return Answers(sentence, tuple(stances), tuple(stances))


def material(examples: list[Example]) -> Material:
    vectors = np.zeros((1, 768), np.float32)
    names = np.zeros((1, 384), np.float32)
    return Material(tuple(examples), vectors, np.array([0]), names, (), ())


def corpus(examples: list[Example], others: int) -> Corpus:
    real = len(examples) - others
    return Corpus(
        tuple(one.row for one in examples),
        tuple(f"article {n // 2}" for n in range(len(examples))),
        tuple(["real"] * real + ["other"] * others),
    )


def test_right_answers_score_one_and_other_matters_stay_without_topics():
    examples = [example(n) for n in range(8)] + [example(1), example(3)]
    found = report(material(examples), corpus(examples, 2), range(10), right(examples))
    assert {name: one["f1"] for name, one in found["scores"].items()} == {
        "topics": 1.0,
        "outlook": 1.0,
        "claim": 1.0,
        "positions": 1.0,
    }
    assert found["other with a topic"] == 0.0
    assert sum(tenth["n"] for tenth in found["reliability"]["claim"]) == 8


def test_sentences_on_other_matters_that_get_a_topic_are_counted():
    examples = [example(n) for n in range(8)] + [example(0), example(1)]
    found = report(material(examples), corpus(examples, 2), range(10), right(examples))
    assert found["other with a topic"] == 0.5


def test_each_half_of_the_articles_is_judged_by_thresholds_of_the_other():
    """A threshold of claims of .15 would find all of one half, one of .85 all of the other."""
    examples = [example(n) for n in range(40)]
    articles = tuple(f"article {n // 2}" for n in range(40))
    rows = replace(corpus(examples, 0), groups=articles)
    first = np.flatnonzero(rows.first_half())
    said = right(examples)
    for at, one in enumerate(examples):
        chance = (0.2 if one.row.claim else 0.1) + (0.7 if at in first else 0.0)
        said.sentence[at, -1] = np.log(chance / (1 - chance))
    found = report(material(examples), rows, range(40), said)["scores"]["claim"]["classes"]["claim"]
    assert found["recall"] == pytest.approx(len(first) / 40)
    assert found["precision"] == pytest.approx(0.5)


def test_a_wrong_side_costs_the_position_and_nothing_else():
    examples = [example(n) for n in range(4)]
    rows = [
        {
            "topics": sorted(one.row.topics),
            "outlook": one.row.outlook,
            "claim": one.row.claim,
            "positions": [
                {"party": party, "topic": topic, "stance": "opposes"}
                for party, topic in one.row.positions
            ],
        }
        for one in examples
    ]
    found = scores(examples, rows, ["a", "a", "b", "b"])
    assert found["topics"]["f1"] == found["claim"]["f1"] == 1.0
    assert found["positions"]["f1"] == 0.0


@pytest.mark.parametrize(
    ("part", "count"),
    [
        ("gaza", 4),
        ("iran", 2),
        ("articles", 3),
        ("leads", 3),
        ("words: to 20", 5),
        ("words: 36-", 1),
    ],
)
def test_scores_are_told_by_dossier_source_and_length(part: str, count: int):
    examples = [
        *(example(n) for n in range(3)),
        example(3, source="leads", words=40),
        *(example(n, "iran", "leads") for n in range(4, 6)),
    ]
    rows = [{"topics": [], "outlook": "neutral", "claim": False, "positions": []}] * 6
    assert by_part(examples, rows, ["a"] * 6)[part]["rows"] == count
