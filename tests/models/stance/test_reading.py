import numpy as np

from models.mentions import Mention
from models.stance.candidates import Candidate
from models.stance.reading import Glossed, marked, nearest, question
from models.subject import Subject

SIDES = np.eye(4, dtype=np.float32)


def asked(subject: Subject, *, named: bool = True, turned: bool = False) -> str:
    proposition = subject.propositions["sanctions"]
    known = Glossed(proposition, SIDES[0], SIDES[:3], SIDES[:2])
    candidate = Candidate(subject.parties[0], proposition, (Mention("norland", 0, 7),), named)
    return question("Norland ended it.", SIDES[2], candidate, known, turned=turned).asked


def test_the_places_of_the_holder_are_marked():
    places = (Mention("norland", 0, 3), Mention("norland", 15, 22))
    assert marked("Vik said that Norland agreed.", ()) == "Vik said that Norland agreed."
    assert marked("Vik said that  Norland agreed.", places) == (
        "<Vik> said that  <Norland> agreed."
    )


def test_the_question_names_holder_proposition_and_the_nearest_glosses(subject: Subject):
    assert asked(subject) == (
        "Norland: lifting the embargo. yes: ends the embargo; asks for relief."
        " no: imposes sanctions; extends the embargo"
    )


def test_turned_it_asks_about_the_contrary(subject: Subject):
    assert asked(subject, turned=True) == (
        "Norland: against lifting the embargo. yes: imposes sanctions; extends the embargo."
        " no: ends the embargo; asks for relief"
    )


def test_an_unnamed_holder_is_asked_about_as_such(subject: Subject):
    assert asked(subject, named=False).startswith("unnamed, Norland?: lifting")


def test_nearest_glosses_keep_the_order_of_the_dossier():
    vector = np.array([0.1, 0.9, 0, 0.8], dtype=np.float32)
    assert nearest(["a", "b", "c", "d"], SIDES, vector) == ["b", "d"]
    assert nearest(["d", "b", "c", "a"], SIDES[::-1].copy(), vector) == ["d", "c"]
    assert nearest(["only"], SIDES[:1], vector) == ["only"]
