"""What the multitask net is given to learn from, without teaching it."""

from pathlib import Path

import numpy as np
import pytest

from models.encoder import shared_encoder
from models.errors import DataError
from models.multitask.form import form
from models.subject import Party, Proposition, Subject
from models.train.multitask_examples import Answers, Material, gather
from models.train.rows import Row

NORLAND = Party("norland", "Norland", ("Vik",))
SURIA = Party("suria", "Suria", ("Tamar",))
TRUCE = Proposition("ceasefire", "a truce", ("offers a truce",), ("rejects a truce",))
EMBARGO = Proposition("sanctions", "lifting the embargo")
TALKS = Proposition("talks_process", "holding talks now")
SUBJECTS = {
    "north": Subject(
        "north",
        (NORLAND, SURIA),
        {"sanctions": EMBARGO, "ceasefire": TRUCE},
        {("norland", "sanctions"): "opposes", ("suria", "ceasefire"): "supports"},
    ),
    "south": Subject("south", (SURIA,), {"talks_process": TALKS}),
}
ROWS = [
    Row(
        "a",
        "north",
        "Suria rejected the truce that Vik had offered.",
        frozenset({"ceasefire"}),
        "setback",
        True,
        {
            ("norland", "ceasefire"): "supports",
            ("suria", "ceasefire"): "opposes",
            ("un", "ceasefire"): "supports",  # not a party of the subject
        },
    ),
    Row(
        "b",
        "south",
        "Tamar will talk if the guns fall silent.",
        frozenset(),
        "neutral",
        False,
        {("suria", "talks_process"): "conditional"},
    ),
]


@pytest.fixture(scope="module")
def material() -> Material:
    return gather(ROWS, SUBJECTS, shared_encoder())


def test_stances_stand_by_holder_and_proposition(material: Material):
    one, other = material.examples
    assert [h.party for h in one.holders] == ["norland", "suria"]
    # none, supports, opposes, conditional; the subject's propositions by topic
    assert one.stances.tolist() == [[1, 0], [2, 0]]
    assert other.stances.tolist() == [[3]]
    assert one.known.tolist() == [[0, 2], [1, 0]]
    assert other.known.tolist() == [[0]]


def test_propositions_and_names_are_those_that_the_examples_point_to(material: Material):
    encode = shared_encoder().encode
    one, other = material.examples
    asked = [material.topics[list(example.asked)].tolist() for example in (one, other)]
    assert asked == [[0, 7], [12]]  # of the taxonomy
    names = [material.names[holder.name] for holder in (*one.holders, *other.holders)]
    np.testing.assert_allclose(names, encode(["Norland", "Suria", "Suria"]), atol=1e-5)
    truce = material.propositions[one.asked[0]]
    lean = encode(["offers a truce"])[0] - encode(["rejects a truce"])[0]
    np.testing.assert_allclose(truce, [*encode(["a truce"])[0], *lean], atol=1e-5)
    assert not material.propositions[one.asked[1]][384:].any()  # it has no glosses


def test_their_words_are_at_hand_too(material: Material):
    one = material.examples[0]
    assert [material.wordings[p] for p in one.asked] == [TRUCE, EMBARGO]
    assert [material.called[h.name] for h in one.holders] == ["Norland", "Suria"]


def test_a_holder_is_where_its_party_is_named(material: Material):
    norland, suria = material.examples[0].holders
    assert suria.tokens[0] == 1  # after [CLS]
    assert min(norland.tokens) > max(suria.tokens)
    assert norland.named
    assert suria.named


def test_an_example_has_the_form_and_the_tokens_of_its_sentence(material: Material):
    example = material.examples[1]
    np.testing.assert_array_equal(example.form, form(ROWS[1].text))
    assert (example.ids[0], example.ids[-1]) == (101, 102)


def test_a_row_of_an_unknown_dossier_is_an_error():
    with pytest.raises(DataError, match="no north"):
        gather([ROWS[0]], {"south": SUBJECTS["south"]}, shared_encoder())


def test_answers_can_be_taken_in_another_order():
    first, second = (
        tuple(np.full((1, 1, 4), n, np.float32) for n in range(start, start + 3))
        for start in (0, 10)
    )
    said = Answers(np.arange(6, dtype=np.float32).reshape(3, 2), first, second).of([2, 0])
    assert said.sentence.tolist() == [[4, 5], [0, 1]]
    assert [int(one[0, 0, 0]) for one in said.first] == [2, 0]
    assert [int(one[0, 0, 0]) for one in said.second] == [12, 10]


def test_answers_come_back_from_their_file(material: Material, tmp_path: Path):
    draw = np.random.default_rng(7)
    first, second = (
        tuple(draw.random((*one.stances.shape, 4), np.float32) for one in material.examples)
        for _ in range(2)
    )
    second[0][0, 1] = np.nan  # was not asked
    said = Answers(np.ones((2, 19), np.float32), first, second)
    said.write(tmp_path / "answers.npz")
    again = Answers.load(tmp_path / "answers.npz", material.examples)
    for one, other in zip((*first, *second), (*again.first, *again.second), strict=True):
        np.testing.assert_array_equal(one, other)
