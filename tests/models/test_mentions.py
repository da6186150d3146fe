"""Which parties a text names."""

from dataclasses import replace

import pytest

from models.mentions import mentions
from models.subject import Party, Subject

SUBJECT = Subject(
    "strait",
    (
        Party("velin", "Velin", ("President Orsk", "Orsk", "V.N.", "People's Army")),
        Party("tarsk", "Tarsk", ("Tarsk City", "US", "Sailors’ Council")),
    ),
    {},
)


def named(text: str) -> list[tuple[str, str]]:
    return [(one.party, text[one.start : one.end]) for one in mentions(SUBJECT, text)]


def test_mentions_come_in_order_of_place() -> None:
    assert named("Tarsk and Velin, then Tarsk") == [
        ("tarsk", "Tarsk"),
        ("velin", "Velin"),
        ("tarsk", "Tarsk"),
    ]


def test_longest_alias_wins() -> None:
    assert named("President Orsk left Tarsk City") == [
        ("velin", "President Orsk"),
        ("tarsk", "Tarsk City"),
    ]


def test_alias_is_matched_as_written() -> None:
    assert named("The US told us nothing") == [("tarsk", "US")]


def test_only_whole_words_name_a_party() -> None:
    assert named("Velinda saw BUS lines and subVelin") == []


def test_possessive_and_punctuation_may_follow() -> None:
    assert named("Velin’s and Orsk's; “Tarsk”, V.N.") == [
        ("velin", "Velin"),
        ("velin", "Orsk"),
        ("tarsk", "Tarsk"),
        ("velin", "V.N."),
    ]


@pytest.mark.parametrize("gap", ["\n", "  ", "\u00a0", "\n    "])
def test_alias_may_be_wrapped_over_lines_and_spaces(gap: str) -> None:
    assert named(f"with President{gap}Orsk today") == [("velin", f"President{gap}Orsk")]


@pytest.mark.parametrize("mark", ["'", "’"])
def test_straight_and_curly_apostrophes_are_one(mark: str) -> None:
    assert named(f"the People{mark}s Army, the Sailors{mark} Council") == [
        ("velin", f"People{mark}s Army"),
        ("tarsk", f"Sailors{mark} Council"),
    ]


def test_names_that_hold_a_party_and_are_somebody_else_name_none() -> None:
    world = replace(SUBJECT, parties=(*SUBJECT.parties, Party("us", "Washington", ("U.N.", "UN"))))
    text = "Velin’s U.N. envoy told the Washington Post"
    assert [one.party for one in mentions(world, text)] == ["velin"]
    assert [one.party for one in mentions(world, "The U.N. envoy left Washington")] == ["us", "us"]


def test_a_subject_says_whom_else_its_names_look_like() -> None:
    other = replace(SUBJECT, nobody=("Orsk  Valley Bank",))
    assert [one.party for one in mentions(other, "Orsk and the Orsk Valley Bank")] == ["velin"]


def test_a_party_may_bear_a_name_that_is_nobody_elsewhere() -> None:
    paper = Subject("press", (Party("post", "Washington Post", ()),), {})
    assert [one.party for one in mentions(paper, "The Washington Post agreed")] == ["post"]


def test_headlines_in_capitals_name_parties_but_for_common_words() -> None:
    assert named("ORSK REJECTS TRUCE WITH TARSK CITY") == [
        ("velin", "ORSK"),
        ("tarsk", "TARSK CITY"),
    ]
    bank = replace(SUBJECT, nobody=("Orsk Valley Bank",))
    assert mentions(bank, "ORSK VALLEY BANK FAILS") == []
    short = Subject("short", (Party("who", "Who", ()),), {})
    assert mentions(short, "WHO REJECTS THE TRUCE?") == []


def test_text_without_a_party_names_none() -> None:
    assert named("") == named("\ud800 nobody") == []
