import pytest

from models.novelty.quantities import quantities
from models.novelty.words import tokens


def found(text: str) -> list[tuple[str, float]]:
    return [(one.kind, round(one.value, 3)) for one in quantities(tokens(text))]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("six people were killed", "count", 6),
        ("a dozen ships", "count", 12),
        ("twenty-three soldiers", "count", 23),
        ("1,212 bodies", "count", 1212),
        ("two hundred trucks", "count", 200),
        ("a 30-day truce", "hours", 720),
        ("a truce of a month", "hours", 720),
        ("fuel for two more days", "hours", 48),
        ("half a billion dollars", "dollar", 5e8),
        ("$500 million", "dollar", 5e8),
        ("€1.5 bln", "euro", 1.5e9),
        ("€90bn", "euro", 9e10),
        ("£300m", "pound", 3e8),
        ("$500k", "dollar", 5e5),
        ("5 million roubles", "ruble", 5e6),
        ("2bn people", "count", 2e9),
        ("67.8 percent", "percent", 67.8),
        ("3 per cent", "percent", 3),
        ("0.5%", "percent", 0.5),
        ("one-fifth of exports", "count", 0.2),
        ("a quarter of the catch", "count", 0.25),
        ("the 18th package", "ordinal", 18),
        ("12 miles", "metres", 19308),
        ("by 0915 GMT", "clock", 555),
        ("at 8:30 p.m.", "clock", 1230),
        ("at 10:30", "clock", 630),
        ("at 10.30 a.m.", "clock", 630),
        ("at 22:00 UTC", "clock", 1320),
        ("at 8 a.m.", "clock", 480),
        ("by 8pm", "clock", 1200),
        ("at 12:15 p.m.", "clock", 735),
        ("at 12:15 a.m.", "clock", 15),
        ("at 1700 local time", "clock", 1020),
        ("at 10.30", "count", 10.3),
        ("on Tuesday", "weekday", 1),
        ("in 2014", "year", 2014),
        ("no casualties", "count", 0),
        ("one hundred and twenty drones", "count", 120),
        ("one hundred and twenty thousand people", "count", 120_000),
        ("two thousand five hundred men", "count", 2500),
        ("two hundred fifty trucks", "count", 250),
        ("a quarter of a million people", "count", 250_000),
        ("two and a half million people", "count", 2_500_000),
        ("an hour and a half", "hours", 1.5),
        ("two and a half hours", "hours", 2.5),
        ("a third round of talks", "ordinal", 3),
        ("a third of the catch", "count", 0.333),
        ("the nineteenth package", "ordinal", 19),
        ("the twentieth package", "ordinal", 20),
        ("the twenty-first package", "ordinal", 21),
        ("dozens of ships", "many", 24),
        ("tens of thousands of men", "many", 10_000),
        ("in July", "month", 6),
        ("by early May", "month", 4),
        ("on 2026-05-12", "date", 136),
        ("at noon", "clock", 720),
        ("at midnight", "clock", 0),
        ("no one was hurt", "count", 0),
        ("nobody was killed", "count", 0),
    ],
)
def test_value_is_in_the_unit_of_its_kind(text: str, kind: str, value: float) -> None:
    assert found(text) == [(kind, value)]


def test_date_is_the_same_in_both_orders() -> None:
    assert found("on 15 April") == found("on April 15") != found("on 16 April")


def test_day_of_a_month_is_the_same_date() -> None:
    assert found("on the 5th of May") == found("on May 5") == found("on 2026-05-05")


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("worth $5-6 billion", "dollar", [5e9, 6e9]),
        ("worth €5 to 6 billion", "euro", [5e9, 6e9]),
        ("20-30% of homes", "percent", [20, 30]),
        ("between 20 and 30 percent", "percent", [20, 30]),
        ("3,000 to 4,000 men", "count", [3000, 4000]),
    ],
)
def test_both_ends_of_a_range_have_its_unit(text: str, kind: str, values: list[float]) -> None:
    assert found(text) == [(kind, value) for value in values]


def test_number_that_follows_another_by_chance_is_no_range() -> None:
    assert found("In 2024, 12 percent left") == [("year", 2024), ("percent", 12)]
    assert found("5 ships and 12 percent of the oil") == [("count", 5), ("percent", 12)]


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("Six people were killed and nine wounded.", {6: "kill", 9: "wound"}),
        ("Six killed, 9 injured in Orsk", {6: "kill", 9: "wound"}),
        ("A raid killed at least nine people and wounded six.", {9: "kill", 6: "wound"}),
        ("Strike kills nine, injures six", {9: "kill", 6: "wound"}),
        ("Two missiles killed six people.", {2: None, 6: "kill"}),
        ("The general was killed and nine people were wounded.", {9: "wound"}),
        ("The general was killed, nine wounded.", {9: "wound"}),
        ("The death toll rose to nine, with six wounded.", {9: "kill", 6: "wound"}),
        ("One person was killed.", {1: "kill"}),
        ("Nobody was hurt.", {0: "wound"}),
        ("Nine ships left Orsk.", {9: None}),
    ],
)
def test_number_is_of_the_killed_or_of_the_wounded(text: str, harm: dict[int, str | None]) -> None:
    assert {int(one.value): one.harm for one in quantities(tokens(text))} == harm


def test_the_month_of_may_is_not_the_verb() -> None:
    assert found("He may 5 times") == [("count", 5)]


def test_day_of_a_statement_is_marked() -> None:
    said, met = quantities(tokens("He said on Monday that they would meet on Friday"))
    assert (said.reported, met.reported) == (True, False)


def test_day_and_time_that_follow_the_day_of_a_statement_are_marked() -> None:
    said = quantities(tokens("He said on Monday, 4 May at 10:30 that they would meet at 11:00"))
    assert [one.reported for one in said] == [True, True, True, False]


def test_words_are_no_numbers() -> None:
    assert found("The talks will second-guess an agreement in a hotel") == [("ordinal", 2)]
    assert found("A delegation came to the table") == []
    assert found("One of the ships left, nobody knows why, and no one asked") == []
    assert found("May said she scores well") == []
