"""How a question about a party and a proposition reads."""

from models.multitask.questions import question, turned
from models.subject import Proposition

TRUCE = Proposition(
    "ceasefire",
    "a truce",
    ("offers a truce", "stops firing", "calls for calm"),
    ("rejects a truce", "fires on", "calls it a trap"),
)


def test_a_question_names_the_party_the_proposition_and_glosses_of_both_sides():
    assert question("Norland", TRUCE) == (
        "Norland supports a truce: offers a truce, stops firing; not: rejects a truce, fires on"
    )


def test_turned_round_it_asks_for_the_other_side():
    assert question("Norland", TRUCE, opposed=True) == (
        "Norland opposes a truce: rejects a truce, fires on; not: offers a truce, stops firing"
    )
    assert [turned(stance) for stance in range(4)] == [0, 2, 1, 3]


def test_without_glosses_the_proposition_stands_alone():
    bare = Proposition("sanctions", "lifting the embargo")
    assert question("Suria", bare) == "Suria supports lifting the embargo"
    one_sided = Proposition("sanctions", "lifting the embargo", opposes_when=("tightens it",))
    assert question("Suria", one_sided) == "Suria supports lifting the embargo; not: tightens it"
